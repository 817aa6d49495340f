"""When the events up to an id are final, so that a subscriber may pass them for good."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fence:
    """A promise in the making: every event with an id up to `last_id` was drawn by a transaction older than `xid`.

    Taken by reading the sequence first and the transaction id second; the other order loses events.
    """

    last_id: int
    xid: int


def is_final(fence: Fence, oldest_running_xid: int) -> bool:
    """Tell whether every transaction that may still add an event at or below the fence has ended."""
    return oldest_running_xid >= fence.xid


# Class 40: deadlock or serialization; 53: out of connections or memory; 55: a lock that was not to be had in time.
_PASSING = ("40", "53", "55")


def is_passing(sqlstate: str) -> bool:
    """Tell whether a database error passes by itself, so that the same event may simply be tried again."""
    return sqlstate.startswith(_PASSING)
