"""Teams and who is in them."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.models import Queue
from steward.people.actions import add_member, change_team, create_team, remove_member
from steward.people.permissions import may_manage_teams
from steward.people.queries import teams_with_members
from steward.web.settings import choices
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, number, text


@require_safe
@only(may_manage_teams)
def page(request: Request) -> HttpResponse:
    return show(request, "settings/teams.html", "teams", {"teams": list(teams_with_members())})


@require_POST
@only(may_manage_teams)
def create(request: Request) -> HttpResponse:
    team = create_team(name=text(request, "name"), by=request.actor, at=clock.now())
    return done(request, _("Created. Now add its members."), "settings:team", team.pk)


@require_safe
@only(may_manage_teams)
def team(request: Request, team_id: int) -> HttpResponse:
    found = teams_with_members().filter(id=team_id).first()
    if found is None:
        raise NotFound(_("There is no such team."))
    members = {membership.user_id for membership in found.memberships.all()}
    context = {
        "team": found,
        "queues": list(Queue.objects.filter(team_id=team_id).order_by("position", "name")),
        "candidates": [pair for pair in choices.desk_user_choices() if pair[0] not in members],
        "history": history_of(f"team:{team_id}"),
    }
    return show(request, "settings/team.html", "teams", context)


@require_POST
@only(may_manage_teams)
def update(request: Request, team_id: int) -> HttpResponse:
    change_team(team_id=team_id, changes={"name": text(request, "name")}, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:team", team_id)


@require_POST
@only(may_manage_teams)
def active(request: Request, team_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_team(team_id=team_id, changes={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(request, _("The team is open again.") if is_active else _("The team is closed."), "settings:team", team_id)


@require_POST
@only(may_manage_teams)
def add(request: Request, team_id: int) -> HttpResponse:
    add_member(team_id=team_id, user_id=number(request, "user_id"), by=request.actor, at=clock.now())
    return done(request, _("Added to the team."), "settings:team", team_id)


@require_POST
@only(may_manage_teams)
def remove(request: Request, team_id: int, user_id: int) -> HttpResponse:
    remove_member(team_id=team_id, user_id=user_id, by=request.actor, at=clock.now())
    return done(request, _("Taken out of the team."), "settings:team", team_id)
