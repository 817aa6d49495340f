"""Business calendars: their hours, as versions that each count from the moment they were published."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.roster.actions import change_calendar, create_calendar, publish_calendar_version
from steward.roster.models import BusinessCalendar, CalendarVersion
from steward.roster.permissions import may_manage_calendars
from steward.roster.queries import calendar_versions, calendars
from steward.roster.rules.calendar_shape import BadHours, parse_hours
from steward.sla.models import PolicyVersion
from steward.web.settings import choices, hours_text
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.settings.week import week_of
from steward.web.shared import zones
from steward.web.shared.asking import Request, number, text
from steward.web.shared.times import instant

OFFICE = [{"weekday": day, "start": "09:00", "end": "18:00"} for day in range(5)]


@require_safe
@only(may_manage_calendars)
def page(request: Request) -> HttpResponse:
    newest = CalendarVersion.objects.order_by("calendar_id", "-version").distinct("calendar_id")
    current, at = {version.calendar_id: version for version in newest}, clock.now()
    rows = [
        (one, version, hours_text.week_words(version.slots), week_of(version.hours, at))
        for one in calendars(include_inactive=True)
        if (version := current.get(one.pk))
    ]
    return show(request, "settings/calendars.html", "calendars", {"rows": sorted(rows, key=lambda row: not row[0].is_active)})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_calendars)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        made = create_calendar(name=text(request, "name"), **_hours(request), by=request.actor, at=clock.now())
        return done(request, _("Created. Policies can count by it now."), "settings:calendar", made.pk)
    start = CalendarVersion(version=0, time_zone=request.actor.time_zone, slots=OFFICE, holidays=[])
    return show(request, "settings/calendar.html", "calendars", _form(BusinessCalendar(), start))


@require_safe
@only(may_manage_calendars)
def calendar(request: Request, calendar_id: int) -> HttpResponse:
    found = BusinessCalendar.objects.filter(pk=calendar_id).first()
    versions = calendar_versions(calendar_id) if found else []
    if found is None or not versions:
        raise NotFound(_("There is no such calendar."))
    newest = PolicyVersion.objects.order_by("policy_id", "-version").distinct("policy_id").select_related("policy")
    context = {
        **_form(found, versions[0]),
        "versions": [(version, hours_text.week_words(version.slots)) for version in versions],
        "used_by": [version.policy for version in newest if version.calendar_id == calendar_id and version.policy.is_active],
        "history": history_of(f"calendar:{calendar_id}"),
    }
    return show(request, "settings/calendar.html", "calendars", context)


@require_POST
@only(may_manage_calendars)
def publish(request: Request, calendar_id: int) -> HttpResponse:
    seen = number(request, "seen_version")
    version = publish_calendar_version(
        calendar_id=calendar_id, **_hours(request), seen_version=seen, by=request.actor, at=clock.now()
    )
    if version.version == seen:
        return done(request, _("These are the hours it has already; nothing was published."), "settings:calendar", calendar_id)
    said = _("Version %(version)s counts from now on (%(at)s). Clocks already running keep the version they were promised.")
    words = {"version": version.version, "at": instant(version.created_at).striptags()}
    return done(request, said % words, "settings:calendar", calendar_id)


@require_POST
@only(may_manage_calendars)
def rename(request: Request, calendar_id: int) -> HttpResponse:
    change_calendar(calendar_id=calendar_id, changes={"name": text(request, "name")}, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:calendar", calendar_id)


@require_POST
@only(may_manage_calendars)
def active(request: Request, calendar_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_calendar(calendar_id=calendar_id, changes={"is_active": is_active}, by=request.actor, at=clock.now())
    said = _("In use again.") if is_active else _("Put away. Promises already made keep it.")
    return done(request, said, "settings:calendar", calendar_id)


@require_POST
@only(may_manage_calendars)
def preview(request: Request) -> HttpResponse:
    """Show what the hours in the form would mean, or what cannot be meant; nothing is saved."""
    try:
        hours = parse_hours(**_hours(request))
    except Invalid as error:
        return render(request, "settings/calendar_preview.html", {"week": None, "problem": error.message, "hint": error.hint})
    except BadHours as error:
        problem = _("These hours cannot be meant yet: %(value)s") % {"value": error.value or _("no weekday is open")}
        return render(request, "settings/calendar_preview.html", {"week": None, "problem": problem, "hint": ""})
    return render(request, "settings/calendar_preview.html", {"week": week_of(hours, clock.now()), "problem": "", "hint": ""})


def _hours(request: HttpRequest) -> dict[str, Any]:
    return {
        "time_zone": text(request, "time_zone"),
        "slots": hours_text.read_slots({day: text(request, f"slots_{day}") for day in hours_text.DAYS}),
        "holidays": hours_text.read_holidays(text(request, "holidays")),
    }


def _form(found: BusinessCalendar, version: CalendarVersion) -> dict[str, Any]:
    return {
        "calendar": found,
        "version": version,
        "days": [(day, name, hours_text.written_day(version.slots, day)) for day, name in enumerate(hours_text.day_names())],
        "holidays": hours_text.written_holidays(version.holidays),
        "zones": choices.with_own(zones.zone_choices(), version.time_zone),
        "week": week_of(version.hours, clock.now()),
        "problem": "",
        "hint": "",
        "versions": [],
        "used_by": [],
        "history": [],
    }
