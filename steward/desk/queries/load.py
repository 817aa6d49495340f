"""How much agents have in hand, and how much they take: reckoned from the rows, a few statements for any number of agents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from steward.core.rows import rows
from steward.desk.rules.load import InHand, Weights, load_of

# Somebody with more than that in hand is beyond any capacity; the rest is not looked at.
MOST_COUNTED = 1_000
_IN_HAND = """
SELECT u.id, t.priority, t.category_id, t.channel, t.state, t.asleep, count(*)
  FROM unnest(%s::bigint[]) AS u (id)
 CROSS JOIN LATERAL (
    SELECT priority, category_id, channel, state, snoozing = 'asleep' AS asleep FROM desk_ticket
     WHERE assignee_id = u.id AND state IN ('new', 'open', 'pending', 'on_hold')
     ORDER BY coalesce(due_at, '9999-12-31T00:00:00Z'::timestamptz), id LIMIT %s) t
 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1
"""
# A category without a weight of its own weighs as the nearest above that has one.
_WEIGHTS = """
WITH RECURSIVE weighed AS (
    SELECT id, weight FROM desk_category WHERE weight IS NOT NULL
    UNION ALL
    SELECT c.id, w.weight FROM desk_category c JOIN weighed w ON c.parent_id = w.id WHERE c.weight IS NULL
)
SELECT 'category', id::text, weight FROM weighed UNION ALL SELECT kind, key, percent FROM desk_weight
"""
_SETTINGS = "SELECT user_id, capacity, languages FROM desk_agentsetting WHERE user_id = ANY(%s)"


@dataclass(frozen=True)
class Takes:
    """What an agent takes at once (None: as each queue says) and the languages they answer in (none: any)."""

    capacity: int | None = None
    languages: tuple[str, ...] = field(default=())

    def speaks(self, language: str) -> bool:
        """Tell whether a ticket in this language is for them; one of no language is for everybody."""
        return not self.languages or not language or base_of(language) in self.languages


def base_of(language: str) -> str:
    """Give a language without its script and region, such as zh for zh-hans."""
    return language.lower().replace("_", "-").partition("-")[0]


def weights() -> Weights:
    """Read what this desk weighs by, in one query."""
    found: dict[str, dict[str, int]] = {"priority": {}, "channel": {}, "state": {}, "category": {}}
    for kind, key, percent in rows(_WEIGHTS):
        found[kind][key] = percent
    return Weights(
        priorities={int(key): percent for key, percent in found["priority"].items()},
        channels=found["channel"],
        states=found["state"],
        categories={int(key): percent for key, percent in found["category"].items()},
    )


def loads(user_ids: Iterable[int], *, by: Weights | None = None) -> dict[int, float]:
    """Give how much each of these users has in hand, 1.0 being an ordinary open ticket; two queries however many they are."""
    wanted = list(user_ids)
    found = rows(_IN_HAND, [wanted, MOST_COUNTED])
    by = by or weights()
    loaded = {
        user_id: load_of((InHand(*row[1:]) for row in group), by) for user_id, group in groupby(found, key=lambda row: row[0])
    }
    return {user_id: loaded.get(user_id, 0.0) for user_id in wanted}


def takes(user_ids: Iterable[int]) -> dict[int, Takes]:
    """Give what each of these users takes, in one query."""
    wanted = list(user_ids)
    found = {user_id: Takes(capacity, tuple(languages)) for user_id, capacity, languages in rows(_SETTINGS, [wanted])}
    return {user_id: found.get(user_id, Takes()) for user_id in wanted}
