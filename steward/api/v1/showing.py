"""Tickets and what is said on them, as the API gives them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from steward.api.shapes import Given, Named
from steward.api.tokens import Asked
from steward.api.versions import Versioned
from steward.desk.models import Attachment, FollowUp, Message, Question, Tag, Ticket
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.custom_fields import values_of
from steward.desk.queries.lists import Row

FieldValue = str | int | float | bool | list[int] | None


class StateOut(Named):
    """A status, and the state it stands for."""

    state: str


class TicketOut(Given):
    """A ticket as it is."""

    id: int
    subject: str
    state: str
    status: StateOut
    waiting_reason: str
    priority: int
    queue: Named
    category: Named | None
    requester: Named
    assignee: Named | None
    tags: list[Named]
    fields: dict[str, FieldValue]
    channel: str
    language: str
    harm: str
    snoozing: str
    outcome: str
    merged_into: int | None
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    last_message_at: datetime
    solved_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None
    url: str


class RowOut(Given):
    """A ticket as a list shows it."""

    id: int
    subject: str
    state: str
    status: str
    waiting_reason: str
    priority: int
    queue: Named
    category: str | None
    requester: str
    assignee: Named | None
    channel: str
    language: str
    snoozing: str
    awaits_reply: bool
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    last_message_at: datetime


class FileOut(Given):
    """A file on a message; `url` is where its bytes are, empty once it was erased."""

    id: int
    name: str
    media_type: str
    size: int
    erased: bool
    url: str


class QuestionOut(Given):
    """A question with answers to tap."""

    id: int
    kind: str
    options: list[str]
    answer: str
    comment: str
    asked_at: datetime
    answered_at: datetime | None
    withdrawn_at: datetime | None


class AuthorOut(Given):
    """Who wrote something: `kind` is requester, agent, macro, rule, system and the like."""

    kind: str
    user: Named | None
    requester: Named | None


class MessageOut(Given):
    """Something said with the requester (`message`), among colleagues (`note`) or with a third party (`side`)."""

    id: int
    ticket_id: int
    conversation_id: int
    kind: str
    author: AuthorOut
    automatic: bool
    body: str
    created_at: datetime
    erased_at: datetime | None
    files: list[FileOut]
    question: QuestionOut | None


class FollowUpOut(Given):
    """A promise to come back to a ticket."""

    id: int
    ticket_id: int
    owner: Named
    what: str
    due_at: datetime
    created_at: datetime
    outcome: str
    done_at: datetime | None


def named(row: Any) -> Named | None:
    """Give a row by number and name."""
    return None if row is None else Named(id=row.pk, name=row.name)


def ticket_out(ticket: Ticket) -> TicketOut:
    """Give a ticket that was read for its page."""
    values = values_of([ticket.pk]).get(ticket.pk, {})
    tags = Tag.objects.filter(tickettag__ticket_id=ticket.pk).order_by("id")
    return TicketOut(
        id=ticket.pk,
        subject=ticket.subject,
        state=ticket.state,
        status=StateOut(id=ticket.status_id, name=ticket.status.name, state=ticket.status.state),
        waiting_reason=ticket.waiting_reason,
        priority=ticket.priority,
        queue=Named(id=ticket.queue_id, name=ticket.queue.name),
        category=named(ticket.category),
        requester=Named(id=ticket.requester_id, name=ticket.requester.name),
        assignee=named(ticket.assignee),
        tags=[Named(id=tag.pk, name=tag.name) for tag in tags],
        fields={str(field_id): value for field_id, value in sorted(values.items())},
        channel=ticket.channel,
        language=ticket.language,
        harm=ticket.harm,
        snoozing=ticket.snoozing,
        outcome=ticket.outcome,
        merged_into=ticket.merged_into_id,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        due_at=ticket.due_at,
        last_message_at=ticket.last_message_at,
        solved_at=ticket.solved_at,
        confirmed_at=ticket.confirmed_at,
        closed_at=ticket.closed_at,
        url=str(settings.BASE_URL).rstrip("/") + reverse("ticket:page", args=[ticket.pk]),
    )


def seen_ticket(request: Asked, ticket_id: int) -> TicketOut:
    """Give a ticket the actor sees; raises `NotFound` for any other."""
    return ticket_out(ticket_seen_by(request.actor, ticket_id, queue_ids={queue.pk for queue in request.queues}))


TICKET = Versioned("ticket", Ticket, "ticket_id", seen_ticket, no_key=False)


def row_out(row: Row) -> RowOut:
    """Give a row of a list."""
    return RowOut(
        id=row.id,
        subject=row.subject,
        state=row.state,
        status=row.status,
        waiting_reason=row.waiting_reason,
        priority=row.priority,
        queue=Named(id=row.queue_id, name=row.queue),
        category=row.category,
        requester=row.requester,
        assignee=Named(id=row.assignee_id, name=row.assignee or "") if row.assignee_id else None,
        channel=row.channel,
        language=row.language,
        snoozing=row.snoozing,
        awaits_reply=row.awaits_reply,
        created_at=row.created_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        last_message_at=row.last_message_at,
    )


def file_out(file: Attachment) -> FileOut:
    """Give a file without its bytes."""
    return FileOut(
        id=file.pk,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        erased=file.erased_at is not None,
        url="" if file.erased_at else f"/api/v1/attachments/{file.pk}",
    )


def message_out(message: Message, files: Sequence[Attachment] | None = None) -> MessageOut:
    """Give a message; without `files` they are read."""
    found = message.attachments.order_by("id") if files is None else files
    question = Question.objects.filter(message=message).first() if files is None else getattr(message, "question", None)
    return MessageOut(
        id=message.pk,
        ticket_id=message.shown_on_id or message.ticket_id,
        conversation_id=message.conversation_id,
        kind=message.kind,
        author=AuthorOut(kind=message.author_kind, user=named(message.author_user), requester=named(message.requester)),
        automatic=message.automatic,
        body=message.body,
        created_at=message.created_at,
        erased_at=message.erased_at,
        files=[file_out(file) for file in found],
        question=question_out(question),
    )


def question_out(question: Question | None) -> QuestionOut | None:
    """Give a question, if there is one."""
    if question is None:
        return None
    return QuestionOut(
        id=question.pk,
        kind=question.kind,
        options=[str(option) for option in question.options],
        answer=question.answer,
        comment=question.comment,
        asked_at=question.asked_at,
        answered_at=question.answered_at,
        withdrawn_at=question.withdrawn_at,
    )


def follow_up_out(follow_up: FollowUp) -> FollowUpOut:
    """Give a follow-up with its owner."""
    return FollowUpOut(
        id=follow_up.pk,
        ticket_id=follow_up.ticket_id,
        owner=Named(id=follow_up.owner_id, name=follow_up.owner.name),
        what=follow_up.what,
        due_at=follow_up.due_at,
        created_at=follow_up.created_at,
        outcome=follow_up.outcome,
        done_at=follow_up.done_at,
    )
