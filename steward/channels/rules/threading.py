"""Where a letter belongs, by what it claims and who wrote it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What becomes of a letter: more on a ticket, a new one, a new one that tells of the one it claimed, a note, or nothing."""

    GO_ON = "go_on"
    OPEN = "open"
    OPEN_APART = "open_apart"
    NOTE = "note"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Seat:
    """What becomes of a letter, and the ticket it is about where there is one."""

    step: Step
    ticket: int | None = None


def seat_of(*, signed: int | None, known: int | None, belongs: Callable[[int], bool], automatic: bool) -> Seat:
    """Say where a letter belongs.

    `signed` is the ticket of an address or id only this desk can have made, `known` that of the nearest letter it answers
    which was taken in before. Whoever does not belong to that ticket is not put on it, whatever they know of it; what no
    person wrote opens nothing and goes on nothing, and is at most noted.
    """
    claimed = signed if signed is not None else known
    if claimed is None:
        return Seat(Step.IGNORE) if automatic else Seat(Step.OPEN)
    if belongs(claimed):
        return Seat(Step.NOTE if automatic else Step.GO_ON, claimed)
    return Seat(Step.IGNORE) if automatic else Seat(Step.OPEN_APART, claimed)
