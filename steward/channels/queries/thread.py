"""A request as its requester sees it: what was said, what happened in words of theirs, and what is asked of them."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from steward.channels.queries.deliveries import unseen_message_ids
from steward.channels.queries.expectation import Expectation, what_to_expect
from steward.channels.rules.names import first_name
from steward.desk.models import Message, Question, Ticket
from steward.desk.queries.family import family_with, root_of
from steward.desk.queries.participants import participants_of
from steward.desk.queries.timeline import messages_of
from steward.ledger.models import Event
from steward.people.models import User

MOST_MESSAGES = 200
_SAID = frozenset({"desk.message_received", "desk.reply_sent"})
_WAITING = {"pending": "waiting_for_you", "on_hold": "waiting_for_others"}
_PLAIN = {
    "desk.ticket_opened": "received",
    "desk.ticket_solved": "solved",
    "desk.ticket_reopened": "reopened",
    "desk.fix_confirmed": "confirmed",
}
_COMMON = frozenset({"desk.ticket_solved", "desk.ticket_reopened", "desk.status_changed"})
_HAPPENED = frozenset({"desk.ticket_assigned", "desk.status_changed", "desk.ticket_closed", *_PLAIN})


@dataclass(frozen=True)
class Line:
    """One line of a thread: a message, or something that happened (`what`) with the agent it is about."""

    at: datetime
    message: Message | None = None
    author: str = ""
    what: str = ""
    who: str = ""
    key: int = 0


@dataclass(frozen=True)
class Thread:
    """All that a requester's page shows of a ticket.

    `asked` are the questions that wait for an answer; `unseen` is the newest message of the desk that the requester
    has not seen, or None; `others` are who else reads it; `earlier` is the oldest message shown when older ones were left out.
    """

    ticket: Ticket
    lines: list[Line]
    expectation: Expectation
    asked: list[Question]
    last_message_id: int
    unseen: int | None
    earlier: int | None
    reader_id: int
    others: list[str]


def thread_of(ticket: Ticket, at: datetime, *, before: int | None = None, requester_id: int | None = None) -> Thread:
    """Read a ticket as one of its requesters sees it, in a fixed number of queries; notes are never part of it.

    A merged ticket shows how the one it goes on in stands, and of what is said there the reader's own conversations.
    """
    reader = requester_id or ticket.requester_id
    root = _root(ticket)
    family = family_with(root)
    found = messages_of(root, with_notes=False, before=before, most=MOST_MESSAGES + 1, family=family, requester_id=reader)
    messages = found[-MOST_MESSAGES:]
    lines = _lines(ticket, family, messages, whole=len(found) == len(messages) and before is None)
    unseen = unseen_message_ids(family, requester_id=reader, upto=messages[-1].pk) if messages else []
    return Thread(
        ticket=_as_it_goes_on(ticket, root),
        lines=lines,
        expectation=what_to_expect(root, at),
        asked=_asked(messages) if reader == root.requester_id else [],
        last_message_id=messages[-1].pk if messages else 0,
        unseen=unseen[-1] if unseen else None,
        earlier=messages[0].pk if messages and len(found) > len(messages) else None,
        reader_id=reader,
        others=_others(ticket, reader),
    )


def _asked(messages: list[Message]) -> list[Question]:
    return [question for message in messages if (question := getattr(message, "question", None)) and question.is_open]


def _others(ticket: Ticket, reader_id: int) -> list[str]:
    """Name who else reads this conversation: whoever takes part, and for them the requester."""
    if not getattr(ticket, "has_participants", True):
        return []
    named = [(one.requester_id, one.name or one.email) for one in participants_of(ticket.pk)]
    if named:
        named.insert(0, (ticket.requester_id, ticket.requester.name or ticket.requester.email or ""))
    return [name for requester_id, name in named if requester_id != reader_id and name]


def _root(ticket: Ticket) -> Ticket:
    if ticket.merged_into_id is None:
        return ticket
    return Ticket.objects.select_related("requester", "queue__team", "status", "assignee").get(pk=root_of(ticket.pk))


def _as_it_goes_on(ticket: Ticket, root: Ticket) -> Ticket:
    """Give a merged ticket with the state of the one in which it goes on; its number and subject are its own."""
    if root is ticket:
        return ticket
    shown = copy(ticket)
    shown.state, shown.outcome, shown.closed_at = root.state, root.outcome, root.closed_at
    shown.assignee, shown.waiting_reason = root.assignee, root.waiting_reason
    return shown


def _lines(ticket: Ticket, family: Sequence[int], messages: list[Message], *, whole: bool) -> list[Line]:
    by_id = {message.pk: message for message in messages}
    since = messages[0].created_at if messages and not whole else None
    streams = [f"ticket:{ticket_id}" for ticket_id in family]
    own = f"ticket:{ticket.pk}"
    # What happened to the tickets that others asked on is theirs; how the common one went on, everybody's.
    events = Event.objects.filter(
        Q(stream=own, kind__in=_SAID | _HAPPENED) | Q(stream__in=streams, kind__in=_SAID) | Q(stream=streams[0], kind__in=_COMMON)
    )
    if since is not None:
        events = events.filter(occurred_at__gte=since)
    order = ("seq",) if streams == [own] else ("occurred_at", "id")
    rows = list(events.order_by(*order).values_list("id", "kind", "payload", "occurred_at"))
    told = {payload["message_id"] for _seq, kind, payload, _at in rows if kind in _SAID}
    names = _names(payload for _seq, kind, payload, _at in rows if kind == "desk.ticket_assigned")
    lines: list[Line] = []
    for seq, kind, payload, at in rows:
        if kind in _SAID:
            message = by_id.get(payload["message_id"])
            if message is not None:
                lines.append(Line(at=at, message=message, author=author_of(message), key=seq))
        elif what := _what(kind, payload):
            who = names.get(payload.get("new_assignee_id"), "")
            # Whoever takes a request by answering it has said so by the answer.
            if what != "assigned" or not lines or lines[-1].at != at or lines[-1].author != who:
                lines.append(Line(at=at, what=what, who=who, key=seq))
    # What was moved here from elsewhere is told of on another stream.
    moved = [Line(at=one.created_at, message=one, author=author_of(one), key=-one.pk) for one in messages if one.pk not in told]
    return sorted([*lines, *moved], key=lambda line: line.at) if moved else lines


def author_of(message: Message) -> str:
    """Name who said a message, as its requester knows them: agents by their first name, nobody for what is automatic."""
    if message.from_requester:
        return message.requester.name if message.requester else ""
    if message.automatic or message.author_user is None:
        return ""
    return first_name(message.author_user.name)


def _what(kind: str, payload: dict[str, Any]) -> str:
    """Say which of the things that matter to a requester an event is; reasons and queues stay inside."""
    if kind == "desk.ticket_assigned":
        return "assigned" if payload.get("new_assignee_id") else ""
    if kind == "desk.status_changed":
        return _WAITING.get(payload["new"], "")
    if kind == "desk.ticket_closed":
        # A confirmed request says so already, and one that was merged was told of in words.
        return "" if payload["outcome"] in {"confirmed", "merged"} else f"closed_{payload['outcome']}"
    return _PLAIN[kind]


def _names(payloads: Iterable[dict[str, Any]]) -> dict[int, str]:
    ids = {payload["new_assignee_id"] for payload in payloads if payload.get("new_assignee_id")}
    return {pk: first_name(name) for pk, name in User.objects.filter(pk__in=ids).values_list("id", "name")} if ids else {}
