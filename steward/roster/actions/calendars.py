"""Making business calendars and publishing their hours, version by version."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, one_line
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require
from steward.roster.facts import CalendarChanged, CalendarCreated, CalendarVersionPublished
from steward.roster.models import BusinessCalendar, CalendarVersion
from steward.roster.permissions import may_manage_calendars
from steward.roster.rules.business_time import Hours, between
from steward.roster.rules.calendar_shape import BadHours, Fault, parse_hours, written_holidays, written_slots

MAX_NAME = 100


def create_calendar(
    *,
    name: str,
    time_zone: str,
    slots: Sequence[Mapping[str, Any]],
    holidays: Sequence[Mapping[str, Any]] = (),
    by: Actor,
    at: datetime,
) -> BusinessCalendar:
    """Make a calendar with its first hours; raises `Invalid` for hours that cannot be meant."""
    require(may_manage_calendars(by))
    hours = _read(time_zone, slots, holidays, at)
    calendar = BusinessCalendar(name=_name(name), created_at=at)
    with transaction.atomic():
        _save(calendar)
        record(CalendarCreated(calendar_id=calendar.pk, changes={"name": (None, calendar.name)}), by=by, at=at)
        _publish(calendar, hours, None, by=by, at=at)
    return calendar


def change_calendar(*, calendar_id: int, changes: Mapping[str, Any], by: Actor, at: datetime) -> BusinessCalendar:
    """Rename a calendar (`name`), put it away or take it into use again (`is_active`); promises already made keep it."""
    require(may_manage_calendars(by))
    if unknown := set(changes) - {"name", "is_active"}:
        raise Invalid(_("There is no such field."), field=min(unknown))
    wanted = dict(changes)
    if "name" in wanted:
        wanted["name"] = _name(wanted["name"])
    if "is_active" in wanted:
        wanted["is_active"] = bool(wanted["is_active"])
    with transaction.atomic():
        calendar = _locked(calendar_id)
        updates = {name: value for name, value in wanted.items() if getattr(calendar, name) != value}
        if not updates:
            return calendar
        told = {name: (getattr(calendar, name), value) for name, value in updates.items()}
        for name, value in updates.items():
            setattr(calendar, name, value)
        _save(calendar)
        record(CalendarChanged(calendar_id=calendar.pk, changes=told), by=by, at=at)
    return calendar


def publish_calendar_version(
    *,
    calendar_id: int,
    time_zone: str,
    slots: Sequence[Mapping[str, Any]],
    holidays: Sequence[Mapping[str, Any]] = (),
    seen_version: int | None = None,
    by: Actor,
    at: datetime,
) -> CalendarVersion:
    """Give a calendar other hours from now on; the same hours again publish nothing.

    With `seen_version`, raises `Conflict` when somebody published another one since. Clocks already started keep
    the version they were promised.
    """
    require(may_manage_calendars(by))
    hours = _read(time_zone, slots, holidays, at)
    with transaction.atomic():
        calendar = _locked(calendar_id)
        latest = CalendarVersion.objects.filter(calendar=calendar).order_by("-version").first()
        if latest and seen_version is not None and seen_version != latest.version:
            raise Conflict(
                _("Somebody published version %(version)s of this calendar meanwhile.") % {"version": latest.version},
                field="slots",
                theirs=latest.version,
                yours=seen_version,
                hint=_("Reload, look at their hours, and change what is left to change."),
            )
        if latest and latest.hours == hours:
            return latest
        return _publish(calendar, hours, latest, by=by, at=at)


def _publish(
    calendar: BusinessCalendar, hours: Hours, latest: CalendarVersion | None, *, by: Actor, at: datetime
) -> CalendarVersion:
    version = CalendarVersion.objects.create(
        calendar=calendar,
        version=latest.version + 1 if latest else 1,
        time_zone=hours.time_zone,
        slots=written_slots(hours),
        holidays=written_holidays(hours),
        created_at=at,
    )
    changes = {
        name: (getattr(latest, name, None), getattr(version, name))
        for name in ("time_zone", "slots", "holidays")
        if getattr(latest, name, None) != getattr(version, name)
    }
    record(
        CalendarVersionPublished(
            calendar_id=calendar.pk,
            calendar_version_id=version.pk,
            version=version.version,
            changes=changes,
        ),
        by=by,
        at=at,
    )
    return version


def _name(name: object) -> str:
    cleaned = clean(str(name), max_length=MAX_NAME, field="name")
    return one_line(cleaned, max_length=MAX_NAME)


def _save(calendar: BusinessCalendar) -> None:
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError as error:
        raise Conflict(_("There is a calendar of this name already."), field="name") from error


def _locked(calendar_id: int) -> BusinessCalendar:
    calendar = BusinessCalendar.objects.select_for_update().filter(id=calendar_id).first()
    if calendar is None:
        raise NotFound(_("There is no such calendar."))
    return calendar


def _read(time_zone: str, slots: object, holidays: object, at: datetime) -> Hours:
    try:
        hours = parse_hours(time_zone, slots, holidays)
    except BadHours as error:
        raise _invalid(error) from error
    # A clock under hours that never come would never be due.
    if not between(hours, at, at + timedelta(days=366)):
        raise _invalid(BadHours(Fault.NEVER, field="holidays"))
    return hours


def _invalid(error: BadHours) -> Invalid:
    sentences = {
        Fault.ZONE: _("There is no such time zone: %(value)s"),
        Fault.SHAPE: _("This is not how hours are written: %(value)s"),
        Fault.WEEKDAY: _("A weekday is a number from 0 (Monday) to 6 (Sunday), not %(value)s."),
        Fault.TIME: _("This is not a time of day: %(value)s"),
        Fault.DATE: _("This is not a date: %(value)s"),
        Fault.NAME: _("This name of a holiday does not fit: %(value)s"),
        Fault.TWICE: _("The date %(value)s is there twice."),
        Fault.EMPTY: _("A calendar needs at least one weekly slot."),
        Fault.NEVER: _("This calendar does not open within a year."),
        Fault.TOO_MANY: _("These are too many: %(value)s fit."),
    }
    hints = {
        Fault.ZONE: _("Write it like Asia/Shanghai."),
        Fault.TIME: _("Write it like 09:00; an end at or before the start is on the next day, 24:00 ends the day."),
        Fault.DATE: _("Write it like 2026-12-31."),
        Fault.EMPTY: _("Give the hours of at least one weekday."),
        Fault.NEVER: _("Take out holidays, or give them hours of their own."),
    }
    return Invalid(sentences[error.fault] % {"value": error.value}, field=error.field, hint=hints.get(error.fault, ""))
