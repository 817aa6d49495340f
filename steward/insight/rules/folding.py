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

    @property
    def is_waiting(self) -> bool:
        """Tell whether it was in the backlog when the day ended."""
        return bool(self.state) and self.state not in _ENDED


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
        step(ticket, happening, happening.at >= start)
    return days


def _opened(ticket: TicketDay, event: Happening, today: bool) -> None:
    payload = event.payload
    ticket.opened_at = ticket.state_since = event.at
    ticket.queue_id, ticket.category_id = payload["queue_id"], payload.get("category_id")
    ticket.priority, ticket.state = payload["priority"], payload["state"]
    ticket.received = today


def _moved(ticket: TicketDay, event: Happening, today: bool) -> None:
    if ticket.state != event.payload["new"]:
        ticket.state_since = event.at
    ticket.state, ticket.reason = event.payload["new"], event.payload.get("reason", "")


def _replied(ticket: TicketDay, event: Happening, today: bool) -> None:
    if today and not event.payload.get("automatic") and event.actor_kind in PEOPLE:
        ticket.replies += 1


def _noted(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.last_note_id = event.payload["message_id"]


def _transferred(ticket: TicketDay, event: Happening, today: bool) -> None:
    payload = event.payload
    ticket.queue_id = payload["new_queue_id"]
    if today and payload.get("handed_on"):
        note = ticket.last_note_id if payload.get("reason") else None
        ticket.handed_on.append(HandOn(payload["handed_on"], ticket.queue_id, event.at, note))


def _reopened(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.reopened_ever += 1
    ticket.reopened += today


def _closed(ticket: TicketDay, event: Happening, today: bool) -> None:
    if today:
        ticket.closed_as = event.payload["outcome"]


def _breached(ticket: TicketDay, event: Happening, today: bool) -> None:
    if today:
        ticket.breached.add(event.payload["clock_kind"])


def _categorized(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.category_id = event.payload.get("new")


def _prioritized(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.priority = event.payload["new"]


def _solved(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.solved |= today


def _confirmed(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.confirmed |= today


def _denied(ticket: TicketDay, event: Happening, today: bool) -> None:
    ticket.denied |= today


# Where a ticket stands: needed from its first day on.
STANDING: dict[str, Callable[[TicketDay, Happening, bool], None]] = {
    "desk.ticket_opened": _opened,
    "desk.status_changed": _moved,
    "desk.ticket_transferred": _transferred,
    "desk.category_changed": _categorized,
    "desk.priority_changed": _prioritized,
    "desk.ticket_reopened": _reopened,
}
# What happened to it: needed of the day alone.
DOING: dict[str, Callable[[TicketDay, Happening, bool], None]] = {
    "desk.reply_sent": _replied,
    "desk.note_added": _noted,
    "desk.ticket_solved": _solved,
    "desk.fix_confirmed": _confirmed,
    "desk.fix_denied": _denied,
    "desk.ticket_closed": _closed,
    "sla.clock_breached": _breached,
}
_STEPS = {**STANDING, **DOING}
