"""The six states every status belongs to, and which move is allowed from where."""

from enum import IntEnum, StrEnum


class State(StrEnum):
    """What a ticket is waiting for, whatever its status is called on this desk."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


class Priority(IntEnum):
    """Urgency from impact; the lower number goes first."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4


class Outcome(StrEnum):
    """How a closed ticket ended: by the requester's word, without it, otherwise (spam), or by going on in another ticket."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    OTHER = "other"
    MERGED = "merged"


class Purpose(StrEnum):
    """Whose hands a queue's tickets are in."""

    SUPPORT = "support"
    LEAD = "lead"
    ENGINEERING = "engineering"


WORKING = frozenset({State.NEW, State.OPEN, State.PENDING, State.ON_HOLD})
WAITING = frozenset({State.PENDING, State.ON_HOLD})
ENDED = frozenset({State.SOLVED, State.CLOSED})

_MOVES: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.OPEN, State.PENDING, State.ON_HOLD, State.SOLVED, State.CLOSED}),
    State.OPEN: frozenset({State.PENDING, State.ON_HOLD, State.SOLVED, State.CLOSED}),
    State.PENDING: frozenset({State.OPEN, State.ON_HOLD, State.SOLVED, State.CLOSED}),
    State.ON_HOLD: frozenset({State.OPEN, State.PENDING, State.SOLVED, State.CLOSED}),
    State.SOLVED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN}),
}


def may_move(old: State, new: State) -> bool:
    """Tell whether a ticket may go from one state to another; staying is always allowed."""
    return old == new or new in _MOVES[old]


def moves_from(state: State) -> frozenset[State]:
    """Give the states a ticket may go to from this one."""
    return _MOVES[state]
