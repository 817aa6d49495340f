"""A whole and its parts: what solving the one asks of the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from steward.desk.rules.states import ENDED, WORKING, State


class Closing(StrEnum):
    """What solving the whole and its part have to do with each other."""

    WAITS = "waits"
    FOLLOWS = "follows"
    FREE = "free"


@dataclass(frozen=True)
class PartOf:
    """A part as the rule looks at it."""

    id: int
    state: State
    closing: Closing


def hold_back(parts: Iterable[PartOf], *, new: State) -> list[int]:
    """Give the parts that keep their whole from being solved or closed."""
    if new not in ENDED:
        return []
    return [part.id for part in parts if part.closing == Closing.WAITS and part.state in WORKING]


def solved_along(parts: Iterable[PartOf]) -> list[int]:
    """Give the parts that are solved because their whole is."""
    return [part.id for part in parts if part.closing == Closing.FOLLOWS and part.state in WORKING]
