"""What the forms of saved replies and macros have in common: what it is called, and for whom it is."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.desk.actions.sharing import About
from steward.desk.models import Macro, SavedReply
from steward.desk.permissions import may_change_kept, may_share
from steward.desk.queries.sharing import Kept, managed_by
from steward.people.models import Team
from steward.web.settings import choices
from steward.web.shared.asking import Request, one_of, optional_number, text


def about(request: Request) -> About:
    """Read what it is called and for whom it is."""
    team_id = optional_number(request, "team")
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and team is None:
        raise Invalid(_("There is no such team."), field="team", hint=_("Choose one that is active."))
    scope = one_of(request, "scope", SavedReply.Scope.values)
    return About(name=text(request, "name"), folder=text(request, "folder"), scope=scope, team=team)


def all_managed(request: Request, kept: type[Kept]) -> QuerySet[Kept]:
    """Give those the person sees in the settings."""
    return managed_by(request.actor, kept, shared=may_share(request.actor, team_id=None))


def one_managed(request: Request, kept: type[Kept], pk: int) -> Kept:
    """Give one of them; raises `NotFound` for any other."""
    found = all_managed(request, kept).filter(pk=pk).select_related("team", "owner").first()
    if found is None:
        raise NotFound(_("There is no such thing, or it is not yours to see."))
    return found


def form(request: Request, row: SavedReply | Macro) -> dict[str, Any]:
    """Give what the common part of the form shows."""
    actor = request.actor
    mine = actor.team_ids
    teams = [pair for pair in choices.team_choices(keep=row.team_id) if may_share(actor, team_id=pair[0])]
    return {
        "kept": row,
        "teams": teams,
        "scopes": _scopes(request, teams=bool(teams)),
        "own_team": next((pk for pk, _name in teams if pk in mine), ""),
        "may_change": may_change_kept(actor, row) if row.pk else True,
        "folders": folders(request, Macro) if isinstance(row, Macro) else folders(request, SavedReply),
    }


def _scopes(request: Request, *, teams: bool) -> list[tuple[str, Any]]:
    offered = [SavedReply.Scope.PRIVATE]
    if teams:
        offered.append(SavedReply.Scope.TEAM)
    if may_share(request.actor, team_id=None):
        offered.append(SavedReply.Scope.ALL)
    return [(one.value, one.label) for one in offered]


def folders(request: Request, kept: type[Kept]) -> list[str]:
    """Give the folders in use, by name."""
    rows = all_managed(request, kept).exclude(folder="").values_list("folder", flat=True)
    return sorted(set(rows), key=str.casefold)
