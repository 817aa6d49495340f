"""What a clock of each kind should be doing, given a ticket's story.

* first response: from the opening until the first reply a person sent; solving does not meet it, an automatic message
  neither. A ticket an agent opened for somebody has none.
* next response: from what a requester says after that (or by denying the fix) until the next reply a person sent.
* resolution: until solved; reopening goes on with the same clock, and the time it was solved or closed does not count.

Each stands still in the states its policy lists (`pause_on`); by default only resolution does, while pending or on hold:
somebody who has no answer yet is not the one who is waited for. Closing ends whatever still runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from steward.desk.rules.states import State
from steward.sla.rules.kinds import CLOSED, REPLIED, REQUESTER, SOLVED, ClockKind
from steward.sla.rules.story import Story

PauseOn = Mapping[str, Sequence[str]]

DEFAULT_PAUSE_ON: dict[str, list[str]] = {
    ClockKind.FIRST_RESPONSE.value: [],
    ClockKind.NEXT_RESPONSE.value: [],
    ClockKind.RESOLUTION.value: [State.ON_HOLD.value, State.PENDING.value],
}


class Doing(StrEnum):
    """What a clock should be doing."""

    RUN = "run"
    STAND = "stand"
    DONE = "done"  # what was promised is done
    OVER = "over"  # it will not be done any more


@dataclass(frozen=True)
class Posture:
    """What a clock should be doing, and why when it should not run."""

    doing: Doing
    reason: str = ""


def posture(kind: ClockKind, story: Story, pause_on: PauseOn) -> Posture | None:
    """Say what a clock of a kind should be doing; None when nothing of the kind is owed at all."""
    match kind:
        case ClockKind.FIRST_RESPONSE:
            return _first_response(story, pause_on)
        case ClockKind.NEXT_RESPONSE:
            return _next_response(story, pause_on)
        case ClockKind.RESOLUTION:
            return _resolution(story, pause_on)


def is_owed(kind: ClockKind, story: Story) -> bool:
    """Tell whether a clock of a kind should be there, running or standing still."""
    wanted = posture(kind, story, {})
    return wanted is not None and wanted.doing in {Doing.RUN, Doing.STAND}


def _first_response(story: Story, pause_on: PauseOn) -> Posture | None:
    if story.by_agent or story.outside:
        return None
    if story.answered:
        return Posture(Doing.DONE, REPLIED)
    if story.state == State.CLOSED:
        return Posture(Doing.OVER, CLOSED)
    return _waiting(ClockKind.FIRST_RESPONSE, story, pause_on)


def _next_response(story: Story, pause_on: PauseOn) -> Posture | None:
    if not (story.answered or story.by_agent or story.outside):
        return None
    if story.state == State.CLOSED:
        return Posture(Doing.OVER, CLOSED)
    if story.waiting_since is None:
        return Posture(Doing.DONE, REPLIED)
    return _waiting(ClockKind.NEXT_RESPONSE, story, pause_on)


def _resolution(story: Story, pause_on: PauseOn) -> Posture | None:
    if story.outside:
        return None
    if story.state == State.SOLVED:
        return Posture(Doing.DONE, SOLVED)
    if story.state == State.CLOSED:
        return Posture(Doing.OVER, CLOSED)
    return _waiting(ClockKind.RESOLUTION, story, pause_on)


def _waiting(kind: ClockKind, story: Story, pause_on: PauseOn) -> Posture:
    stands_on = pause_on.get(kind.value, ())
    if story.state in stands_on or f"{story.state}:{story.reason}" in stands_on:
        return Posture(Doing.STAND, _why(story))
    return Posture(Doing.RUN)


def _why(story: Story) -> str:
    if story.reason:
        return story.reason
    return REQUESTER if story.state == State.PENDING else story.state
