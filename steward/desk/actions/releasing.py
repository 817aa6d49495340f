"""Letting held replies go when their time has come, or taking them back: each ends once, whoever comes first."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, DomainError, NotFound
from steward.desk.actions.drafts import fold_in
from steward.desk.actions.locking import lock, lock_in_sight
from steward.desk.actions.macro_holding import do_held_run
from steward.desk.actions.replies import reply
from steward.desk.actions.sending import stored
from steward.desk.actions.stirring import stir
from steward.desk.models import Draft, HeldReply, MacroRun, Message, PendingFile, Ticket
from steward.desk.permissions import may_take_back
from steward.desk.rules.states import State
from steward.people.actions import notify
from steward.people.actor import Actor, ActorKind, system
from steward.people.permissions import require
from steward.people.queries import actor_of_user

log = logging.getLogger(__name__)
RELEASE = system("release", kind=ActorKind.RULE)
BACK = HeldReply.Back


class TooLate(Conflict):
    """It was sent, or taken back, a moment before."""

    code = "too_late"


def release_due(*, at: datetime, most: int = 200) -> int:
    """Release every held reply that is due, each in its own transaction; give how many were said.

    It may run late, twice at once, or be killed between two of them: what is due and not ended is found again.
    """
    due = HeldReply.objects.filter(due_at__lte=at, released_at=None, taken_back_at=None)
    return sum(_try(held_id, at=at) for held_id in list(due.order_by("due_at", "id").values_list("id", flat=True)[:most]))


def _try(held_id: int, *, at: datetime) -> bool:
    try:
        return release_reply(held_id=held_id, at=at) is not None
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One that cannot be released must not hold up all others; the next sweep finds it again.
        log.exception("desk.release_failed", extra={"held": held_id})
        return False


def release_reply(*, held_id: int, at: datetime) -> Message | None:
    """Say a held reply whose time has come, in the name of whoever wrote it; None when it is not due or has ended.

    Where it can no longer be said, since the author left, the requester wrote first or the ticket refuses it, it
    becomes a draft again and somebody is told.
    """
    with transaction.atomic():
        found = HeldReply.objects.filter(pk=held_id, due_at__lte=at).values_list("ticket_id", flat=True).first()
        if found is None:
            return None
        ticket = lock(found)
        held = _locked(held_id)
        if not held.is_waiting:
            return None
        if not held.author.is_active:
            _give_back(held, ticket, BACK.LEFT, at=at)
            return None
        if held.stop_if_newer and _was_answered(held):
            _give_back(held, ticket, BACK.NEWER, at=at)
            return None
        return _release(held, ticket, at=at)


def send_now(*, held_id: int, by: Actor, at: datetime) -> Message:
    """Say a held reply at once; one said already is given again, one taken back raises `TooLate`."""
    with transaction.atomic():
        held, ticket = _own(held_id, by)
        if held.message is not None:
            return held.message
        if not held.is_waiting:
            raise TooLate(_("This reply was taken back already."), hint=_("Its text is in the draft."))
        return _say(held, ticket, at=at)


def take_back(*, held_id: int, by: Actor, at: datetime) -> Draft:
    """Take a held reply back: text, files and token are the author's draft again. Raises `TooLate` once it was said."""
    with transaction.atomic():
        held, ticket = _own(held_id, by)
        if held.released_at is not None:
            raise TooLate(_("Too late: this reply has been sent."), hint=_("Write another one to put it right."))
        if held.taken_back_at is None:
            return _give_back(held, ticket, BACK.AUTHOR, at=at)
        draft = Draft.objects.filter(ticket=ticket, author_id=held.author_id, kind=Draft.Kind.REPLY).first()
        if draft is None:
            raise TooLate(_("This reply was taken back already."))
        return draft


