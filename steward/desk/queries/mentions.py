"""Who can be named in a note on a ticket: people and teams that see it, and nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass

from steward.core.rows import rows
from steward.desk.models import Mention, Message, Queue
from steward.desk.queries.access import people_in_sight


@dataclass(frozen=True)
class Nameable:
    """Somebody, or a team with the members that see the ticket."""

    name: str
    user_ids: tuple[int, ...]
    team_id: int | None = None


_TEAMS = """
SELECT t.id, t.name, array_agg(m.user_id ORDER BY m.user_id)
  FROM people_team t JOIN people_membership m ON m.team_id = t.id
 WHERE t.is_active AND m.user_id = ANY(%s) GROUP BY t.id, t.name ORDER BY lower(t.name), t.id
"""


def nameable(queue: Queue) -> list[Nameable]:
    """Give who can be named on a ticket of a queue: people first, by name, then teams; in two queries."""
    people = people_in_sight(queue)
    teams = rows(_TEAMS, [[pk for pk, _name in people]]) if people else []
    return [
        *(Nameable(name, (pk,)) for pk, name in people),
        *(Nameable(name, tuple(members), team_id) for team_id, name, members in teams),
    ]


def mentions_of(messages: Iterable[Message]) -> dict[int, list[str]]:
    """Give whom each note among these messages names, for marking the names; without a query where none can."""
    wanted = [message.pk for message in messages if message.kind == Message.Kind.NOTE and "@" in message.body]
    found: dict[int, list[str]] = {}
    if not wanted:
        return found
    mentions = Mention.objects.filter(message_id__in=wanted).select_related("user", "team").order_by("id")
    for mention in mentions:
        who = mention.user or mention.team
        found.setdefault(mention.message_id, []).append(who.name if who else "")
    return found
