"""Entering, changing and cancelling a shift by hand."""

from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.people.models import Team, User
from steward.people.rules import Role, is_time_zone
from steward.roster.actions import add_shift, cancel_shift, change_shift
from steward.roster.models import Shift, ShiftKind
from steward.roster.permissions import may_manage_shifts
from steward.roster.rules.shift_times import first_instant, last_instant
from steward.web.roster.asking import day_asked, only, optional_number, wall_time
from steward.web.shared import htmx
from steward.web.shared.asking import Request, text
from steward.web.shared.environment import url
from steward.web.shared.history import history_of
from steward.web.shared.history_values import TOLD, Told, said_as
from steward.web.shared.zones import zone_choices

MOST_REPEATS = 13
_TOLD: Told = MappingProxyType({**TOLD, "kind": said_as(ShiftKind.choices)})
WALL = "%Y-%m-%dT%H:%M"


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_shifts)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        return _add(request)
    user = User.objects.active().filter(id=optional_number(request.GET.get("user", ""), "user")).first()
    zone = user.time_zone if user else request.actor.time_zone
    day = day_asked(request.GET.get("day", "")) or clock.now().astimezone(ZoneInfo(zone)).date()
    values = {
        "user": user.pk if user else "",
        "kind": ShiftKind.DUTY.value,
        "starts_at": f"{day}T09:00",
        "ends_at": f"{day}T17:00",
        "time_zone": "",
        "team": optional_number(request.GET.get("team", ""), "team") or "",
        "note": "",
    }
    return render(request, "roster/shift.html", {**_form(values), "shift": None, "has_begun": False})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_shifts)
def shift(request: Request, shift_id: int) -> HttpResponse:
    found: Shift | None = Shift.objects.select_related("user", "team").filter(id=shift_id).first()
    if found is None:
        raise NotFound(_("There is no such shift."))
    if request.method == "POST":
        changed = change_shift(shift_id=shift_id, changes=_changes(request, found), by=request.actor, at=clock.now())
        messages.success(request, _("Saved."))
        return htmx.go(request, _week_of(changed, request.actor.time_zone))
    zone = ZoneInfo(found.time_zone)
    values = {
        "user": found.user_id,
        "kind": found.kind,
        "starts_at": f"{found.starts_at.astimezone(zone):{WALL}}",
        "ends_at": f"{found.ends_at.astimezone(zone):{WALL}}",
        "time_zone": found.time_zone,
        "team": found.team_id or "",
        "note": found.note,
    }
    context = {
        **_form(values, keep=found),
        "shift": found,
        "has_begun": found.starts_at <= clock.now(),
        "history": history_of(f"shift:{found.pk}", _TOLD),
    }
    return render(request, "roster/shift.html", context)


@require_POST
@only(may_manage_shifts)
def cancel(request: Request, shift_id: int) -> HttpResponse:
    gone = cancel_shift(shift_id=shift_id, by=request.actor, at=clock.now())
    messages.success(request, _("The shift is cancelled."))
    return htmx.go(request, _week_of(gone, request.actor.time_zone))


def _add(request: Request) -> HttpResponse:
    user, team = _user(request), _team(request)
    zone = text(request, "time_zone") or user.time_zone
    starts, ends = _walls(request, zone)
    repeats = optional_number(text(request, "repeats"), "repeats") or 0
    if repeats > MOST_REPEATS:
        raise Invalid(_("At most %(most)s more days at once.") % {"most": MOST_REPEATS}, field="repeats")
    # All or none: a shift in the middle that overlaps another leaves nothing half entered.
    with transaction.atomic():
        made = [
            add_shift(
                user=user,
                kind=_kind(request),
                starts_at=first_instant(starts + timedelta(days=days), zone),
                ends_at=last_instant(ends + timedelta(days=days), zone),
                time_zone=zone,
                team=team,
                note=text(request, "note"),
                by=request.actor,
                at=clock.now(),
            )
            for days in range(repeats + 1)
        ]
    messages.success(request, ngettext("%(count)s shift entered.", "%(count)s shifts entered.", len(made)) % {"count": len(made)})
    return htmx.go(request, _week_of(made[0], request.actor.time_zone))


def _changes(request: Request, found: Shift) -> dict[str, Any]:
    user, team = _user(request), _team(request)
    zone = text(request, "time_zone") or user.time_zone
    changes: dict[str, Any] = {
        "user_id": user.pk,
        "kind": _kind(request),
        "time_zone": zone,
        "team_id": team.pk if team else None,
        "note": text(request, "note"),
    }
    starts, ends = _walls(request, zone)
    shown = ZoneInfo(found.time_zone)
    # A time left as it was shown keeps its instant: of an hour shown twice, the one it was.
    if zone != found.time_zone or f"{starts:{WALL}}" != f"{found.starts_at.astimezone(shown):{WALL}}":
        changes["starts_at"] = first_instant(starts, zone)
    if zone != found.time_zone or f"{ends:{WALL}}" != f"{found.ends_at.astimezone(shown):{WALL}}":
        changes["ends_at"] = last_instant(ends, zone)
    return changes


def _walls(request: Request, zone: str) -> tuple[datetime, datetime]:
    if not is_time_zone(zone):
        raise Invalid(_("There is no such time zone."), field="time_zone", hint=_("Write it like Asia/Shanghai."))
    return wall_time(request, "starts_at"), wall_time(request, "ends_at")


def _kind(request: Request) -> ShiftKind:
    kind = text(request, "kind")
    if kind not in {str(one.value) for one in ShiftKind}:
        raise Invalid(_("A shift is duty or on call."), field="kind")
    return ShiftKind(int(kind))


def _user(request: Request) -> User:
    user: User | None = User.objects.filter(id=optional_number(text(request, "user"), "user")).first()
    if user is None:
        raise Invalid(_("Whose shift is it?"), field="user", hint=_("Choose somebody."))
    return user


def _team(request: Request) -> Team | None:
    team_id = optional_number(text(request, "team"), "team")
    if team_id is None:
        return None
    team: Team | None = Team.objects.filter(id=team_id).first()
    if team is None:
        raise Invalid(_("There is no such team."), field="team", hint=_("Choose one from the list."))
    return team


def _form(values: dict[str, Any], *, keep: Shift | None = None) -> dict[str, Any]:
    working = [role.value for role in Role if role != Role.REQUESTER]
    rows = User.objects.active().filter(roles__overlap=working).order_by("name", "id").values_list("id", "name", "time_zone")
    people = [(pk, f"{name} · {zone.replace('_', ' ')}") for pk, name, zone in rows]
    if keep is not None and keep.user_id not in dict(people):
        people.insert(0, (keep.user_id, keep.user.name))
    teams = list(Team.objects.filter(is_active=True).order_by("name", "id").values_list("id", "name"))
    if keep is not None and keep.team is not None and keep.team.pk not in dict(teams):
        teams.insert(0, (keep.team.pk, keep.team.name))
    zones = zone_choices()
    if values["time_zone"] and values["time_zone"] not in dict(zones):
        zones = [(values["time_zone"], values["time_zone"]), *zones]
    return {"values": values, "people": people, "teams": teams, "zones": zones, "most_repeats": MOST_REPEATS}


def _week_of(shift: Shift, zone: str) -> str:
    day: date = shift.starts_at.astimezone(ZoneInfo(zone)).date()
    return url("roster:page", query={"week": day.isoformat()})
