"""One ticket in order: its messages and what happened around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from steward.core.facts import Fact
from steward.core.prepared import Prepared
from steward.core.rows import rows
from steward.desk.models import Attachment, Message, Ticket
from steward.desk.queries.family import said_with, shown_on
from steward.ledger.models import Event
from steward.people.models import Requester

_TELLS_OF_A_MESSAGE = frozenset({"desk.message_received", "desk.reply_sent", "desk.note_added"})
# A mention is told in its note; how long whom had it in hand is for that person alone.
_TOLD_ELSEWHERE = frozenset({"desk.mentioned", "desk.ticket_handled", "desk.handling_corrected"})
MOST_MESSAGES = 200


@dataclass(frozen=True)
class Through:
    """The macro or rule through which something was done, in its version."""

    kind: str
    name: str
    version: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: a message, or an event with its fact and whoever did it.

    `joined_from` is the merged ticket it happened on, `moved_to` the ticket on which a message that stood here is shown now.
    """

    at: datetime
    message: Message | None = None
    event: Event | None = None
    fact: Fact | None = None
    who: str = ""
    through: Through | None = None
    joined_from: int = 0
    moved_to: int = 0


_WITH_A_MESSAGE = ("author_user", "requester", "question")
_ON_THE_TICKET = Message.objects.exclude(kind=Message.Kind.SIDE)
_NEWEST = Prepared(
    lambda ticket_id: (
        _ON_THE_TICKET.filter(Q(ticket_id=ticket_id, shown_on=None) | Q(shown_on_id=ticket_id))
        .select_related(*_WITH_A_MESSAGE)
        .order_by("-id")[:MOST_MESSAGES]
    ),
    ticket_id=int,
)
_FILES = Prepared(
    lambda ticket_id: Attachment.objects.filter(Q(message__ticket_id=ticket_id) | Q(message__shown_on_id=ticket_id)).order_by("id"),
    ticket_id=int,
)
_EVENTS = Prepared(lambda stream: Event.objects.filter(stream=stream).order_by("seq"), stream=str)


def messages_of(
    ticket: Ticket,
    *,
    with_notes: bool,
    after: int = 0,
    before: int | None = None,
    most: int = MOST_MESSAGES,
    family: Sequence[int] = (),
    requester_id: int | None = None,
) -> list[Message]:
    """Give the newest `most` messages of a ticket and its `family`, oldest first, with authors, files and questions.

    Requesters get `with_notes=False`: of their own conversations only, and notes never leave the desk. What was said
    in side conversations is in neither.
    """
    family = family or [ticket.pk]
    if with_notes and most == MOST_MESSAGES and not after and before is None and len(family) == 1:
        found = _NEWEST.all(ticket_id=ticket.pk)
    else:
        wanted = _ON_THE_TICKET.filter(
            shown_on(family) if with_notes else said_with(requester_id or ticket.requester_id, family), pk__gt=after
        ).select_related(*_WITH_A_MESSAGE)
        if before is not None:
            wanted = wanted.filter(pk__lt=before)
        found = list(wanted.order_by("-id")[:most])
    found.reverse()
    files: dict[int, list[Attachment]] = {}
    for file in _FILES.all(ticket_id=ticket.pk) if len(family) == 1 else _files_of(found):
        files.setdefault(file.message_id, []).append(file)
    for message in found:
        message.files = files.get(message.pk, [])
    return found


def _files_of(messages: Sequence[Message]) -> list[Attachment]:
    return list(Attachment.objects.filter(message__in=[message.pk for message in messages]).order_by("id"))


def timeline(ticket: Ticket, family: Sequence[int] = ()) -> list[Entry]:
    """Give everything that happened to a ticket and what was merged into it, for the agents' side.

    A message stands where its event stands, one moved here at the instant it was said; events of this version that
    nobody can read are left out.
    """
    family = family or [ticket.pk]
    messages = {message.pk: message for message in messages_of(ticket, with_notes=True, family=family)}
    events = _events(family)
    names = names_of(events)
    through = {cause: Through(kind, names.get((kind, number), "?"), version) for cause, kind, number, version in _causes(events)}
    moved = {event.payload["message_id"]: event.payload["to_id"] for event in events if event.kind == "desk.message_moved"}
    entries = []
    for event in events:
        fact = event.fact
        if fact is None or event.kind in _TOLD_ELSEWHERE:
            continue
        who = names.get(("requester" if event.actor_kind == "requester" else "user", event.actor_id or 0), "")
        by_way_of = through.get(event.cause)
        joined_from = event.subject_id if event.subject_id != ticket.pk else 0
        if event.kind in _TELLS_OF_A_MESSAGE:
            pk = event.payload.get("message_id", 0)
            message = messages.pop(pk, None)
            if message is not None:
                entries.append(Entry(event.occurred_at, message, event, fact, through=by_way_of, joined_from=joined_from))
            elif moved.get(pk) not in {None, *family}:
                entries.append(Entry(event.occurred_at, None, event, fact, who, by_way_of, joined_from, moved[pk]))
            continue
        entries.append(Entry(event.occurred_at, None, event, fact, who, by_way_of, joined_from))
    # What is left was said on another ticket and moved here.
    moved_here = [Entry(message.created_at, message) for message in messages.values() if message.ticket_id not in family]
    if moved_here or len(family) > 1:
        entries = sorted([*entries, *moved_here], key=lambda entry: entry.at)
    return entries


