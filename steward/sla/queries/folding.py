"""A clock as its events tell it: what the row must be, if the ledger is the truth about the past."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from steward.sla import facts
from steward.sla.rules.kinds import ClockState

FOLDED_FROM: tuple[type[facts.ClockFact], ...] = (
    facts.ClockStarted,
    facts.ClockPaused,
    facts.ClockResumed,
    facts.ClockRetargeted,
    facts.ClockMet,
    facts.ClockMissed,
    facts.ClockWarned,
    facts.ClockBreached,
    facts.ClockCancelled,
)


@dataclass(frozen=True)
class Folded:
    """A clock's present, reckoned from nothing but its events."""

    state: str = ""
    policy_version_id: int | None = None
    calendar_version_id: int | None = None
    target_seconds: int = 0
    warned: bool = False
    breaches: tuple[datetime, ...] = ()


def fold(told: Iterable[facts.ClockFact]) -> Folded:
    """Play the events of one clock in order."""
    clock = Folded()
    for fact in told:
        clock = _next(clock, fact)
    return clock


def differences(told: Folded, found: Folded) -> list[str]:
    """Name each field in which the row is not what the events tell."""
    return [
        f"{field.name} is {getattr(found, field.name)}, the ledger says {getattr(told, field.name)}"
        for field in fields(Folded)
        if getattr(told, field.name) != getattr(found, field.name)
    ]


def _next(clock: Folded, fact: facts.ClockFact) -> Folded:
    match fact:
        case facts.ClockStarted():
            return Folded(
                state=ClockState.RUNNING,
                policy_version_id=fact.policy_version_id,
                calendar_version_id=fact.calendar_version_id,
                target_seconds=fact.target_seconds,
            )
        case facts.ClockRetargeted():
            return replace(
                clock,
                policy_version_id=fact.new_policy_version_id,
                calendar_version_id=fact.new_calendar_version_id,
                target_seconds=fact.new_target_seconds,
                warned=False,
            )
        case facts.ClockWarned():
            return replace(clock, warned=True)
        case facts.ClockBreached():
            return replace(clock, breaches=(*clock.breaches, fact.due_at))
    return replace(clock, state=_STATES[type(fact)])


_STATES: dict[type[facts.ClockFact], ClockState] = {
    facts.ClockPaused: ClockState.PAUSED,
    facts.ClockResumed: ClockState.RUNNING,
    facts.ClockMet: ClockState.MET,
    facts.ClockMissed: ClockState.MISSED,
    facts.ClockCancelled: ClockState.CANCELLED,
}
