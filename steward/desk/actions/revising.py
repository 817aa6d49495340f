"""What an author does to their own words where they were written: changing them, and taking them back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.desk.actions.erasing import forget_file, forget_words
from steward.desk.actions.locking import lock
from steward.desk.actions.searching import index_again
from steward.desk.actions.writing import clean_body
from steward.desk.facts.care import MessageRevised, MessageWithdrawn
from steward.desk.models import Message, MessageRevision, Ticket
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require


def revise_message(*, message_id: int, body: str, by: Actor, at: datetime) -> Message:
    """Let a message say what its author changed it to; what it said before is kept as a revision.

    The same words again change nothing, and nothing is changed in what was erased. Raises `NotAllowed` for the words of
    somebody else.
    """
    with transaction.atomic():
        home, message = _own(message_id, by)
        body = clean_body(body, has_files=message.attachments.exists())
        if message.erased_at is not None or body == message.body:
            return message
        number = message.revisions.count() + 1
        MessageRevision.objects.create(message=message, number=number, body=message.body, replaced_at=at)
        message.body, message.edited_at = body, at
        message.save(update_fields=["body", "edited_at"])
        record(MessageRevised(ticket_id=home.pk, message_id=message.pk, revision=number), by=by, at=at)
        _index(home, message)
        return message


def withdraw_message(*, message_id: int, by: Actor, at: datetime) -> Message:
    """Take a message back in its author's name: words, former words and files go, the place in the conversation stays.

    Taken back twice is taken back once. Raises `NotAllowed` for the words of somebody else.
    """
    with transaction.atomic():
        home, message = _own(message_id, by)
        if message.erased_at is not None:
            return message
        forget_words(home, [message], at=at)
        for file in message.attachments.filter(erased_at=None).order_by("id"):
            forget_file(file, at=at)
        record(MessageWithdrawn(ticket_id=home.pk, message_id=message.pk), by=by, at=at)
        message.refresh_from_db()
        _index(home, message)
        return message


def _own(message_id: int, by: Actor) -> tuple[Ticket, Message]:
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        raise NotFound(_("There is no such message."))
    home = lock(found.ticket_id)
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    mine = message.requester_id is not None and message.requester_id == by.requester_id
    require(mine, _("Only who wrote a message may change it."))
    return home, message


def _index(home: Ticket, message: Message) -> None:
    index_again(home)
    if message.shown_on_id is not None:
        index_again(Ticket.objects.select_for_update(of=("self",)).get(pk=message.shown_on_id))