def _events(family: Sequence[int]) -> list[Event]:
    if len(family) == 1:
        return _EVENTS.all(stream=f"ticket:{family[0]}")
    streams = [f"ticket:{ticket_id}" for ticket_id in family]
    return list(Event.objects.filter(stream__in=streams).order_by("occurred_at", "id"))


_NAMES = """
SELECT 'user', id, name FROM people_user WHERE id = ANY(%s)
 UNION ALL SELECT 'requester', id, name FROM people_requester WHERE id = ANY(%s)
 UNION ALL SELECT 'macro', id, name FROM desk_macro WHERE id = ANY(%s)
 UNION ALL SELECT 'rule', id, name FROM desk_automation WHERE id = ANY(%s)
"""
_KINDS = ("user", "requester", "macro", "rule")
_CAUSE = re.compile(r"(macro|rule):(\d{1,17})@v(\d{1,9})")


def names_of(events: Sequence[Event]) -> dict[tuple[str, int], str]:
    """Give the names of everybody who acted, and of the macros and rules they acted through, by (kind, id), in one query."""
    wanted: dict[str, set[int]] = {kind: set() for kind in _KINDS}
    for event in events:
        if event.actor_id:
            wanted["requester" if event.actor_kind == "requester" else "user"].add(event.actor_id)
    for _cause, kind, number, _version in _causes(events):
        wanted[kind].add(number)
    return {(kind, pk): name for kind, pk, name in rows(_NAMES, [list(wanted[kind]) for kind in _KINDS])}


def _causes(events: Sequence[Event]) -> Iterator[tuple[str, str, int, str]]:
    """Give each cause that is a version of a macro or rule, such as `macro:12@v3`, taken apart."""
    for cause in {event.cause for event in events}:
        if found := _CAUSE.fullmatch(cause):
            yield cause, found.group(1), int(found.group(2)), found.group(3)


_PLACE = """
SELECT count(*) FROM (
SELECT 1
  FROM desk_ticket t, desk_ticket me
 WHERE me.id = %s AND t.queue_id = me.queue_id AND t.state IN ('new', 'open') AND t.assignee_id IS NULL AND t.id <> me.id
   AND (coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.priority, t.id)
     < (coalesce(me.due_at, '9999-12-31T00:00:00Z'::timestamptz), me.priority, me.id)
 LIMIT %s) before
"""
# Beyond this a place in line says no more than "many": counting on would cost every request more as the line grows.
LAST_PLACE_TOLD = 100


def place_in_line(ticket: Ticket) -> int | None:
    """Give a ticket's place in line; None when somebody has it already, it is over, or the line is longer than is told."""
    if ticket.assignee_id is not None or ticket.state not in {"new", "open"}:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [ticket.pk, LAST_PLACE_TOLD])
        place = int(cursor.fetchone()[0]) + 1
        return place if place <= LAST_PLACE_TOLD else None


_USUAL = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered - opened))
  FROM (SELECT t.created_at AS opened,
               (SELECT min(m.created_at) FROM desk_message m
                 WHERE m.ticket_id = t.id AND m.kind = 'message' AND m.author_kind = 'agent') AS answered
          FROM desk_ticket t WHERE t.queue_id = %s AND t.state <> 'new' ORDER BY t.updated_at DESC, t.id DESC LIMIT 50) recent
 WHERE answered IS NOT NULL
"""


def usual_wait(queue_id: int) -> float | None:
    """Give the median seconds to the first answer over the last 50 tickets worked in a queue, or None without any."""
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [queue_id])
        value = cursor.fetchone()[0]
        return float(value) if value is not None else None


FAR_BACK = 24
_LATEST = Prepared(
    lambda requester_id: Ticket.objects.filter(requester_id=requester_id).select_related("status").order_by("-id")[:FAR_BACK],
    requester_id=int,
)


def last_tickets_of(requester: Requester, *, queue_ids: list[int], most: int = 6) -> list[Ticket]:
    """Give a requester's latest tickets that the agent may see, for the side panel."""
    # Those out of sight are left out here, not in the query: which queues are in sight differs, its making would cost more.
    found = _LATEST.all(requester_id=requester.pk)
    if len(found) == FAR_BACK and sum(ticket.queue_id in queue_ids for ticket in found) < most:
        wanted = Ticket.objects.filter(requester=requester, queue_id__in=queue_ids).select_related("status")
        return list(wanted.order_by("-id")[:most])
    return [ticket for ticket in found if ticket.queue_id in queue_ids][:most]
