"""Whether the agent is on shift, and until or from when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.roster.queries import duty_now_or_next

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
    duty = duty_now_or_next(actor.user_id, at, until=at + LOOKS_AHEAD)
    if duty is None:
        return OnShift()
    starts_at, ends_at = duty
    return OnShift(until=ends_at) if starts_at <= at else OnShift(next_at=starts_at)
