"""The week of shifts, by person, and who is on now."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.people.models import Team, User
from steward.people.rules import Capability, Role, capabilities_of
from steward.roster.models import ShiftKind
from steward.roster.permissions import may_manage_shifts, may_see_roster
from steward.roster.queries import next_duty, shifts_between
from steward.web.roster import grid
from steward.web.roster.asking import day_asked, only, optional_number
from steward.web.shared.asking import Request
from steward.web.shared.environment import url
from steward.web.shared.times import locale

# More people without any shift would bury those who have one.
MOST_WITHOUT = 100
MOST_GAPS = 8
MOMENT = timedelta(microseconds=1)
WORKING = [role.value for role in Role if capabilities_of([role]) & {Capability.WORK_TICKETS, Capability.ANSWER_ENGINEERING}]


@require_safe
@only(may_see_roster)
def page(request: Request) -> HttpResponse:
    at, zone = clock.now(), request.actor.time_zone
    team_id = optional_number(request.GET.get("team", ""), "team")
    week = grid.week_around(day_asked(request.GET.get("week", "")) or at.astimezone(ZoneInfo(zone)).date(), zone, at)
    shifts = shifts_between(week.start, week.end, team_id=team_id)
    gaps = grid.gaps_ahead(week, shifts)
    context = {
        "week": week,
        "names": [format_skeleton("MMMEd", day, locale=locale()) for day in week.days],
        "rows": grid.rows_of(week, _people(team_id), shifts),
        "covers": grid.cover_of(week, shifts),
        "gaps": gaps[:MOST_GAPS],
        "more_gaps": max(0, len(gaps) - MOST_GAPS),
        "has_shifts": bool(shifts),
        "now": _now(team_id, at),
        "team_id": team_id,
        "teams": list(Team.objects.filter(is_active=True).order_by("name", "id")),
        "may_plan": may_manage_shifts(request.actor),
        "weeks": _weeks(week, team_id),
        "at": at,
    }
    return render(
        request, "roster/week.html" if request.headers.get("HX-Request-Type") == "partial" else "roster/page.html", context
    )


def _people(team_id: int | None) -> list[User]:
    """Give those who could have a shift: a team's members, or everybody who works tickets."""
    people = User.objects.active().filter(roles__overlap=WORKING)
    if team_id is not None:
        people = people.filter(memberships__team_id=team_id)
    return list(people.order_by("name", "id")[:MOST_WITHOUT])


def _now(team_id: int | None, at: Any) -> dict[str, Any]:
    running = [shift for shift in shifts_between(at, at + MOMENT, team_id=team_id) if shift.user.is_active]
    duty = [shift for shift in running if shift.kind == ShiftKind.DUTY]
    return {
        "duty": duty,
        "on_call": [shift for shift in running if shift.kind == ShiftKind.ON_CALL],
        "next_at": None if duty else next_duty(at, team_id=team_id),
    }


def _weeks(week: grid.Week, team_id: int | None) -> dict[str, str]:
    """Give the addresses of the weeks around this one."""
    monday, team = week.days[0], {"team": team_id} if team_id else {}
    return {
        "before": url("roster:page", query={"week": (monday - timedelta(days=7)).isoformat(), **team}),
        "after": url("roster:page", query={"week": (monday + timedelta(days=7)).isoformat(), **team}),
        "this": url("roster:page", query=team),
        "here": url("roster:page", query={"week": monday.isoformat(), **team}),
    }
