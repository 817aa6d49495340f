"""One ticket in order: its messages and what happened around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from steward.core.facts import Fact
from steward.desk.models import Message, Ticket
from steward.ledger.models import Event
from steward.people.models import Requester, User

_TELLS_OF_A_MESSAGE = frozenset({"desk.message_received", "desk.reply_sent", "desk.note_added"})
MOST_MESSAGES = 200


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: a message, or an event with its fact and whoever did it."""

    at: datetime
    message: Message | None = None
    event: Event | None = None
    fact: Fact | None = None
    who: str = ""


def messages_of(
    ticket: Ticket,
    *,
    with_notes: bool,
    after: int = 0,
    before: int | None = None,
    most: int = MOST_MESSAGES,
) -> list[Message]:
    """Give the newest `most` messages of a ticket, oldest first, with authors, files and questions.

    Requesters get `with_notes=False`: notes never leave the desk.
    """
    found = (
        Message.objects.filter(ticket=ticket, pk__gt=after)
        .select_related("author_user", "requester", "question")
        .prefetch_related("attachments")
    )
    if before is not None:
        found = found.filter(pk__lt=before)
    if not with_notes:
        found = found.filter(kind=Message.Kind.MESSAGE)
    return sorted(found.order_by("-id")[:most], key=lambda message: message.pk)


def timeline(ticket: Ticket) -> list[Entry]:
    """Give everything that happened to a ticket, in the order of the ledger, for the agents' side.

    A message stands where its event stands; events of this version that nobody can read are left out.
    """
    messages = {message.pk: message for message in messages_of(ticket, with_notes=True)}
    events = list(Event.objects.filter(stream=f"ticket:{ticket.pk}").order_by("seq"))
    names = names_of(events)
    entries = []
    for event in events:
        fact = event.fact
        if fact is None:
            continue
        if event.kind in _TELLS_OF_A_MESSAGE:
            message = messages.get(event.payload.get("message_id", 0))
            if message is not None:
                entries.append(Entry(at=event.occurred_at, message=message, event=event, fact=fact))
            continue
        who = names.get((event.actor_kind == "requester", event.actor_id or 0), "")
        entries.append(Entry(at=event.occurred_at, event=event, fact=fact, who=who))
    return entries


def names_of(events: Sequence[Event]) -> dict[tuple[bool, int], str]:
    """Give the names of everybody who acted, by (is a requester, id), in two queries."""
    people = {(event.actor_kind == "requester", event.actor_id) for event in events if event.actor_id}
    users = User.objects.filter(pk__in=[pk for is_requester, pk in people if not is_requester])
    requesters = Requester.objects.filter(pk__in=[pk for is_requester, pk in people if is_requester])
    return {
        **{(False, pk): name for pk, name in users.values_list("id", "name")},
        **{(True, pk): name for pk, name in requesters.values_list("id", "name")},
    }


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


def last_tickets_of(requester: Requester, *, queue_ids: list[int], most: int = 6) -> list[Ticket]:
    """Give a requester's latest tickets that the agent may see, for the side panel."""
    return list(Ticket.objects.filter(requester=requester, queue_id__in=queue_ids).select_related("status").order_by("-id")[:most])
