"""Who gets the next ticket when the desk hands one out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """An agent who may be given a ticket: open tickets in hand, and how long ago the last one was given (seconds)."""

    user_id: int
    open_tickets: int
    idle_for: float


def pick(candidates: list[Candidate], *, capacity: Mapping[int, int], default_capacity: int) -> int | None:
    """Choose the agent with the fewest open tickets below capacity; of equals, the one idle longest.

    None says that nobody has room: the ticket stays queued, in sight.
    """
    free = [c for c in candidates if c.open_tickets < capacity.get(c.user_id, default_capacity)]
    if not free:
        return None
    return min(free, key=lambda c: (c.open_tickets, -c.idle_for, c.user_id)).user_id
