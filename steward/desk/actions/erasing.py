"""Erasing words and files: of one message, by hand; and of all that a person said and was told."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import one_line
from steward.desk.actions.filing import is_held_above, path_of, storage
from steward.desk.actions.locking import lock, lock_in_sight
from steward.desk.actions.searching import index_again
from steward.desk.actions.writing import LONGEST_SUBJECT
from steward.desk.facts.care import FileErased, MessageErased
from steward.desk.models import Attachment, HeldReply, Message, MessageRevision, PendingFile, Question, Ticket
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.erasing import TOMBSTONE
from steward.people.models import Erasure
from steward.people.permissions import may_erase_content, require

# Not the bare tombstone: by that a ticket is known that went with its requester, whole.
SUBJECT_GONE = f"{TOMBSTONE} …"
# What was stored a moment ago may be on its way onto a message.
FRESH = timedelta(minutes=10)


def erase_content(
    *, message_id: int, words: bool, attachment_ids: Collection[int], reason: str, by: Actor, at: datetime
) -> Message:
    """Erase the words of a message, or some of its files, or both; its place, author, time and size stay.

    With the words goes a subject that was taken from them. What is erased already is passed over. Raises `NotFound` out
    of sight, and `Invalid` when nothing was chosen.
    """
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        raise NotFound(_("There is no such message."))
    if reason not in Erasure.Reason.values:
        raise Invalid(_("Say why."), field="reason", hint=_("Choose one of the reasons."))
    with transaction.atomic():
        ticket = lock_in_sight(found.shown_on_id or found.ticket_id, by)
        home = ticket if ticket.pk == found.ticket_id else lock(found.ticket_id)
        require(may_erase_content(by), _("Only leads and admins erase what was said."))
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        if (message.shown_on_id or message.ticket_id) != ticket.pk:
            raise Conflict(_("The message was moved meanwhile."), hint=_("Open it again where it stands now."))
        files = list(message.attachments.filter(pk__in=list(attachment_ids)).order_by("id"))
        if not words and not files:
            raise Invalid(_("Nothing was chosen."), field="words", hint=_("Choose the words, a file, or both."))
        if words and message.erased_at is None:
            forget_words(home, [message], at=at)
            record(MessageErased(ticket_id=home.pk, message_id=message.pk, reason=reason), by=by, at=at)
        for file in files:
            if file.erased_at is None:
                forget_file(file, at=at)
                record(FileErased(ticket_id=home.pk, attachment_id=file.pk, reason=reason), by=by, at=at)
        for one in {home.pk: home, ticket.pk: ticket}.values():
            index_again(one)
        return message


def forget_words(home: Ticket, messages: Collection[Message], *, at: datetime) -> None:
    """Take the words of messages of a locked ticket away, wherever they lie: a subject, an answer, an outbox."""
    for message in messages:
        first = next((line for line in message.body.splitlines() if line.strip()), "")
        if first and home.subject == one_line(first, max_length=LONGEST_SUBJECT):
            home.subject = SUBJECT_GONE
            home.save(update_fields=["subject"])
    ids = [message.pk for message in messages]
    Message.objects.filter(pk__in=ids).update(body="", erased_at=at)
    MessageRevision.objects.filter(message_id__in=ids).update(body="")
    Question.objects.filter(message_id__in=ids).exclude(comment="").update(comment=TOMBSTONE)
    HeldReply.objects.filter(message_id__in=ids).update(body="")


def forget_file(file: Attachment, *, at: datetime) -> None:
    """Take a file's name and bytes away; the bytes go once no other row has them."""
    sha256 = file.sha256
    held = PendingFile.objects.filter(sha256=sha256, held__message_id=file.message_id)
    held.update(name=TOMBSTONE, sha256="")
    file.name, file.sha256, file.erased_at = "", "", at
    file.save(update_fields=["name", "sha256", "erased_at"])
    defer("desk.erase_bytes", sha256=sha256)


def erase_bytes(*, sha256: str, at: datetime) -> bool:
    """Remove a file's bytes and the veil made of them, unless a message, a draft, an outbox or a channel still has them.

    What was stored minutes ago may be about to be sent: it is left to the next sweep; False says so.
    """
    if not sha256:
        return True
    if Attachment.objects.filter(sha256=sha256).exists() or PendingFile.objects.filter(sha256=sha256).exists():
        return True
    if is_held_above(sha256):
        return True
    for place in (path_of(sha256), f"veils/{sha256}"):
        target = Path(storage().path(place))
        if not target.exists():
            continue
        if at.timestamp() - target.stat().st_mtime < FRESH.total_seconds():
            return False
        target.unlink()
    return True


def of_person(requester_id: int) -> Q:
    """Give the condition for the messages of a person: all on their tickets, and theirs on others'."""
    return Q(ticket__requester_id=requester_id) | Q(requester_id=requester_id) | Q(conversation__requester_id=requester_id)


def with_words_left(requester_id: int) -> Q:
    """Give the condition for the tickets on which something of a person is left to erase."""
    said = Message.objects.filter(ticket=OuterRef("pk"), erased_at=None).filter(of_person(requester_id))
    files = Attachment.objects.filter(message__ticket=OuterRef("pk"), erased_at=None, message__ticket__requester_id=requester_id)
    return Q(requester_id=requester_id) & ~Q(subject=TOMBSTONE) | Exists(said) | Exists(files)
