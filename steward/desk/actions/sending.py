"""Sending what was written: at once, after a moment in which it can be taken back, or at an hour chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.core.errors import Invalid
from steward.core.prepared import Prepared
from steward.core.text import is_blank
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.replies import add_note, check_reply, refuse_unread, reply
from steward.desk.actions.stirring import stir
from steward.desk.actions.writing import check_files, clean_body, clean_token, sent_before
from steward.desk.models import Draft, DraftCopy, HeldReply, HoldTime, MacroRun, Message, PendingFile, Ticket
from steward.desk.rules.holding import FURTHEST, usual_hold
from steward.desk.rules.states import State
from steward.people.actor import Actor


@dataclass(frozen=True)
class Written:
    """What a form sends: the text, its files, and what it knows of the draft they come from.

    `file_ids` are files uploaded to the draft, `files` those that came along with the form.
    """

    body: str
    files: Sequence[StoredFile] = ()
    client_token: str = ""
    draft_version: int = 0
    file_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Manner:
    """How a reply is to be sent: what follows, what was seen, and when."""

    then: State | None = None
    reason: str = ""
    to: tuple[int, ...] = ()
    seen_message_id: int | None = None
    anyway: bool = False
    send_at: datetime | None = None
    stop_if_newer: bool = True


_HOLD = Prepared(lambda channel: HoldTime.objects.filter(channel=channel), channel=str)
_HELD = Prepared(
    lambda ticket_id, author_id, token: HeldReply.objects.filter(
        ticket_id=ticket_id, author_id=author_id, client_token=token, taken_back_at=None
    ).order_by("id")[:1],
    ticket_id=int,
    author_id=int,
    token=str,
)
_DRAFT = Prepared(
    lambda ticket_id, author_id, kind: Draft.objects.select_for_update().filter(
        ticket_id=ticket_id, author_id=author_id, kind=kind
    ),
    ticket_id=int,
    author_id=int,
    kind=str,
)


def hold_seconds(channel: str) -> int:
    """Give the seconds for which replies on a channel are held."""
    chosen = _HOLD.first(channel=channel)
    return usual_hold(channel) if chosen is None else chosen.seconds


def send_reply(*, ticket_id: int, written: Written, manner: Manner, by: Actor, at: datetime) -> Message | HeldReply:
    """Answer the requester as `reply` does, at once or held: for the channel's seconds, or until `manner.send_at`.

    A held reply is no message: nobody but the desk knows of it, and what follows it waits with it. What `reply` would
    refuse is refused now. The same `client_token` gives what was sent or held already. The draft it was written in
    is gone afterwards; text that came into it on another device stays.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        repeated = sent_before(ticket_id, client_token=written.client_token, by=by) or _held_before(ticket_id, written, by)
        if repeated is not None:
            return repeated
        due_at = _due_at(ticket, manner, at)
        if due_at is None:
            message = _say(ticket, written, manner, by=by, at=at)
            _let_go(ticket, Draft.Kind.REPLY, written, by=by)
            return message
        # Whatever forbids it forbids it now, while the one who wrote it is looking. Checked and not tried: a trial would
        # write all of it first.
        pending = _pending(ticket, Draft.Kind.REPLY, written, by)
        check_files([*pending, *written.files])
        check_reply(
            ticket,
            body=written.body,
            then=manner.then,
            reason=manner.reason,
            has_files=bool(pending or written.files),
            to=manner.to,
            seen_message_id=None if manner.anyway else manner.seen_message_id,
            by=by,
        )
        held = hold(ticket, written, manner, due_at=due_at, by=by, at=at)
        _let_go(ticket, Draft.Kind.REPLY, written, by=by)
        return held


def _held_before(ticket_id: int, written: Written, by: Actor) -> HeldReply | None:
    token = clean_token(written.client_token)
    if not token:
        return None
    return _HELD.first(ticket_id=ticket_id, author_id=by.user_id or 0, token=token)


def _due_at(ticket: Ticket, manner: Manner, at: datetime) -> datetime | None:
    if manner.send_at is not None:
        if manner.send_at <= at:
            raise Invalid(_("That time has passed."), field="send_at", hint=_("Choose a later one, or send it now."))
        if manner.send_at - at > FURTHEST:
            raise Invalid(_("That is too far away."), field="send_at", hint=_("Choose a time within 90 days."))
        return manner.send_at
    seconds = hold_seconds(ticket.channel)
    return at + timedelta(seconds=seconds) if seconds else None


