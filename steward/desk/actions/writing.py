"""Putting words on a ticket: the one place where a message or a note is written."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.facts import Fact
from steward.core.prepared import Prepared
from steward.core.text import clean
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.locking import touch
from steward.desk.actions.searching import index_more
from steward.desk.actions.waking import settle_return
from steward.desk.facts.structure import SideMessageReceived, SideMessageSent
from steward.desk.facts.ticket import MessageReceived, NoteAdded, ReplySent
from steward.desk.models import Attachment, Conversation, Message, Ticket
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, ActorKind

LONGEST_BODY = 1_000_000
LONGEST_SUBJECT = 300
LONGEST_TOKEN = 100
MOST_FILES = 10


_SENT = Prepared(
    lambda ticket_id, client_token: (
        Message.objects.filter(ticket_id=ticket_id, client_token=client_token).exclude(client_token="").order_by("id")
    ),
    ticket_id=int,
    client_token=str,
)
_TALKS = Conversation.objects.filter(kind=Conversation.Kind.REQUESTER)
_CONVERSATION = Prepared(
    lambda ticket_id, requester_id: _TALKS.filter(ticket_id=ticket_id, requester_id=requester_id).order_by("id")[:1],
    ticket_id=int,
    requester_id=int,
)


def sent_before(ticket_id: int, *, client_token: str, from_requester: bool = False, by: Actor) -> Message | None:
    """Find the message a repeated request has already written, on the ticket it was sent to."""
    client_token = clean_token(client_token)
    if not client_token:
        return None
    kind, user_id = _author(by, from_requester=from_requester)
    sent = _SENT.all(ticket_id=ticket_id, client_token=client_token)
    return next((one for one in sent if one.author_kind == kind and one.author_user_id == user_id), None)


def clean_token(client_token: str) -> str:
    """Return what marks a repeated request, fit to be stored."""
    return clean(client_token, max_length=LONGEST_TOKEN, field="client_token", required=False)


def _author(by: Actor, *, from_requester: bool) -> tuple[str, int | None]:
    """Whoever typed or relayed it, what a requester says is the requester's."""
    if from_requester:
        return ActorKind.REQUESTER.value, None
    # A macro's words are those of the person who ran it, having read them.
    return str(ActorKind.AGENT if by.kind == ActorKind.MACRO else by.kind), by.user_id


def write_message(  # noqa: PLR0913 -- the row has that many independent parts
    ticket: Ticket,
    *,
    body: str,
    kind: Message.Kind = Message.Kind.MESSAGE,
    automatic: bool = False,
    from_requester: bool = False,
    files: Sequence[StoredFile] = (),
    client_token: str = "",
    conversation: Conversation | None = None,
    from_outside: bool = False,
    index: bool = True,
    by: Actor,
    at: datetime,
) -> Message:
    """Write a message or note on a locked ticket, with its files, search words and fact.

    Without a `conversation` it stands in the ticket's first one.
    """
    conversation = conversation or conversation_of(ticket, at)
    body = clean_body(body, has_files=bool(files))
    author_kind, author_user_id = _author(by, from_requester=from_requester)
    message = Message.objects.create(
        ticket=ticket,
        conversation=conversation,
        kind=kind,
        author_kind=author_kind,
        author_user_id=author_user_id,
        requester_id=conversation.requester_id if from_requester else None,
        automatic=automatic,
        body=body,
        client_token=clean_token(client_token),
        created_at=at,
    )
    _attach(message, files, at)
    before, changed = _moved(ticket), []
    # What no person wrote is no answer: a ticket that waits for one goes on waiting.
    if kind == Message.Kind.MESSAGE and not automatic:
        ticket.last_message_at = max(at, ticket.last_message_at)
        changed.append("last_message_at")
        if not from_requester and settle_return(ticket, at=at):
            changed.append("snoozing")
    if from_requester:
        ticket.last_requester_message_at = max(at, ticket.last_requester_message_at or at)
        changed.append("last_requester_message_at")
    # A ticket that opens with this message holds its instants already.
    if ticket.updated_at < at or _moved(ticket) != before:
        touch(ticket, at, *changed)
    if index and not automatic:
        index_more(ticket, body, *(file.name for file in files))
    record(_fact(message, from_requester=from_requester, from_outside=from_outside), by=by, at=at)
    return message


def _moved(ticket: Ticket) -> tuple[object, ...]:
    return ticket.last_message_at, ticket.last_requester_message_at, ticket.snoozing


def clean_body(body: str, *, has_files: bool) -> str:
    """Return a message's text fit to be stored; a message of files alone needs none."""
    return clean(body, max_length=LONGEST_BODY, field="body", required=not has_files)


def conversation_of(ticket: Ticket, at: datetime, *, requester_id: int | None = None) -> Conversation:
    """Give the conversation in which a ticket's own requester, or somebody asked along, is answered."""
    conversation = _CONVERSATION.first(ticket_id=ticket.pk, requester_id=requester_id or ticket.requester_id)
    if conversation is None:
        conversation = Conversation.objects.create(
            ticket=ticket,
            channel=ticket.channel,
            requester_id=requester_id or ticket.requester_id,
            created_at=at,
        )
    return conversation


def check_files(files: Sequence[object]) -> None:
    """Raise `Invalid` for more files than fit on one message."""
    if len(files) > MOST_FILES:
        raise Invalid(
            _("That is %(count)s files; %(most)s fit on one message.") % {"count": len(files), "most": MOST_FILES},
            field="files",
            hint=_("Send the rest in a second message."),
        )


def _attach(message: Message, files: Sequence[StoredFile], at: datetime) -> None:
    check_files(files)
    if not files:
        return
    Attachment.objects.bulk_create(
        [
            Attachment(
                message=message,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                created_at=at,
            )
            for file in files
        ]
    )


def _fact(message: Message, *, from_requester: bool, from_outside: bool) -> Fact:
    if message.kind == Message.Kind.SIDE:
        said = SideMessageReceived if from_outside else SideMessageSent
        return said(ticket_id=message.ticket_id, message_id=message.pk, conversation_id=message.conversation_id)
    if message.kind == Message.Kind.NOTE:
        return NoteAdded(ticket_id=message.ticket_id, message_id=message.pk)
    if from_requester:
        return MessageReceived(
            ticket_id=message.ticket_id,
            message_id=message.pk,
            conversation_id=message.conversation_id,
        )
    return ReplySent(
        ticket_id=message.ticket_id,
        message_id=message.pk,
        conversation_id=message.conversation_id,
        automatic=message.automatic,
    )
