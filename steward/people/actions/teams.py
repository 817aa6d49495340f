"""Making teams, and saying who is in them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people import changes as compare
from steward.people import inputs
from steward.people.actor import Actor
from steward.people.facts import MembershipAdded, MembershipRemoved, TeamChanged, TeamCreated
from steward.people.models import Membership, Team, User
from steward.people.permissions import may_manage_teams, require


def create_team(*, name: str, by: Actor, at: datetime) -> Team:
    """Make a team."""
    require(may_manage_teams(by))
    team = Team(name=inputs.line(name, field="name", required=True))
    with transaction.atomic():
        _save_or_conflict(team, None)
        record(TeamCreated(team_id=team.pk, changes={"name": (None, team.name)}), by=by, at=at)
    return team


def change_team(*, team_id: int, changes: Mapping[str, str | bool], by: Actor, at: datetime) -> Team:
    """Rename a team, close it (`is_active` False) or open it again."""
    require(may_manage_teams(by))
    wanted = dict(changes)
    if unknown := set(wanted) - {"name", "is_active"}:
        raise Invalid(_("There is no such field."), field=min(unknown))
    if "name" in wanted:
        wanted["name"] = inputs.line(str(wanted["name"]), field="name", required=True)
    with transaction.atomic():
        team = _locked(team_id)
        updates = compare.differing(team, wanted)
        if not updates:
            return team
        changed, _personal = compare.told(team, updates, personal=frozenset())
        for field, value in updates.items():
            setattr(team, field, value)
        _save_or_conflict(team, list(updates))
        record(TeamChanged(team_id=team.pk, changes=changed), by=by, at=at)
    return team


def add_member(*, team_id: int, user_id: int, by: Actor, at: datetime) -> Membership:
    """Put a user into a team; somebody who is in it already stays, and nothing is recorded."""
    require(may_manage_teams(by))
    with transaction.atomic():
        team = _locked(team_id)
        if not User.objects.filter(id=user_id).exists():
            raise NotFound(_("There is no such user."))
        membership, is_new = Membership.objects.get_or_create(team=team, user_id=user_id)
        if is_new:
            record(MembershipAdded(team_id=team.pk, user_id=user_id), by=by, at=at)
    return membership


def remove_member(*, team_id: int, user_id: int, by: Actor, at: datetime) -> None:
    """Take a user out of a team; the ledger keeps that they were in it."""
    require(may_manage_teams(by))
    with transaction.atomic():
        team = _locked(team_id)
        removed, _rows = Membership.objects.filter(team=team, user_id=user_id).delete()
        if removed:
            record(MembershipRemoved(team_id=team.pk, user_id=user_id), by=by, at=at)


def _save_or_conflict(team: Team, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            team.save(update_fields=fields)
    except IntegrityError as error:
        raise Conflict(_("There is a team of this name already."), field="name") from error


def _locked(team_id: int) -> Team:
    team = Team.objects.select_for_update(no_key=True).filter(id=team_id).first()
    if team is None:
        raise NotFound(_("There is no such team."))
    return team
