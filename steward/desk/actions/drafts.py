"""Keeping what people are writing: saved while they type, whatever happens to the ticket meanwhile.

No draft locks a ticket or is a fact of the ledger, and no action on a ticket writes a draft.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, is_blank
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.stirring import stir
from steward.desk.actions.writing import LONGEST_BODY, MOST_FILES, clean_token, sent_before
from steward.desk.models import Draft, DraftCopy, HeldReply, PendingFile, Ticket
from steward.desk.permissions import may_take_draft, may_work
from steward.desk.queries.access import ticket_seen_by
from steward.people.actions import notify
from steward.people.actor import Actor
from steward.people.permissions import require

LONGEST_DEVICE = 60


class AlreadySent(Conflict):
    """A save that comes late: what it holds has been sent already."""

    code = "already_sent"


@dataclass(frozen=True)
class Typed:
    """What a browser holds: the text, the token it will be sent under, and what the browser knows of the kept draft."""

    body: str
    client_token: str = ""
    version: int = 0
    device: str = ""
    turn: int = 0


def save_draft(*, ticket_id: int, kind: Draft.Kind, typed: Typed, by: Actor, at: datetime) -> Draft | None:
    """Keep what somebody has typed so far; None when nothing is left to keep.

    The newer text wins. One that was saved on another device since `typed.version` is kept as a copy beside it.
    A save that comes late, after a newer one of the same device, changes nothing; after the message was sent it
    raises `AlreadySent`.
    """
    body = _kept(typed.body)
    with transaction.atomic():
        ticket = _writable(ticket_id, by)
        draft = _locked_draft(ticket, kind, by)
        if draft is None:
            if is_blank(body):
                return None
            return _start(ticket, kind, typed, body, by=by, at=at)
        if typed.device and draft.device == typed.device and typed.turn <= draft.turn:
            return draft
        if not _knew(draft, typed) and draft.body != body:
            _keep_copy(draft)
        _write(draft, body, typed, at)
        return _unless_empty(draft)


def _kept(body: str) -> str:
    # Not stripped: the caret of whoever goes on typing stands behind the last blank.
    clean(body, max_length=LONGEST_BODY, field="body", required=False)
    return body.replace("\r\n", "\n").replace("\r", "\n")


def _writable(ticket_id: int, by: Actor) -> Ticket:
    ticket = ticket_seen_by(by, ticket_id)
    require(may_work(by, ticket) and by.user_id is not None, _("You may read this ticket but not change it."))
    return ticket


def _locked_draft(ticket: Ticket, kind: Draft.Kind, by: Actor) -> Draft | None:
    return Draft.objects.select_for_update().filter(ticket=ticket, author_id=by.user_id, kind=kind).first()


def _start(ticket: Ticket, kind: Draft.Kind, typed: Typed, body: str, *, by: Actor, at: datetime) -> Draft | None:
    if was_sent(ticket.pk, typed.client_token, by):
        raise AlreadySent(_("This was sent already."), field="body")
    try:
        with transaction.atomic():
            draft = Draft.objects.create(
                ticket=ticket,
                author_id=by.user_id or 0,
                kind=kind,
                body=body,
                client_token=clean_token(typed.client_token),
                device=typed.device[:LONGEST_DEVICE],
                turn=typed.turn,
                saved_at=at,
            )
    except IntegrityError:
        # Another device of the same person started one at the same moment.
        return save_draft(ticket_id=ticket.pk, kind=kind, typed=typed, by=by, at=at)
    _tell(draft, ticket.queue_id)
    return draft


def was_sent(ticket_id: int, client_token: str, by: Actor) -> bool:
    """Tell whether a message with this token was said by its author, or is held and about to be."""
    token = clean_token(client_token)
    if not token:
        return False
    held = HeldReply.objects.filter(ticket_id=ticket_id, author_id=by.user_id, client_token=token, taken_back_at=None)
    return held.exists() or sent_before(ticket_id, client_token=token, by=by) is not None


def _knew(draft: Draft, typed: Typed) -> bool:
    return draft.version == typed.version or bool(typed.device and draft.device == typed.device)


def _keep_copy(draft: Draft) -> None:
    if not is_blank(draft.body):
        DraftCopy.objects.update_or_create(
            draft=draft, device=draft.device, defaults={"body": draft.body, "saved_at": draft.saved_at}
        )


def _write(draft: Draft, body: str, typed: Typed, at: datetime) -> None:
    draft.body, draft.device, draft.turn = body, typed.device[:LONGEST_DEVICE], typed.turn
    draft.client_token = clean_token(typed.client_token) or draft.client_token
    draft.version += 1
    draft.saved_at = max(at, draft.saved_at)
    draft.save(update_fields=["body", "device", "turn", "client_token", "version", "saved_at"])


def _unless_empty(draft: Draft) -> Draft | None:
    """Let an empty draft vanish, with nothing left in it that somebody may still want."""
    if not is_blank(draft.body) or draft.files.exists() or draft.copies.exists():
        return draft
    _remove(draft)
    return None


def _remove(draft: Draft) -> None:
    PendingFile.objects.filter(draft=draft).delete()
    DraftCopy.objects.filter(draft=draft).delete()
    queue_id = Ticket.objects.values_list("queue_id", flat=True).get(pk=draft.ticket_id)
    _tell(draft, queue_id)
    Draft.objects.filter(pk=draft.pk).delete()


def _tell(draft: Draft, queue_id: int) -> None:
    """Let the marks appear or go: for colleagues on the ticket, in the lists only for whoever writes."""
    stir(f"writing:{draft.ticket_id}", queue_id=queue_id)
    stir(f"queue:{queue_id}", queue_id=queue_id, user_id=draft.author_id)


def attach_to_draft(
    *, ticket_id: int, kind: Draft.Kind, file: StoredFile, client_token: str = "", by: Actor, at: datetime
) -> PendingFile:
    """Keep an uploaded file with a draft, which begins with it if need be."""
    with transaction.atomic():
        ticket = _writable(ticket_id, by)
        draft = _locked_draft(ticket, kind, by) or _start(ticket, kind, Typed("", client_token), "", by=by, at=at)
        assert draft is not None
        if draft.files.count() >= MOST_FILES:
            raise Invalid(
                _("At most %(most)s files fit on one message.") % {"most": MOST_FILES},
                field="files",
                hint=_("Send the rest in a second message."),
            )
        return PendingFile.objects.create(
            draft=draft, name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256, created_at=at
        )


def detach_from_draft(*, file_id: int, by: Actor) -> None:
    """Take a file off one's draft; one that is gone already is no error."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update(of=("self",)).filter(files=file_id, author_id=by.user_id).first()
        if draft is not None:
            PendingFile.objects.filter(pk=file_id, draft=draft).delete()
            _unless_empty(draft)


