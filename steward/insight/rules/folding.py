"""A ticket's past, folded from its events: what it was at a day's end, and what happened to it that day."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PEOPLE = frozenset({"agent", "macro"})
_ENDED = frozenset({"solved", "closed"})


@dataclass(frozen=True)
class Happening:
    """An event as the fold needs it."""

    ticket_id: int
    kind: str
    payload: Mapping[str, Any]
    actor_kind: str
    at: datetime


@dataclass(frozen=True)
class HandOn:
    """A ticket leaving the agents' hands: where to, and the note that says why."""

    purpose: str
    queue_id: int
    at: datetime
    note_id: int | None


@dataclass
class TicketDay:
    """One ticket as of the end of a day, with what happened to it during that day."""

    ticket_id: int
    opened_at: datetime | None = None
    queue_id: int = 0
    category_id: int | None = None
    priority: int = 3
    state: str = ""
    reason: str = ""
    state_since: datetime | None = None
    reopened_ever: int = 0
    received: bool = False
    replies: int = 0
    solved: bool = False
    confirmed: bool = False
    denied: bool = False
    reopened: int = 0
    closed_as: str = ""
    breached: set[str] = field(default_factory=set)
    handed_on: list[HandOn] = field(default_factory=list)
    last_note_id: int | None = None
    stretches: dict[int, int] = field(default_factory=dict)

    @property
    def handled_for(self) -> int:
        """Give the seconds it was in hand on the day, over everybody who had it."""
        return sum(self.stretches.values())

    @property
    def is_waiting(self) -> bool:
        """Tell whether it was in the backlog when the day ended."""
        return bool(self.state) and self.state not in _ENDED


@dataclass(frozen=True)
class Turn:
    """An event meeting its ticket, and whether that was on the day reported."""

    ticket: TicketDay
    event: Happening
    today: bool


def fold_day(happenings: Iterable[Happening], *, start: datetime, end: datetime) -> dict[int, TicketDay]:
    """Play the events before `end`, each ticket's in order, and mark what fell into `[start, end)`.

    Nothing at or after `end` can change the result: it is the same whenever it is reckoned.
    """
    days: dict[int, TicketDay] = {}
    for happening in happenings:
        if happening.at >= end:
            continue
        step = _STEPS.get(happening.kind)
        if step is None:
            continue
        ticket = days.get(happening.ticket_id)
        if ticket is None:
            ticket = days[happening.ticket_id] = TicketDay(happening.ticket_id)
        step(Turn(ticket, happening, today=happening.at >= start))
    return days


def _opened(turn: Turn) -> None:
    payload = turn.event.payload
    turn.ticket.opened_at = turn.ticket.state_since = turn.event.at
    turn.ticket.queue_id, turn.ticket.category_id = payload["queue_id"], payload.get("category_id")
    turn.ticket.priority, turn.ticket.state = payload["priority"], payload["state"]
    turn.ticket.received = turn.today


def _moved(turn: Turn) -> None:
    if turn.ticket.state != turn.event.payload["new"]:
        turn.ticket.state_since = turn.event.at
    turn.ticket.state, turn.ticket.reason = turn.event.payload["new"], turn.event.payload.get("reason", "")


def _replied(turn: Turn) -> None:
    if turn.today and not turn.event.payload.get("automatic") and turn.event.actor_kind in PEOPLE:
        turn.ticket.replies += 1


def _noted(turn: Turn) -> None:
    turn.ticket.last_note_id = turn.event.payload["message_id"]


def _transferred(turn: Turn) -> None:
    payload = turn.event.payload
    turn.ticket.queue_id = payload["new_queue_id"]
    if turn.today and payload.get("handed_on"):
        note = turn.ticket.last_note_id if payload.get("reason") else None
        turn.ticket.handed_on.append(HandOn(payload["handed_on"], turn.ticket.queue_id, turn.event.at, note))


def _reopened(turn: Turn) -> None:
    turn.ticket.reopened_ever += 1
    turn.ticket.reopened += turn.today


def _closed(turn: Turn) -> None:
    if turn.today:
        turn.ticket.closed_as = turn.event.payload["outcome"]


def _unmerged(turn: Turn) -> None:
    if turn.ticket.ticket_id == turn.event.payload["source_id"]:
        turn.ticket.closed_as = ""


def _breached(turn: Turn) -> None:
    if turn.today:
        turn.ticket.breached.add(turn.event.payload["clock_kind"])


def _categorized(turn: Turn) -> None:
    turn.ticket.category_id = turn.event.payload.get("new")


def _prioritized(turn: Turn) -> None:
    turn.ticket.priority = turn.event.payload["new"]


def _solved(turn: Turn) -> None:
    turn.ticket.solved |= turn.today


def _confirmed(turn: Turn) -> None:
    turn.ticket.confirmed |= turn.today


def _denied(turn: Turn) -> None:
    turn.ticket.denied |= turn.today


def _handled(turn: Turn) -> None:
    if turn.today:
        turn.ticket.stretches[turn.event.payload["handling_id"]] = turn.event.payload["seconds"]


def _corrected(turn: Turn) -> None:
    # A correction made later leaves the report of the day as it was.
    if turn.today and turn.event.payload["handling_id"] in turn.ticket.stretches:
        turn.ticket.stretches[turn.event.payload["handling_id"]] = turn.event.payload["new"]


# Where a ticket stands: needed from its first day on.
STANDING: dict[str, Callable[[Turn], None]] = {
    "desk.ticket_opened": _opened,
    "desk.status_changed": _moved,
    "desk.ticket_transferred": _transferred,
    "desk.category_changed": _categorized,
    "desk.priority_changed": _prioritized,
    "desk.ticket_reopened": _reopened,
}
# What happened to it: needed of the day alone.
DOING: dict[str, Callable[[Turn], None]] = {
    "desk.reply_sent": _replied,
    "desk.note_added": _noted,
    "desk.ticket_solved": _solved,
    "desk.fix_confirmed": _confirmed,
    "desk.fix_denied": _denied,
    "desk.ticket_closed": _closed,
    "desk.tickets_unmerged": _unmerged,
    "sla.clock_breached": _breached,
    "desk.ticket_handled": _handled,
    "desk.handling_corrected": _corrected,
}
_STEPS = {**STANDING, **DOING}
