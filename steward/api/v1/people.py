"""Users, teams, requesters, invitations, erasing."""

from datetime import datetime
from typing import Annotated

from ninja import Query, Router
from pydantic import Field, StrictStr

from steward.api.operations import CREATED, delete, get, patch, post, put
from steward.api.shapes import Done, Given, Id, Listed, Named, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, walk
from steward.api.versions import Versioned
from steward.core import clock
from steward.people.actions import (
    add_member,
    add_user,
    change_team,
    change_user,
    create_team,
    deactivate_user,
    invite_user,
    make_password_link,
    reactivate_user,
    remove_member,
    set_roles,
    withdraw_invitation,
)
from steward.people.models import Team, User
from steward.people.permissions import may_manage_people, may_see_people, require
from steward.people.queries import open_invitations
from steward.people.rules import Role, Scope

router = Router(tags=["People"])
READ, WRITE = Scope.PEOPLE_READ, Scope.PEOPLE_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Short = Annotated[StrictStr, Field(max_length=400)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=6)]


class UserOut(Given):
    """Somebody who can sign in; the address is told to admins and to themself."""

    id: int
    name: str
    email: str | None
    roles: list[str]
    team_ids: list[int]
    language: str
    time_zone: str
    is_active: bool


def user_out(request: Asked, row: User) -> UserOut:
    """Give a user as the actor may see them."""
    told = may_manage_people(request.actor) or row.pk == request.actor.user_id
    return UserOut(
        id=row.pk,
        name=row.name,
        email=row.email if told else None,
        roles=row.roles,
        team_ids=sorted(one.team_id for one in row.memberships.all()),
        language=row.language,
        time_zone=row.time_zone,
        is_active=row.is_active,
    )


def _seen_user(request: Asked, user_id: int) -> UserOut:
    require(may_see_people(request.actor))
    return user_out(request, must(User, user_id))


USER = Versioned("user", User, "user_id", _seen_user)


class MeOut(Given):
    """The user of the token, and what the token may be used for."""

    user: UserOut
    scopes: list[str]
    capabilities: list[str]


@get(router, "/me", scope=READ, out=MeOut)
def get_me(request: Asked) -> MeOut:
    """Give the user of the token, and what the token may be used for."""
    user = must(User, request.actor.user_id or 0)
    capabilities = sorted(one.value for one in request.actor.capabilities)
    return MeOut(user=user_out(request, user), scopes=sorted(one.value for one in request.scopes), capabilities=capabilities)