def discard_draft(*, draft_id: int, by: Actor) -> None:
    """Throw one's own draft away, with its files and copies; one that is gone already is no error."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id, author_id=by.user_id).first()
        if draft is not None:
            _remove(draft)


def use_copy(*, copy_id: int, by: Actor, at: datetime) -> Draft:
    """Put the kept text of another device into one's draft, and keep the draft's in its place."""
    with transaction.atomic():
        copy = _own_copy(copy_id, by)
        draft = copy.draft
        draft.body, copy.body = copy.body, draft.body
        draft.version += 1
        draft.saved_at, copy.saved_at = max(at, draft.saved_at), draft.saved_at
        draft.save(update_fields=["body", "version", "saved_at"])
        if is_blank(copy.body):
            DraftCopy.objects.filter(pk=copy.pk).delete()
        else:
            copy.save(update_fields=["body", "saved_at"])
        return draft


def drop_copy(*, copy_id: int, by: Actor) -> None:
    """Let the kept text of another device go."""
    with transaction.atomic():
        copy = _own_copy(copy_id, by)
        DraftCopy.objects.filter(pk=copy.pk).delete()
        _unless_empty(copy.draft)


def _own_copy(copy_id: int, by: Actor) -> DraftCopy:
    draft = Draft.objects.select_for_update(of=("self",)).filter(copies=copy_id, author_id=by.user_id).first()
    copy = DraftCopy.objects.filter(pk=copy_id, draft=draft).first() if draft is not None else None
    if draft is None or copy is None:
        raise NotFound(_("This text is no longer kept."), hint=_("It was used or let go of in another window."))
    copy.draft = draft
    return copy


def share_draft(*, draft_id: int, is_shared: bool, by: Actor) -> Draft:
    """Let colleagues who work the ticket take one's draft over, or no longer."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id, author_id=by.user_id).first()
        if draft is None:
            raise _gone()
        draft.is_shared = is_shared
        draft.save(update_fields=["is_shared"])
        stir(f"writing:{draft.ticket_id}", queue_id=draft.ticket.queue_id)
        return draft


def take_over_draft(*, draft_id: int, by: Actor, at: datetime) -> Draft:
    """Make somebody's draft one's own, to finish and send it in one's own name; the one who wrote it is told.

    Whoever has one of the same kind on this ticket keeps it: the text taken over then stands beside it as a copy.
    """
    with transaction.atomic():
        # Two statements: a row joined to its author while waiting for the lock would be lost when that has changed.
        if not Draft.objects.select_for_update().filter(pk=draft_id).values_list("pk"):
            raise _gone()
        draft = Draft.objects.select_related("author").get(pk=draft_id)
        ticket = _writable(draft.ticket_id, by)
        if draft.author_id == by.user_id:
            return draft
        require(may_take_draft(by, draft), _("You may not take this draft over."))
        old_author, old_id = draft.author_id, draft.pk
        mine = _locked_draft(ticket, Draft.Kind(draft.kind), by)
        if mine is None:
            # A browser that still writes it starts a draft of its own with its next save: its text is not lost.
            draft.author_id, draft.is_shared, draft.device, draft.turn = by.user_id or 0, False, "", 0
            draft.version += 1
            draft.save(update_fields=["author", "is_shared", "device", "turn", "version"])
        else:
            fold_in(mine, body=draft.body, name=f"taken-{old_id}", saved_at=draft.saved_at)
            PendingFile.objects.filter(draft=draft).update(draft=mine)
            _remove(draft)
            draft = mine
        _tell(draft, ticket.queue_id)
        notify(
            user_ids=[old_author],
            kind="draft_taken",
            ticket_id=ticket.pk,
            queue_id=ticket.queue_id,
            data={"by_id": by.user_id},
            by=by,
            at=at,
        )
        return draft


def _gone() -> NotFound:
    return NotFound(_("This draft is gone."), hint=_("It was sent or thrown away meanwhile."))


def fold_in(draft: Draft, *, body: str, name: str, saved_at: datetime) -> None:
    """Put a text into an empty draft, or beside the text that stands there."""
    if is_blank(body) or draft.body == body:
        return
    if is_blank(draft.body):
        draft.body, draft.saved_at = body, max(saved_at, draft.saved_at)
    else:
        DraftCopy.objects.update_or_create(draft=draft, device=name, defaults={"body": body, "saved_at": saved_at})
    draft.version += 1
    draft.save(update_fields=["body", "version", "saved_at"])
