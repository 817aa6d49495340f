"""Entering, changing and cancelling shifts by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import Team, User
from steward.people.permissions import require
from steward.people.rules import is_requester_only, is_time_zone
from steward.roster.facts import Changes, ShiftAdded, ShiftCancelled, ShiftChanged
from steward.roster.models import Shift, ShiftKind
from steward.roster.permissions import may_manage_shifts
from steward.roster.queries.duty import overlapping_shift
from steward.roster.rules.shift_times import LONGEST_SHIFT

MAX_NOTE = 500
CHANGEABLE = ("user_id", "kind", "starts_at", "ends_at", "time_zone", "team_id", "note")


def add_shift(  # noqa: PLR0913 -- a shift has that many independent parts
    *,
    user: User,
    kind: ShiftKind = ShiftKind.DUTY,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str = "",
    team: Team | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Shift:
    """Put a user on the roster; without a zone the shift is thought in the user's.

    Raises `Conflict`, naming the other shift, when the user has one of this kind at that time.
    """
    require(may_manage_shifts(by))
    shift = Shift(
        user=user,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone or user.time_zone or by.time_zone,
        team=team,
        note=note,
    )
    _check(shift)
    with transaction.atomic():
        _save(shift)
        record(
            ShiftAdded(
                shift_id=shift.pk,
                user_id=shift.user_id,
                shift_kind=ShiftKind(shift.kind).name.lower(),
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                time_zone=shift.time_zone,
                team_id=shift.team_id,
            ),
            by=by,
            at=at,
        )
    return shift


def change_shift(*, shift_id: int, changes: Mapping[str, Any], by: Actor, at: datetime) -> Shift:
    """Change a shift's fields (`user_id kind starts_at ends_at time_zone team_id note`); nothing new records nothing.

    Raises `Conflict`, naming the other shift, when it would overlap one; a cancelled shift is not changed.
    """
    require(may_manage_shifts(by))
    if unknown := set(changes) - set(CHANGEABLE):
        raise Invalid(_("There is no such field."), field=min(unknown))
    with transaction.atomic():
        shift = _locked(shift_id)
        old = {name: getattr(shift, name) for name in CHANGEABLE}
        for name, value in changes.items():
            setattr(shift, name, value)
        _check(shift)
        changed = [name for name in CHANGEABLE if getattr(shift, name) != old[name]]
        if not changed:
            return shift
        _save(shift, changed)
        told: Changes = {n: (_told(old[n]), _told(getattr(shift, n))) for n in changed if n != "note"}
        personal = ("note",) if "note" in changed else ()
        record(
            ShiftChanged(shift_id=shift.pk, user_id=shift.user_id, changes=told, personal=personal),
            by=by,
            at=at,
        )
    return shift


def cancel_shift(*, shift_id: int, by: Actor, at: datetime) -> Shift:
    """Take a shift that has not begun off the roster; who was on duty in the past is not unmade."""
    require(may_manage_shifts(by))
    with transaction.atomic():
        shift = _locked(shift_id)
        if shift.starts_at <= at:
            raise Invalid(
                _("This shift has begun and cannot be cancelled."),
                field="starts_at",
                hint=_("Change when it ends instead."),
            )
        shift.cancelled_at = at
        shift.save(update_fields=["cancelled_at"])
        record(ShiftCancelled(shift_id=shift.pk, user_id=shift.user_id), by=by, at=at)
    return shift


def _locked(shift_id: int) -> Shift:
    shift: Shift | None = Shift.objects.select_for_update().filter(id=shift_id).first()
    if shift is None:
        raise NotFound(_("There is no such shift."))
    if shift.cancelled_at is not None:
        raise Conflict(_("This shift was cancelled."), hint=_("Add a new one."))
    return shift


def _check(shift: Shift) -> None:
    shift.note = clean(shift.note, max_length=MAX_NOTE, field="note", required=False)
    if shift.kind not in ShiftKind.values:
        raise Invalid(_("A shift is duty or on call."), field="kind")
    if not is_time_zone(shift.time_zone):
        raise Invalid(_("There is no such time zone."), field="time_zone", hint=_("Write it like Asia/Shanghai."))
    _check_times(shift)
    user = User.objects.filter(id=shift.user_id).first()
    if user is None or not user.is_active or is_requester_only(user.roles):
        raise Invalid(_("Only an active user who works here can have a shift."), field="user")
    if shift.team_id is not None and not Team.objects.filter(id=shift.team_id, is_active=True).exists():
        raise Invalid(_("There is no such team."), field="team")


def _check_times(shift: Shift) -> None:
    for name in ("starts_at", "ends_at"):
        value = getattr(shift, name)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise Invalid(_("This is not an instant."), field=name, hint=_("Give the date, the time and the zone."))
        setattr(shift, name, value.astimezone(UTC))
    if shift.ends_at <= shift.starts_at:
        raise Invalid(_("A shift ends after it starts."), field="ends_at")
    if shift.ends_at - shift.starts_at > LONGEST_SHIFT:
        raise Invalid(
            _("A shift lasts %(days)s days at most.") % {"days": LONGEST_SHIFT.days},
            field="ends_at",
            hint=_("Check the dates, or enter several shifts."),
        )


def _save(shift: Shift, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            shift.save(update_fields=fields)
    except IntegrityError as error:
        if "roster_shift_no_overlap" not in str(error):
            raise
        raise _overlap(shift) from error


def _overlap(shift: Shift) -> Conflict:
    other = overlapping_shift(shift)
    if other is None:
        return Conflict(_("The shift overlapped another one that is gone now."), hint=_("Try again."))
    zone = ZoneInfo(shift.time_zone)
    return Conflict(
        _("%(name)s already has shift %(id)s (%(kind)s) from %(start)s to %(end)s.")
        % {
            "name": other.user.name or other.user.email,
            "id": other.pk,
            "kind": ShiftKind(other.kind).label,
            "start": f"{other.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "end": f"{other.ends_at.astimezone(zone):%Y-%m-%d %H:%M %Z}",
        },
        field="starts_at",
        theirs=other.pk,
        yours=shift.pk,
        hint=_("Change that shift, or choose another time."),
    )


def _told(value: object) -> str | int | bool | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, str | int | bool) or value is None else str(value)
