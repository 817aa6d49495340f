"""The ticket as its events tell it: what the present state must be, if the ledger is the truth about the past."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from steward.core.facts import Fact
from steward.desk.facts import care, structure, work
from steward.desk.facts import ticket as facts
from steward.desk.rules.states import WAITING, Outcome, State


@dataclass(frozen=True)
class Folded:
    """A ticket's present state, reckoned from nothing but its events."""

    requester_id: int | None = None
    queue_id: int | None = None
    status_id: int | None = None
    state: str = ""
    priority: int | None = None
    category_id: int | None = None
    assignee_id: int | None = None
    outcome: str = ""
    waiting_reason: str = ""
    snoozing: str = ""
    harm: str = ""
    handovers: frozenset[int] = frozenset()
    handled_seconds: int = 0
    solved_at: datetime | None = None
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None
    tags: frozenset[int] = frozenset()
    links: frozenset[int] = frozenset()
    closings: frozenset[tuple[int, str]] = frozenset()
    merged_into: int | None = None
    merged: frozenset[int] = frozenset()
    moved: frozenset[tuple[int, int]] = frozenset()
    watchers: frozenset[int] = frozenset()
    open_sides: frozenset[int] = frozenset()
    participants: frozenset[int] = frozenset()
    messages: frozenset[int] = frozenset()
    open_follow_ups: frozenset[int] = frozenset()
    fields: frozenset[tuple[int, str]] = frozenset()


def fold(events: Iterable[tuple[Fact, datetime]]) -> Folded:
    """Play the events of one ticket, in order, each with the instant it happened."""
    ticket = Folded()
    for fact, at in events:
        step = _STEPS.get(type(fact))
        if step is not None:
            ticket = step(ticket, fact, at)
    return ticket


def _opened(_ticket: Folded, fact: facts.TicketOpened, _at: datetime) -> Folded:
    return Folded(
        requester_id=fact.requester_id,
        queue_id=fact.queue_id,
        status_id=fact.status_id,
        state=fact.state,
        priority=fact.priority,
        category_id=fact.category_id,
    )


def _status(ticket: Folded, fact: facts.StatusChanged, at: datetime) -> Folded:
    ticket = _acted_on(ticket) if fact.new != State.OPEN else ticket
    moved = replace(ticket, status_id=fact.new_status_id, state=fact.new, waiting_reason=_waits_for(fact))
    if fact.new == State.SOLVED and fact.old != State.SOLVED:
        return replace(moved, solved_at=at, closed_at=None, outcome="")
    if fact.new == State.CLOSED and fact.old != State.CLOSED:
        return replace(moved, closed_at=at)
    if fact.new not in {State.SOLVED, State.CLOSED}:
        return replace(moved, solved_at=None, confirmed_at=None, closed_at=None, outcome="")
    return moved


def _waits_for(fact: facts.StatusChanged) -> str:
    return fact.reason if fact.new in WAITING else ""


def _acted_on(ticket: Folded) -> Folded:
    """A ticket that came back from a snooze takes its ordinary place once somebody acts on it."""
    return replace(ticket, snoozing="") if ticket.snoozing == "back" else ticket


def _replied(ticket: Folded, fact: facts.ReplySent, _at: datetime) -> Folded:
    ticket = ticket if fact.automatic else _acted_on(ticket)
    return replace(ticket, messages=ticket.messages | {fact.message_id})


def _assigned(ticket: Folded, fact: facts.TicketAssigned, _at: datetime) -> Folded:
    return replace(_acted_on(ticket), assignee_id=fact.new_assignee_id)


def _woke(ticket: Folded, fact: work.SnoozeEnded, _at: datetime) -> Folded:
    return replace(ticket, snoozing="back" if fact.ended_as in {"time", "reply"} else "")


def _confirmed(ticket: Folded, _fact: facts.FixConfirmed, at: datetime) -> Folded:
    outcome = Outcome.CONFIRMED.value if ticket.state == State.CLOSED else ticket.outcome
    return replace(ticket, confirmed_at=at, outcome=outcome)


def filled(field_id: int, value: object) -> frozenset[tuple[int, str]]:
    """Give a custom field with its value as the fold holds it; an empty field is not there."""
    return frozenset() if value is None else frozenset({(field_id, json.dumps(value))})


def _field(ticket: Folded, fact: facts.FieldChanged) -> dict[str, Any]:
    return {"fields": frozenset(pair for pair in ticket.fields if pair[0] != fact.field_id) | filled(fact.field_id, fact.new)}


def _merged(ticket: Folded, fact: structure.TicketsMerged, _at: datetime) -> Folded:
    if fact.ticket_id == fact.source_id:
        return replace(ticket, merged_into=fact.target_id)
    return replace(ticket, merged=ticket.merged | {fact.source_id})


def _unmerged(ticket: Folded, fact: structure.TicketsUnmerged, _at: datetime) -> Folded:
    if fact.ticket_id == fact.source_id:
        return replace(ticket, merged_into=None)
    return replace(ticket, merged=ticket.merged - {fact.source_id})


