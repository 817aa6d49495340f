"""What the clocks need to know of a ticket, told from its events: always as of an event, never as of today."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from steward.core.facts import Fact
from steward.desk.facts import structure
from steward.desk.facts import ticket as desk

# Whoever else sends a reply is a person, or a macro that a person ran.
NOT_HUMAN = frozenset({"rule", "bot", "sync", "system", "import", "requester", "anonymous"})
IMPORT = "import"
AGENT = "agent"

TOLD_BY: tuple[type[Fact], ...] = (
    desk.TicketOpened,
    desk.MessageReceived,
    desk.ReplySent,
    desk.StatusChanged,
    desk.TicketReopened,
    desk.FixConfirmed,
    desk.TicketTransferred,
    desk.PriorityChanged,
    desk.CategoryChanged,
    structure.TicketsMerged,
    structure.MessageMoved,
)


@dataclass(frozen=True)
class Story:
    """A ticket as its events have told it so far.

    `outside` marks one taken over by an import: nobody here received it, so nothing was promised for it.
    `waiting_since` is when the requester began to wait for an answer to something said after the opening.
    """

    queue_id: int = 0
    priority: int = 0
    category_id: int | None = None
    channel: str = ""
    state: str = ""
    reason: str = ""
    by_agent: bool = False
    outside: bool = False
    messages: int = 0
    answered: bool = False
    waiting_since: datetime | None = None


def tell(events: Iterable[tuple[Fact, datetime, str]]) -> Story:
    """Play a ticket's events in order, each with its instant and the kind of its actor."""
    story = Story()
    for fact, at, actor_kind in events:
        story = _next(story, fact, at, actor_kind)
    return story


def _next(story: Story, fact: Fact, at: datetime, actor_kind: str) -> Story:  # noqa: C901, PLR0911 -- one line a fact
    match fact:
        case structure.TicketsMerged() | structure.MessageMoved():
            return _rejoined(story, fact, at)
        case desk.TicketOpened():
            return Story(
                queue_id=fact.queue_id,
                priority=fact.priority,
                category_id=fact.category_id,
                channel=fact.channel,
                state=fact.state,
                by_agent=fact.by_agent,
                outside=actor_kind == IMPORT,
            )
        case desk.MessageReceived():
            return _message(story, at, actor_kind)
        case desk.ReplySent(automatic=False) if actor_kind not in NOT_HUMAN:
            return replace(story, answered=True, waiting_since=None)
        case desk.StatusChanged():
            return replace(story, state=fact.new, reason=fact.reason)
        case desk.TicketReopened(why="denied" | "reply"):
            return replace(story, waiting_since=story.waiting_since or at)
        case desk.FixConfirmed():
            return replace(story, waiting_since=None)
        case desk.TicketTransferred():
            return replace(story, queue_id=fact.new_queue_id)
        case desk.PriorityChanged():
            return replace(story, priority=fact.new)
        case desk.CategoryChanged():
            return replace(story, category_id=fact.new)
    return story


def _rejoined(story: Story, fact: structure.TicketsMerged | structure.MessageMoved, at: datetime) -> Story:
    """What came here with its requester waiting is waited for; what was moved away may have ended the wait."""
    if fact.waits:
        return replace(story, waiting_since=story.waiting_since or at)
    return replace(story, waiting_since=None) if isinstance(fact, structure.MessageMoved) else story


def _message(story: Story, at: datetime, actor_kind: str) -> Story:
    counted = replace(story, messages=story.messages + 1)
    # The first message is the request itself, which the first response answers; what an import brings was said elsewhere.
    if story.messages == 0 or actor_kind in {IMPORT, AGENT}:
        return counted
    return replace(counted, waiting_since=story.waiting_since or at)