@get(router, "/users", scope=READ, out=Listed[UserOut])
def list_users(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[UserOut]:
    """List the users of the desk."""
    require(may_see_people(request.actor))
    return walk(User.objects.prefetch_related("memberships"), cursor=cursor, limit=limit, show=lambda row: user_out(request, row))


@get(router, "/users/{int:user_id}", scope=READ, out=UserOut, versioned=USER)
def get_user(request: Asked, user_id: PathId) -> UserOut:
    """Give a user."""
    return _seen_user(request, user_id)


class UserIn(Sent):
    """An account without a password; its owner gets in by a password link."""

    email: Short
    name: Short
    roles: Roles
    language: Short = ""
    time_zone: Short = ""


@post(router, "/users", scope=WRITE, out=UserOut, status=CREATED)
def make_user(request: Asked, body: UserIn) -> UserOut:
    """Make an account, such as for a service."""
    made = add_user(
        email=body.email,
        name=body.name,
        roles=body.roles,
        language=body.language,
        time_zone=body.time_zone,
        by=request.actor,
        at=clock.now(),
    )
    return user_out(request, made)


class UserChange(Sent):
    """What of a user is to change."""

    email: Short = ""
    name: Short = ""
    language: Short = ""
    time_zone: Short = ""


@patch(router, "/users/{int:user_id}", scope=WRITE, out=UserOut, versioned=USER)
def update_user(request: Asked, user_id: PathId, body: UserChange) -> UserOut:
    """Change a user's name, language or zone, one's own or as an admin; the address only as an admin."""
    return user_out(request, change_user(user_id=user_id, changes=body.given(), by=request.actor, at=clock.now()))


class RolesIn(Sent):
    """The roles a user is to have."""

    roles: Roles


@put(router, "/users/{int:user_id}/roles", scope=WRITE, out=UserOut, versioned=USER)
def give_roles(request: Asked, user_id: PathId, body: RolesIn) -> UserOut:
    """Give a user other roles."""
    return user_out(request, set_roles(user_id=user_id, roles=body.roles, by=request.actor, at=clock.now()))


@post(router, "/users/{int:user_id}/deactivate", scope=WRITE, out=UserOut, versioned=USER)
def shut_out(request: Asked, user_id: PathId) -> UserOut:
    """Shut a user out: sessions, links and tokens end at once."""
    return user_out(request, deactivate_user(user_id=user_id, by=request.actor, at=clock.now()))


@post(router, "/users/{int:user_id}/reactivate", scope=WRITE, out=UserOut, versioned=USER)
def let_in_again(request: Asked, user_id: PathId) -> UserOut:
    """Let a deactivated user sign in again."""
    return user_out(request, reactivate_user(user_id=user_id, by=request.actor, at=clock.now()))


class OneTimeOut(Given):
    """A one-time token, told once; empty where it was mailed."""

    token: str
    expires_at: datetime


class MailIn(Sent):
    """Whether it is mailed, or handed over by the one who asks."""

    mail: Yes = False


@post(router, "/users/{int:user_id}/password-link", scope=WRITE, out=OneTimeOut, status=CREATED)
def link_for_password(request: Asked, user_id: PathId, body: MailIn) -> OneTimeOut:
    """Make a one-time link with which a user sets a new password."""
    made, token = make_password_link(user_id=user_id, mail=body.mail, by=request.actor, at=clock.now())
    return OneTimeOut(token=token, expires_at=made.expires_at)


class InvitationOut(Given):
    """An invitation that is open."""

    id: int
    email: str
    name: str
    roles: list[str]
    team_ids: list[int]
    expires_at: datetime


class InvitedOut(InvitationOut):
    """An invitation just made, with its token, told once."""

    token: str


class InvitationIn(Sent):
    """Whom to invite."""

    email: Short
    roles: Roles
    name: Short = ""
    team_ids: Annotated[list[Id], Field(max_length=100)] = []
    language: Short = ""
    time_zone: Short = ""
    mail: Yes = False


@get(router, "/invitations", scope=READ, out=Listed[InvitationOut])
def list_invitations(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[InvitationOut]:
    """List the open invitations."""
    require(may_manage_people(request.actor))
    rows = open_invitations(clock.now()).order_by()
    return walk(rows, cursor=cursor, limit=limit, show=InvitationOut.model_validate)


@post(router, "/invitations", scope=WRITE, out=InvitedOut, status=CREATED)
def invite(request: Asked, body: InvitationIn) -> InvitedOut:
    """Invite somebody."""
    made, token = invite_user(**body.model_dump(), by=request.actor, at=clock.now())
    told = InvitationOut.model_validate(made)
    return InvitedOut(**told.model_dump(), token=token)


@delete(router, "/invitations/{int:invitation_id}", scope=WRITE, out=Done)
def take_invitation_back(request: Asked, invitation_id: PathId) -> Done:
    """Take an invitation back; its link is dead from now on."""
    withdraw_invitation(invitation_id=invitation_id, by=request.actor, at=clock.now())
    return Done()


class TeamOut(Given):
    """A team and who is in it."""

    id: int
    name: str
    is_active: bool
    members: list[Named]


def _team(row: Team) -> TeamOut:
    members = sorted((one.user for one in row.memberships.all()), key=lambda one: (one.name, one.pk))
    return TeamOut(id=row.pk, name=row.name, is_active=row.is_active, members=[Named(id=one.pk, name=one.name) for one in members])


def _seen_team(request: Asked, team_id: int) -> TeamOut:
    require(may_see_people(request.actor))
    return _team(must(Team, team_id))


TEAM = Versioned("team", Team, "team_id", _seen_team)


class TeamIn(Sent):
    """A team."""

    name: Short


class TeamChange(Sent):
    """What of a team is to change."""

    name: Short = ""
    is_active: Yes = True


@get(router, "/teams", scope=READ, out=Listed[TeamOut])
def list_teams(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[TeamOut]:
    """List the teams."""
    require(may_see_people(request.actor))
    return walk(Team.objects.prefetch_related("memberships__user"), cursor=cursor, limit=limit, show=_team)


@get(router, "/teams/{int:team_id}", scope=READ, out=TeamOut, versioned=TEAM)
def get_team(request: Asked, team_id: PathId) -> TeamOut:
    """Give a team."""
    return _seen_team(request, team_id)


@post(router, "/teams", scope=WRITE, out=TeamOut, status=CREATED)
def make_team(request: Asked, body: TeamIn) -> TeamOut:
    """Make a team."""
    return _team(create_team(name=body.name, by=request.actor, at=clock.now()))


@patch(router, "/teams/{int:team_id}", scope=WRITE, out=TeamOut, versioned=TEAM)
def update_team(request: Asked, team_id: PathId, body: TeamChange) -> TeamOut:
    """Rename a team, close it or open it again."""
    return _team(change_team(team_id=team_id, changes=body.given(), by=request.actor, at=clock.now()))


@put(router, "/teams/{int:team_id}/members/{int:user_id}", scope=WRITE, out=TeamOut, versioned=TEAM)
def put_into_team(request: Asked, team_id: PathId, user_id: PathId) -> TeamOut:
    """Put a user into a team."""
    add_member(team_id=team_id, user_id=user_id, by=request.actor, at=clock.now())
    return _team(must(Team, team_id))


@delete(router, "/teams/{int:team_id}/members/{int:user_id}", scope=WRITE, out=TeamOut, versioned=TEAM)
def take_out_of_team(request: Asked, team_id: PathId, user_id: PathId) -> TeamOut:
    """Take a user out of a team."""
    remove_member(team_id=team_id, user_id=user_id, by=request.actor, at=clock.now())
    return _team(must(Team, team_id))