def _moved(ticket: Folded, fact: structure.MessageMoved, _at: datetime) -> Folded:
    # Its home keeps where it is shown; the tickets it passes through only tell of it.
    if fact.message_id not in ticket.messages:
        return ticket
    elsewhere = frozenset(one for one in ticket.moved if one[0] != fact.message_id)
    return replace(ticket, moved=elsewhere if fact.to_id == fact.ticket_id else elsewhere | {(fact.message_id, fact.to_id)})


def _linked(ticket: Folded, fact: facts.TicketsLinked, _at: datetime) -> Folded:
    closing = {(fact.link_id, fact.closing)} if fact.closing else set()
    return replace(ticket, links=ticket.links | {fact.link_id}, closings=ticket.closings | closing)


def _unlinked(ticket: Folded, fact: facts.TicketsUnlinked, _at: datetime) -> Folded:
    return replace(
        ticket,
        links=ticket.links - {fact.link_id},
        closings=frozenset(one for one in ticket.closings if one[0] != fact.link_id),
    )


def _step(change: Callable[[Folded, Any], dict[str, Any]]) -> Callable[[Folded, Any, datetime], Folded]:
    return lambda ticket, fact, _at: replace(ticket, **change(ticket, fact))


_STEPS: dict[type[Fact], Callable[[Folded, Any, datetime], Folded]] = {
    facts.TicketOpened: _opened,
    facts.StatusChanged: _status,
    facts.FixConfirmed: _confirmed,
    facts.TicketClosed: _step(lambda _t, f: {"outcome": f.outcome}),
    facts.TicketAssigned: _assigned,
    facts.TicketTransferred: _step(lambda _t, f: {"queue_id": f.new_queue_id}),
    facts.PriorityChanged: _step(lambda _t, f: {"priority": f.new}),
    facts.CategoryChanged: _step(lambda _t, f: {"category_id": f.new}),
    facts.FieldChanged: _step(_field),
    care.TicketFlagged: _step(lambda _t, f: {"harm": f.new}),
    facts.MessageReceived: _step(lambda t, f: {"messages": t.messages | {f.message_id}}),
    facts.ReplySent: _replied,
    facts.NoteAdded: _step(lambda t, f: {"messages": t.messages | {f.message_id}}),
    facts.TagAdded: _step(lambda t, f: {"tags": t.tags | {f.tag_id}}),
    facts.TagRemoved: _step(lambda t, f: {"tags": t.tags - {f.tag_id}}),
    facts.TicketsLinked: _linked,
    facts.TicketsUnlinked: _unlinked,
    facts.FollowUpAdded: _step(lambda t, f: {"open_follow_ups": t.open_follow_ups | {f.follow_up_id}}),
    work.TicketSnoozed: _step(lambda _t, _f: {"snoozing": "asleep"}),
    work.SnoozeEnded: _woke,
    work.TicketHandedOver: _step(lambda t, f: {"handovers": t.handovers | {f.handover_id}}),
    work.TicketHandled: _step(lambda t, f: {"handled_seconds": t.handled_seconds + f.seconds}),
    work.HandlingCorrected: _step(lambda t, f: {"handled_seconds": t.handled_seconds + f.new - f.old}),
    work.ReturnSeen: _step(lambda _t, _f: {"snoozing": ""}),
    facts.FollowUpDone: _step(lambda t, f: {"open_follow_ups": t.open_follow_ups - {f.follow_up_id}}),
    structure.TicketsMerged: _merged,
    structure.TicketsUnmerged: _unmerged,
    structure.MessageMoved: _moved,
    structure.SideConversationStarted: _step(lambda t, f: {"open_sides": t.open_sides | {f.conversation_id}}),
    structure.SideConversationEnded: _step(lambda t, f: {"open_sides": t.open_sides - {f.conversation_id}}),
    structure.SideConversationReopened: _step(lambda t, f: {"open_sides": t.open_sides | {f.conversation_id}}),
    structure.SideMessageSent: _step(lambda t, f: {"messages": t.messages | {f.message_id}}),
    structure.SideMessageReceived: _step(lambda t, f: {"messages": t.messages | {f.message_id}}),
    structure.ParticipantAdded: _step(lambda t, f: {"participants": t.participants | {f.requester_id}}),
    structure.ParticipantRemoved: _step(lambda t, f: {"participants": t.participants - {f.requester_id}}),
    structure.TicketWatched: _step(lambda t, f: {"watchers": t.watchers | {f.user_id}}),
    structure.TicketUnwatched: _step(lambda t, f: {"watchers": t.watchers - {f.user_id}}),
}


def differences(told: Folded, found: Folded) -> list[str]:
    """Name each field in which the present row is not what the events tell, as `field: row X, events Y`."""
    return [
        f"{name}: row {_shown(getattr(found, name))}, events {_shown(getattr(told, name))}"
        for name in Folded.__dataclass_fields__
        if getattr(told, name) != getattr(found, name)
    ]


def _shown(value: object) -> str:
    return ", ".join(map(str, sorted(value))) or "none" if isinstance(value, frozenset) else str(value)