def _say(ticket: Ticket, written: Written, manner: Manner, *, by: Actor, at: datetime) -> Message:
    if manner.seen_message_id is not None and not manner.anyway:
        refuse_unread(ticket, manner.seen_message_id, by=by)
    return reply(
        ticket_id=ticket.pk,
        body=written.body,
        then=manner.then,
        reason=manner.reason,
        to=manner.to,
        files=[*stored(_pending(ticket, Draft.Kind.REPLY, written, by)), *written.files],
        client_token=written.client_token,
        by=by,
        at=at,
    )


def _pending(ticket: Ticket, kind: Draft.Kind, written: Written, by: Actor) -> list[PendingFile]:
    wanted = set(written.file_ids)
    if not wanted:
        return []
    mine = PendingFile.objects.filter(pk__in=wanted, draft__ticket=ticket, draft__author_id=by.user_id, draft__kind=kind)
    found = list(mine.order_by("id"))
    if len(found) != len(wanted):
        raise Invalid(
            _("A file of this message is gone: it was taken off in another window."), field="files", hint=_("Attach it again.")
        )
    return found


def stored(files: Sequence[PendingFile]) -> list[StoredFile]:
    """Give pending files as they are put on a message."""
    return [StoredFile(file.name, file.media_type, file.size, file.sha256) for file in files]


def hold(
    ticket: Ticket,
    written: Written,
    manner: Manner,
    *,
    due_at: datetime,
    run: MacroRun | None = None,
    by: Actor,
    at: datetime,
) -> HeldReply:
    """Hold a reply on a locked ticket until it is due, and with it the run of a macro that it belongs to."""
    pending = _pending(ticket, Draft.Kind.REPLY, written, by)
    held = HeldReply.objects.create(
        ticket=ticket,
        author_id=by.user_id or 0,
        macro_run=run,
        body=clean_body(written.body, has_files=bool(written.files or pending)),
        then=manner.then.value if manner.then else "",
        reason=manner.reason,
        to=list(manner.to),
        client_token=clean_token(written.client_token),
        seen_message_id=manner.seen_message_id or 0,
        is_scheduled=manner.send_at is not None,
        stop_if_newer=manner.send_at is not None and manner.stop_if_newer,
        created_at=at,
        due_at=due_at,
    )
    if pending:
        PendingFile.objects.filter(pk__in=[file.pk for file in pending]).update(draft=None, held=held)
    PendingFile.objects.bulk_create(
        [
            PendingFile(held=held, name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256, created_at=at)
            for file in written.files
        ]
    )
    defer("desk.release_reply", schedule_at=due_at, held_id=held.pk)
    stir(f"ticket:{ticket.pk}", queue_id=ticket.queue_id)
    return held


def send_note(*, ticket_id: int, written: Written, by: Actor, at: datetime) -> Message:
    """Write an internal note from a draft; notes are never held, since nobody outside reads them."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        repeated = sent_before(ticket_id, client_token=written.client_token, by=by)
        if repeated is not None:
            return repeated
        files = [*stored(_pending(ticket, Draft.Kind.NOTE, written, by)), *written.files]
        note = add_note(ticket_id=ticket_id, body=written.body, files=files, client_token=written.client_token, by=by, at=at)
        _let_go(ticket, Draft.Kind.NOTE, written, by=by)
        return note


def _let_go(ticket: Ticket, kind: Draft.Kind, written: Written, *, by: Actor) -> None:
    """Have the draft that was sent vanish; what another device wrote into it since then stays, under a token of its own."""
    draft = _DRAFT.first(ticket_id=ticket.pk, author_id=by.user_id or 0, kind=kind.value)
    if draft is None:
        return
    same = draft.version <= written.draft_version or draft.body.strip() == written.body.strip() or is_blank(draft.body)
    PendingFile.objects.filter(draft=draft, pk__in=list(written.file_ids)).delete()
    if same and not draft.copies.exists():
        PendingFile.objects.filter(draft=draft).delete()
        Draft.objects.filter(pk=draft.pk).delete()
    else:
        draft.client_token, draft.device, draft.turn = "", "", 0
        draft.version += 1
        if same:
            # The text of another device is all that is left, and takes its place.
            kept = DraftCopy.objects.filter(draft=draft).order_by("-saved_at", "-id").earliest("-saved_at", "-id")
            draft.body = kept.body
            DraftCopy.objects.filter(pk=kept.pk).delete()
        draft.save(update_fields=["body", "client_token", "device", "turn", "version"])
    stir(f"writing:{ticket.pk}", queue_id=ticket.queue_id)
    stir(f"queue:{ticket.queue_id}", queue_id=ticket.queue_id, user_id=by.user_id)
