"""Who gets a ticket when the desk hands one out, and why somebody is given the one they are given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

HIGH = 2


@dataclass(frozen=True)
class Candidate:
    """An agent who may be given a ticket: load and capacity, seconds of idleness, and whether they answer in its language."""

    user_id: int
    load: float
    idle_for: float
    capacity: float | None = None
    speaks: bool = True


@dataclass(frozen=True)
class Picked:
    """Whom the rule chose, and by what."""

    user_id: int
    because: tuple[str, ...]


def pick(candidates: list[Candidate], *, default_capacity: float) -> Picked | None:
    """Choose among those with room: who speaks the language first, then who has least in hand, then who is idle longest.

    None says that nobody has room: the ticket stays queued, in sight.
    """
    free = [one for one in candidates if one.load < (one.capacity or default_capacity)]
    if not free:
        return None
    chosen = min(free, key=lambda one: (not one.speaks, one.load, -one.idle_for, one.user_id))
    language = chosen.speaks and any(not one.speaks for one in free)
    equals = sum(one.load == chosen.load and one.speaks == chosen.speaks for one in free) > 1
    return Picked(chosen.user_id, ("language",) * language + (("idle_longest",) if equals else ("least_loaded",)))


@dataclass(frozen=True)
class Next:
    """The ticket that goes next for an agent, with what put it first."""

    ticket_id: int
    is_own: bool
    in_language: bool
    due_at: datetime | None
    priority: int

    @property
    def because(self) -> tuple[str, ...]:
        """Name what put it first, in the order of the rule: the queue, the language, then promise, priority or wait."""
        return tuple(self._because())

    def _because(self) -> Iterator[str]:
        yield "own_queue" if self.is_own else "other_queue"
        if self.in_language:
            yield "language"
        if self.due_at is not None:
            yield "earliest_promise"
        else:
            yield "priority" if self.priority <= HIGH else "longest_wait"
