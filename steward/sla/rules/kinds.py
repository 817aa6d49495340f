"""The words of the clocks."""

from enum import StrEnum


class ClockKind(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    """What a clock is doing, or how it ended."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


ACTIVE = frozenset({ClockState.RUNNING, ClockState.PAUSED})

# Why a clock stands still or has stopped, beside the reasons a ticket waits for.
SOLVED = "solved"
CLOSED = "closed"
REPLIED = "replied"
REQUESTER = "requester"
NO_PROMISE = "no_promise"
