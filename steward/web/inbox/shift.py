"""Whether the agent is on shift, and until or from when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.roster.models import ShiftKind
from steward.roster.queries import shifts_between

LOOKS_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class OnShift:
    """The shift an agent is on now, or the next one planned; neither when nothing is planned."""

    until: datetime | None = None
    next_at: datetime | None = None


def shift_state(actor: Actor, at: datetime) -> OnShift | None:
    """Say how an agent stands to their shifts, in one query; None for people who take no tickets."""
    if not actor.can(Capability.WORK_TICKETS) or actor.user_id is None:
        return None
    duty = [shift for shift in shifts_between(at, at + LOOKS_AHEAD, user_id=actor.user_id) if shift.kind == ShiftKind.DUTY]
    if not duty:
        return OnShift()
    first = duty[0]
    return OnShift(until=first.ends_at) if first.starts_at <= at else OnShift(next_at=first.starts_at)
