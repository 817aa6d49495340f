"""Which ticket may be joined into which, and for how long anybody may take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from steward.desk.rules.states import ENDED, WAITING, State

# Within a day everybody who works the tickets may take a merge back; later it is for leads.
UNDO_FOR = timedelta(days=1)


class Refusal(StrEnum):
    """Why two tickets are not merged."""

    SAME = "same"
    SOURCE_MERGED = "source_merged"
    TARGET_MERGED = "target_merged"
    SOURCE_CLOSED = "source_closed"
    TARGET_CLOSED = "target_closed"
    TARGET_SOLVED = "target_solved"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Side:
    """What the rule looks at of either ticket."""

    id: int
    state: State
    queue_id: int
    is_restricted: bool
    is_merged: bool


def refusal(source: Side, target: Side) -> Refusal | None:  # noqa: PLR0911 -- one line a reason
    """Say why a ticket is not joined into another, or None when it may be.

    A requester who waits must not vanish into what is over, and nothing restricted may come before other eyes.
    """
    if source.id == target.id:
        return Refusal.SAME
    if source.is_merged:
        return Refusal.SOURCE_MERGED
    if target.is_merged:
        return Refusal.TARGET_MERGED
    if source.state == State.CLOSED:
        return Refusal.SOURCE_CLOSED
    if target.state == State.CLOSED:
        return Refusal.TARGET_CLOSED
    if target.state in ENDED and source.state not in ENDED:
        return Refusal.TARGET_SOLVED
    if source.is_restricted and source.queue_id != target.queue_id:
        return Refusal.RESTRICTED
    return None


def opens_target(source: State, target: State) -> bool:
    """Tell whether a target that waits is worked again, because the joined ticket waits for us."""
    return source in {State.NEW, State.OPEN} and target in WAITING


def comes_back_as(old: State, *, wrote_since: bool, has_owner: bool = False) -> State:
    """Say in which state a ticket comes back: as it was, unless its requester has written or it was given to somebody."""
    is_given = old == State.NEW and has_owner
    return State.OPEN if is_given or (wrote_since and old in WAITING | ENDED) else old


def may_undo(*, merged_at: datetime, at: datetime, is_lead: bool) -> bool:
    """Tell whether somebody who works both tickets may still take a merge back."""
    return is_lead or at - merged_at <= UNDO_FOR
