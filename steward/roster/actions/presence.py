"""Being there or not: breaks, and signing off at the end of a shift."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require
from steward.roster.facts import BreakEnded, BreakStarted, ShiftEnded
from steward.roster.models import Break, Shift, ShiftKind
from steward.roster.permissions import may_sign_off


def start_break(*, user_id: int, by: Actor, at: datetime) -> Break:
    """Let somebody on duty go away for a while; one who is away already stays away since then."""
    require(may_sign_off(by, user_id), _("This is somebody else's break."))
    with transaction.atomic():
        shift = _running(user_id, at)
        if shift is None:
            raise Invalid(_("A break is part of a shift, and none is running."), hint=_("Ask your lead to enter your shift."))
        away = Break.objects.filter(user_id=user_id, ended_at=None).first()
        if away is not None:
            return away
        try:
            with transaction.atomic():
                away = Break.objects.create(user_id=user_id, shift=shift, started_at=at)
        except IntegrityError as error:
            raise Conflict(_("This break overlaps another one."), hint=_("Reload the page.")) from error
        record(BreakStarted(user_id=user_id, break_id=away.pk, shift_id=shift.pk), by=by, at=at)
        return away


def end_break(*, user_id: int, by: Actor, at: datetime) -> None:
    """Let somebody be back; one who is not away is no error."""
    require(may_sign_off(by, user_id), _("This is somebody else's break."))
    with transaction.atomic():
        for away in Break.objects.select_for_update().filter(user_id=user_id, ended_at=None):
            _end(away, by=by, at=at)


def end_shift(*, user_id: int, by: Actor, at: datetime) -> Shift | None:
    """Sign somebody off from the shift that runs, with its break; None when none runs. Ended before its time, it ends now.

    Whoever answers for the work left behind calls this: see the handover of the desk.
    """
    require(may_sign_off(by, user_id), _("This is somebody else's shift."))
    with transaction.atomic():
        end_break(user_id=user_id, by=by, at=at)
        shift = _running(user_id, at)
        if shift is None:
            return None
        if shift.starts_at >= at:
            raise Invalid(_("This shift has only just begun."), hint=_("Try again in a moment."))
        shift.ends_at = shift.ended_at = at
        shift.save(update_fields=["ends_at", "ended_at"])
        record(ShiftEnded(shift_id=shift.pk, user_id=user_id, ended_at=at, ends_at=shift.ends_at), by=by, at=at)
        return shift


def _running(user_id: int, at: datetime) -> Shift | None:
    running = Shift.objects.running(at).filter(user_id=user_id, kind=ShiftKind.DUTY)
    shift: Shift | None = running.select_for_update().first()
    return shift


def _end(away: Break, *, by: Actor, at: datetime) -> None:
    away.ended_at = max(at, away.started_at)
    away.save(update_fields=["ended_at"])
    record(BreakEnded(user_id=away.user_id, break_id=away.pk, shift_id=away.shift_id), by=by, at=at)
