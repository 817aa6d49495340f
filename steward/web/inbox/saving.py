"""Saving the filter of a list as a view, and what one has to choose for it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.sharing import About
from steward.desk.actions.views import Layout, change_view, create_view, lay_out_list
from steward.desk.models import SavedView
from steward.desk.permissions import may_share
from steward.people.models import Team
from steward.web.inbox.asking import desk_only
from steward.web.inbox.wanted import Wanted, read
from steward.web.shared.asking import Request, number_in, text
from steward.web.shared.htmx import go


@dataclass(frozen=True)
class Saving:
    """Whom a view can be for, and whether the one that is open can be changed to what is shown."""

    audiences: list[tuple[str, str]]
    changes: bool


def saving(request: Request, wanted: Wanted) -> Saving:
    """Give what the form offers to this person."""
    view = wanted.view.view
    own = view.scope == SavedView.Scope.PRIVATE
    may_change = bool(view.saved_id) and (own or may_share(request.actor, team_id=view.team_id))
    return Saving(audiences(request), may_change and (wanted.is_narrowed or wanted.order != view.order))


def audiences(request: Request) -> list[tuple[str, str]]:
    """List for whom somebody may save a view: `private`, `team:3`, `all`."""
    found = [("private", _("Only me"))]
    if may_share(request.actor, team_id=None):
        teams = Team.objects.filter(is_active=True).order_by("name", "id")
        found += [(f"team:{team.pk}", team.name) for team in teams if may_share(request.actor, team_id=team.pk)]
        found.append(("all", _("Everybody on the desk")))
    return found


def about(request: Request) -> About:
    """Read a name and for whom; raises `Invalid` for an audience nobody offered."""
    audience = text(request, "audience") or "private"
    scope, _colon, number = audience.partition(":")
    team = None
    if scope == SavedView.Scope.TEAM:
        team = Team.objects.filter(pk=number_in(number) or 0, is_active=True).first()
        if team is None:
            raise Invalid(_("There is no such team."), field="audience", hint=_("Reload the page."))
    return About(name=text(request, "name"), scope=scope, team=team)


@require_POST
@desk_only
def create(request: Request) -> HttpResponse:
    """Save the list at the address the form was on, under a name."""
    wanted = read(request)
    layout = Layout(wanted.order, wanted.view.view.columns, wanted.grouping)
    view = create_view(about=about(request), query=wanted.whole, layout=layout, by=request.actor, at=clock.now())
    return go(request, f"{reverse('inbox:page')}?view=v{view.pk}")


@require_POST
@desk_only
def update(request: Request) -> HttpResponse:
    """Have the open view ask for what its list shows now."""
    wanted = read(request)
    view = wanted.view.view
    layout = Layout(wanted.order, view.columns, wanted.grouping)
    change_view(view_id=view.saved_id or 0, query=wanted.whole, layout=layout, by=request.actor, at=clock.now())
    return go(request, f"{reverse('inbox:page')}?view={view.key}")


@require_POST
@desk_only
def lay_out(request: Request) -> HttpResponse:
    """Choose the columns, order and groups of the open view for oneself."""
    wanted = read(request)
    chosen = sorted(
        (name for name in request.POST.getlist("columns")), key=lambda name: number_in(text(request, f"place-{name}")) or 99
    )
    layout = Layout(text(request, "order") or wanted.order, chosen, text(request, "grouping"))
    lay_out_list(key=wanted.view.key, layout=layout, by=request.actor, at=clock.now())
    return go(request, f"{reverse('inbox:page')}?{wanted.query(grouping=layout.grouping)}")
