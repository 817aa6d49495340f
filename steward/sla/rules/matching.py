"""Which policy a ticket falls under: the first in order of which every condition holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CONDITIONS = ("queue_ids", "priorities", "category_ids", "channels", "markets", "teams")


@dataclass(frozen=True)
class Subject:
    """What a policy looks at: the ticket, and the requester's market and team on the platform they work on.

    `category_ids` holds the ticket's category and every one above it, so that a policy for a branch covers its leaves.
    """

    queue_id: int
    priority: int
    category_ids: frozenset[int] = frozenset()
    channel: str = ""
    market: str = ""
    team: str = ""


def matches(conditions: Mapping[str, Sequence[Any]], subject: Subject) -> bool:
    """Tell whether every condition holds; one that is absent or empty holds for all."""
    return (
        _holds(conditions.get("queue_ids"), subject.queue_id)
        and _holds(conditions.get("priorities"), subject.priority)
        and _any_holds(conditions.get("category_ids"), subject.category_ids)
        and _holds(conditions.get("channels"), subject.channel)
        and _folded(conditions.get("markets"), subject.market)
        and _folded(conditions.get("teams"), subject.team)
    )


def target_of(targets: Mapping[str, Mapping[str, int]], kind: str, priority: int) -> int | None:
    """Give the promised seconds for a kind of clock at a priority; None when nothing is promised."""
    return targets.get(kind, {}).get(str(priority))


def _holds(wanted: Sequence[Any] | None, value: object) -> bool:
    return not wanted or value in wanted


def _any_holds(wanted: Sequence[int] | None, values: frozenset[int]) -> bool:
    return not wanted or not values.isdisjoint(wanted)


def _folded(wanted: Sequence[str] | None, value: str) -> bool:
    return not wanted or value.casefold() in {word.casefold() for word in wanted}
