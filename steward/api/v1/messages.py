"""What is said on a ticket: read, answered, noted, split off, moved, erased."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field

from steward.api.operations import CREATED, get, post, put
from steward.api.shapes import Given, Id, Instant, Line, Listed, Named, PathId, Sent, Text, Yes
from steward.api.tokens import Asked
from steward.api.v1.files import uploaded
from steward.api.v1.finding import nothing_here
from steward.api.v1.showing import TICKET, MessageOut, TicketOut, message_out, seen_ticket
from steward.api.v1.tickets import READ, WRITE, Handles
from steward.core import clock
from steward.core.pagination import from_token, to_token
from steward.desk.actions.erasing import erase_content
from steward.desk.actions.moving import move_message, split_ticket
from steward.desk.actions.releasing import send_now, take_back
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.revising import revise_message, withdraw_message
from steward.desk.actions.sending import Manner, Written, send_reply
from steward.desk.models import HeldReply, Message, Ticket
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.family import family_with, shown_on
from steward.desk.queries.joined import talks_of
from steward.desk.queries.timeline import messages_of, timeline
from steward.desk.queries.writing import waiting_replies
from steward.desk.rules.states import State

router = Router(tags=["Messages"])
MOST = 200


@get(router, "/tickets/{int:ticket_id}/messages", scope=READ, out=Listed[MessageOut])
def list_messages(
    request: Asked,
    ticket_id: PathId,
    cursor: Annotated[str, Query(max_length=2_000)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Listed[MessageOut]:
    """List what was said on a ticket and what was merged into it, notes among it, the oldest first."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    after = 0
    if cursor:
        (found_after,), _backwards = from_token(cursor, length=1, kinds=[int])
        after = int(found_after or 0)
    found = _after(ticket, after, limit + 1)
    onward = to_token([found[limit - 1].pk]) if len(found) > limit else None
    return Listed(items=[message_out(one, one.files) for one in found[:limit]], next=onward)


def _after(ticket: Ticket, after: int, most: int) -> list[Message]:
    """Give the oldest messages after one: the reading of the screens gives the newest, so their numbers are found first."""
    family = family_with(ticket)
    wanted = Message.objects.filter(shown_on(family), pk__gt=after).exclude(kind=Message.Kind.SIDE)
    numbers = list(wanted.order_by("pk").values_list("pk", flat=True)[:most])
    if not numbers:
        return []
    return messages_of(ticket, with_notes=True, after=after, before=numbers[-1] + 1, most=most, family=family)


class TalkOut(Given):
    """A conversation with a requester: its number is what `to` of a reply names."""

    id: int
    requester: Named
    ticket_id: int


@get(router, "/tickets/{int:ticket_id}/conversations", scope=READ, out=list[TalkOut])
def list_conversations(request: Asked, ticket_id: PathId) -> list[TalkOut]:
    """List the conversations with requesters on a ticket and what was merged into it, its own first."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    return [
        TalkOut(id=one.id, requester=Named(id=one.requester_id, name=one.name), ticket_id=one.ticket_id)
        for one in talks_of(family_with(ticket))
    ]


class EventOut(Given):
    """A fact that happened to a ticket: its kind, its values, who did it and why. See docs/facts.md."""

    id: int
    ticket_id: int
    kind: str
    values: dict[str, Any]
    actor_kind: str
    actor_id: int | None
    actor: str
    cause: str
    occurred_at: datetime
    recorded_at: datetime


@get(router, "/tickets/{int:ticket_id}/events", scope=READ, out=Listed[EventOut])
def list_events(request: Asked, ticket_id: PathId) -> Listed[EventOut]:
    """List everything that happened to a ticket and what was merged into it, in order."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    told = [(entry.event, entry.who) for entry in timeline(ticket, family_with(ticket)) if entry.event is not None]
    items = [
        EventOut(
            id=event.id,
            ticket_id=event.subject_id,
            kind=event.kind,
            values=event.payload,
            actor_kind=event.actor_kind,
            actor_id=event.actor_id,
            actor=who,
            cause=event.cause,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
        )
        for event, who in told
    ]
    return Listed(items=items)


