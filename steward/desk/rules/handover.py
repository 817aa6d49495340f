"""What becomes of a ticket at the end of a shift unless somebody chooses otherwise, and which cannot be left without a note."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.desk.rules.states import WAITING, Priority

KEPT, PASSED, PARKED = "kept", "passed", "parked"
# Without a later shift nobody knows when one is back: what falls due within a day is somebody else's.
UNPLANNED = timedelta(hours=24)
# A handover is read by whoever comes within a day.
READ_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Left:
    """A ticket somebody has in hand when their shift ends."""

    priority: int
    state: str
    due_at: datetime | None = None
    asleep: bool = False


def default_choice(ticket: Left, *, next_shift_at: datetime | None, at: datetime) -> str:
    """Choose what is likely right: what cannot wait for the next shift is passed on, what waits for others is parked until then.

    A ticket that sleeps already goes on sleeping; the rest is kept.
    """
    if ticket.asleep:
        return PARKED
    back_at = next_shift_at or at + UNPLANNED
    if ticket.priority == Priority.URGENT or (ticket.due_at is not None and ticket.due_at < back_at):
        return PASSED
    if ticket.state in WAITING:
        return PARKED if next_shift_at is not None else KEPT
    return KEPT


def needs_note(ticket: Left) -> bool:
    """Tell whether a ticket cannot be left without saying where it stands."""
    return ticket.priority == Priority.URGENT