def come_back(*, held_id: int, at: datetime) -> None:
    """Make a waiting reply of somebody who left a draft again; nothing happens where it has ended."""
    with transaction.atomic():
        ticket = lock(HeldReply.objects.values_list("ticket_id", flat=True).get(pk=held_id))
        held = _locked(held_id)
        if held.is_waiting:
            _give_back(held, ticket, BACK.LEFT, at=at)


def _locked(held_id: int) -> HeldReply:
    # Two statements, as for a ticket: what is joined while waiting for the lock may be gone by then.
    HeldReply.objects.select_for_update().values_list("pk").get(pk=held_id)
    return HeldReply.objects.select_related("author", "message", "macro_run").get(pk=held_id)


def _own(held_id: int, by: Actor) -> tuple[HeldReply, Ticket]:
    found = HeldReply.objects.filter(pk=held_id).values_list("ticket_id", flat=True).first()
    if found is None:
        raise NotFound(_("There is no such reply."))
    ticket = lock_in_sight(found, by)
    held = _locked(held_id)
    require(may_take_back(by, held), _("Only its author or a lead decides about this reply."))
    return held, ticket


def _was_answered(held: HeldReply) -> bool:
    newer = Message.objects.filter(ticket_id=held.ticket_id, author_kind="requester", created_at__gt=held.created_at)
    return newer.exists()


def _release(held: HeldReply, ticket: Ticket, *, at: datetime) -> Message | None:
    try:
        with transaction.atomic():
            return _say(held, ticket, at=at)
    except DomainError as error:
        log.info("desk.held_reply_refused", extra={"held": held.pk, "code": error.code})
        held.refresh_from_db()
        _give_back(held, ticket, BACK.REFUSED, at=at)
        return None


def _say(held: HeldReply, ticket: Ticket, *, at: datetime) -> Message:
    message = _reply(held, ticket, at=at) if held.macro_run_id is None else do_held_run(held, at=at)
    held.released_at, held.message = at, message
    held.save(update_fields=["released_at", "message"])
    PendingFile.objects.filter(held=held).delete()
    return message


def _reply(held: HeldReply, ticket: Ticket, *, at: datetime) -> Message:
    return reply(
        ticket_id=ticket.pk,
        body=held.body,
        then=State(held.then) if held.then else None,
        reason=held.reason,
        to=held.to,
        files=stored(list(held.files.order_by("id"))),
        client_token=held.client_token,
        by=actor_of_user(held.author_id),
        at=at,
    )


def _give_back(held: HeldReply, ticket: Ticket, why: HeldReply.Back, *, at: datetime) -> Draft:
    """Make a locked, waiting reply its author's draft again; a draft begun since then keeps its place, with this beside it."""
    draft, made = Draft.objects.select_for_update().get_or_create(
        ticket=ticket,
        author_id=held.author_id,
        kind=Draft.Kind.REPLY,
        defaults={"body": held.body, "client_token": held.client_token, "saved_at": at},
    )
    if not made:
        fold_in(draft, body=held.body, name=f"held-{held.pk}", saved_at=at)
    if draft.body == held.body:
        draft.client_token = held.client_token
        draft.save(update_fields=["client_token"])
    PendingFile.objects.filter(held=held).update(held=None, draft=draft)
    held.taken_back_at, held.why_back = at, why
    held.save(update_fields=["taken_back_at", "why_back"])
    if held.macro_run_id is not None:
        MacroRun.objects.filter(pk=held.macro_run_id).update(undone_at=at)
    stir(f"ticket:{ticket.pk}", f"writing:{ticket.pk}", queue_id=ticket.queue_id)
    stir(f"queue:{ticket.queue_id}", queue_id=ticket.queue_id, user_id=held.author_id)
    # Of what somebody left behind the leads are told, with all else that was left.
    if why not in {BACK.AUTHOR, BACK.LEFT}:
        notify(
            user_ids=[held.author_id],
            kind="reply_came_back",
            ticket_id=ticket.pk,
            queue_id=ticket.queue_id,
            data={"why": str(why), "author_id": held.author_id},
            by=RELEASE,
            at=at,
        )
    return draft