class NoteIn(Sent):
    """An internal note; `@name` tells a colleague."""

    body: Text = ""
    files: Handles = []


@post(router, "/tickets/{int:ticket_id}/notes", scope=WRITE, out=MessageOut, status=CREATED, versioned=TICKET)
def note(request: Asked, ticket_id: PathId, body: NoteIn) -> MessageOut:
    """Write an internal note. It is never delivered and moves no clock."""
    files = uploaded(body.files, request.actor)
    return message_out(add_note(ticket_id=ticket_id, body=body.body, files=files, by=request.actor, at=clock.now()))


class ReplyIn(NoteIn):
    """An answer to the requester, and the state the ticket gets with it.

    `seen_message_id` is the last message that was read: where there is a newer one the reply is refused, unless `anyway`.
    """

    then: State | None = None
    reason: Text = ""
    to: Annotated[list[Id], Field(max_length=20)] = []
    seen_message_id: Id | None = None
    anyway: Yes = False


@post(router, "/tickets/{int:ticket_id}/replies", scope=WRITE, out=MessageOut, status=CREATED, versioned=TICKET)
def answer(request: Asked, ticket_id: PathId, body: ReplyIn) -> MessageOut:
    """Answer the requester, at once."""
    said = reply(
        ticket_id=ticket_id,
        body=body.body,
        then=body.then,
        reason=body.reason,
        files=uploaded(body.files, request.actor),
        to=body.to,
        seen_message_id=body.seen_message_id,
        anyway=body.anyway,
        by=request.actor,
        at=clock.now(),
    )
    return message_out(said)


class HeldOut(Given):
    """A reply that is held back until it is due."""

    id: int
    ticket_id: int
    author: Named
    body: str
    then: str
    due_at: datetime
    is_scheduled: bool
    released_at: datetime | None
    taken_back_at: datetime | None
    message_id: int | None


def held_out(held: HeldReply) -> HeldOut:
    """Give a held reply."""
    return HeldOut(
        id=held.pk,
        ticket_id=held.ticket_id,
        author=Named(id=held.author_id, name=held.author.name),
        body=held.body,
        then=held.then,
        due_at=held.due_at,
        is_scheduled=held.is_scheduled,
        released_at=held.released_at,
        taken_back_at=held.taken_back_at,
        message_id=held.message_id,
    )


class HeldIn(ReplyIn):
    """A reply to be held: until `send_at`, or for the seconds its channel holds replies."""

    send_at: Instant | None = None
    stop_if_newer: Yes = True


class SentOut(Given):
    """What became of a reply: it is held, or was said at once where its channel holds none."""

    held: HeldOut | None
    message: MessageOut | None


@post(router, "/tickets/{int:ticket_id}/held-replies", scope=WRITE, out=SentOut, status=CREATED, versioned=TICKET)
def hold_reply(request: Asked, ticket_id: PathId, body: HeldIn) -> SentOut:
    """Answer the requester later, or after the seconds in which it can be taken back."""
    manner = Manner(
        then=body.then,
        reason=body.reason,
        to=tuple(body.to),
        seen_message_id=body.seen_message_id,
        anyway=body.anyway,
        send_at=body.send_at,
        stop_if_newer=body.stop_if_newer,
    )
    written = Written(body=body.body, files=uploaded(body.files, request.actor))
    sent = send_reply(ticket_id=ticket_id, written=written, manner=manner, by=request.actor, at=clock.now())
    if isinstance(sent, HeldReply):
        return SentOut(held=held_out(sent), message=None)
    return SentOut(held=None, message=message_out(sent))


class WaitingOut(Given):
    """The held replies that wait."""

    items: list[HeldOut]


@get(router, "/held-replies", scope=READ, out=WaitingOut)
def list_held_replies(request: Asked) -> WaitingOut:
    """List the user's own held replies, the next to be said first."""
    rows = waiting_replies(user_id=request.actor.user_id, queue_ids=visible_queue_ids(request.actor))
    held = HeldReply.objects.select_related("author").in_bulk([row.id for row in rows])
    return WaitingOut(items=[held_out(held[row.id]) for row in rows if row.id in held])


def _held(request: Asked, held_id: int) -> HeldReply:
    found = HeldReply.objects.select_related("ticket", "author").filter(pk=held_id).first()
    if found is None or found.ticket.queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    return found


@post(router, "/held-replies/{int:held_id}/send", scope=WRITE, out=MessageOut)
def send_held_reply(request: Asked, held_id: PathId) -> MessageOut:
    """Say a held reply at once."""
    _held(request, held_id)
    return message_out(send_now(held_id=held_id, by=request.actor, at=clock.now()))


@post(router, "/held-replies/{int:held_id}/take-back", scope=WRITE, out=HeldOut)
def take_back_held_reply(request: Asked, held_id: PathId) -> HeldOut:
    """Take a held reply back: it is a draft of its author again."""
    _held(request, held_id)
    take_back(held_id=held_id, by=request.actor, at=clock.now())
    return held_out(_held(request, held_id))


def message_in_sight(request: Asked, message_id: int) -> Message:
    """Find a message by the sight of the ticket it stands on; raises `NotFound`."""
    found = Message.objects.select_related("ticket", "shown_on", "author_user", "requester").filter(pk=message_id).first()
    if found is None or (found.shown_on or found.ticket).queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    return found


@get(router, "/messages/{int:message_id}", scope=READ, out=MessageOut)
def get_message(request: Asked, message_id: PathId) -> MessageOut:
    """Give one message."""
    return message_out(message_in_sight(request, message_id))


class MoveIn(Sent):
    """The ticket a message belongs to."""

    to_ticket_id: Id


@post(router, "/messages/{int:message_id}/move", scope=WRITE, out=MessageOut)
def move(request: Asked, message_id: PathId, body: MoveIn) -> MessageOut:
    """Move a message that landed on the wrong ticket to the right one."""
    message_in_sight(request, message_id)
    return message_out(move_message(message_id=message_id, to_id=body.to_ticket_id, by=request.actor, at=clock.now()))


class SplitIn(Sent):
    """What becomes a ticket of its own."""

    message_id: Id
    and_after: Yes = False
    subject: Line = ""


@post(router, "/tickets/{int:ticket_id}/split", scope=WRITE, out=TicketOut, status=CREATED)
def split(request: Asked, ticket_id: PathId, body: SplitIn) -> TicketOut:
    """Split a requester's message, and by choice what follows it, off into a ticket of its own. Gives the new one."""
    new = split_ticket(
        ticket_id=ticket_id,
        message_id=body.message_id,
        and_after=body.and_after,
        subject=body.subject,
        by=request.actor,
        at=clock.now(),
    )
    return seen_ticket(request, new.pk)


class MessageErasureIn(Sent):
    """What of a message is to be erased, and why."""

    words: Yes = True
    attachment_ids: Annotated[list[Id], Field(max_length=50)] = []
    reason: Annotated[str, Field(pattern="^(asked|law|over|mistake|harmful)$")]


@post(router, "/messages/{int:message_id}/erase", scope=WRITE, out=MessageOut)
def erase_message(request: Asked, message_id: PathId, body: MessageErasureIn) -> MessageOut:
    """Erase the words of a message, or some of its files, or both. This cannot be taken back."""
    message_in_sight(request, message_id)
    erased = erase_content(
        message_id=message_id,
        words=body.words,
        attachment_ids=body.attachment_ids,
        reason=body.reason,
        by=request.actor,
        at=clock.now(),
    )
    return message_out(erased)


class RevisionIn(Sent):
    """What a message is to say."""

    body: Text


@put(router, "/messages/{int:message_id}/body", scope=WRITE, out=MessageOut)
def revise(request: Asked, message_id: PathId, body: RevisionIn) -> MessageOut:
    """Let a message of one's own say something else; what it said before is kept."""
    message_in_sight(request, message_id)
    return message_out(revise_message(message_id=message_id, body=body.body, by=request.actor, at=clock.now()))


@post(router, "/messages/{int:message_id}/withdraw", scope=WRITE, out=MessageOut)
def withdraw(request: Asked, message_id: PathId) -> MessageOut:
    """Take a message of one's own back: its words and files go, its place stays."""
    message_in_sight(request, message_id)
    return message_out(withdraw_message(message_id=message_id, by=request.actor, at=clock.now()))
