"""Reads of users, teams, invitations and requesters."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from steward.core.pagination import Page, from_token, to_token
from steward.people.erasing import Whom
from steward.people.models import Invitation, Membership, Requester, Team, User
from steward.people.rules import Capability, Role, capabilities_of

PAGE_SIZE = 50


def has_admin() -> bool:
    """Tell whether anybody can act as admin."""
    return bool(User.objects.active_admins().exists())


def users_with_capability(capability: Capability) -> QuerySet[User]:
    """Give the active users who hold a capability."""
    roles = [role.value for role in Role if capability in capabilities_of([role])]
    found: QuerySet[User] = User.objects.active().filter(roles__overlap=roles)
    return found


def requester_of(user_id: int) -> Requester | None:
    """Find the requester a user is, if they are one."""
    found: Requester | None = Requester.objects.filter(user_id=user_id).first()
    return found


def team_ids_of(user_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give the active teams of many users in one query."""
    teams: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    rows = Membership.objects.filter(user_id__in=list(teams), team__is_active=True).values_list("user_id", "team_id")
    for user_id, team_id in rows:
        teams[user_id].add(team_id)
    return {user_id: frozenset(team_ids) for user_id, team_ids in teams.items()}


def members_of(team_id: int) -> QuerySet[User]:
    """Give the active users of a team by name."""
    members: QuerySet[User] = User.objects.active().filter(memberships__team_id=team_id).order_by("name", "id")
    return members


def teams_with_members() -> QuerySet[Team]:
    """Give all teams by name, each with its memberships and their users: two queries however many there are."""
    memberships = Membership.objects.select_related("user").order_by("user__name", "id")
    return Team.objects.prefetch_related(Prefetch("memberships", queryset=memberships)).order_by(Lower("name"), "id")


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Give the invitations that can still be accepted, newest first; the first admin's link is not among them."""
    return (
        Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at, first_admin=False)
        .select_related("invited_by")
        .order_by("-id")
    )


def users_page(
    *,
    search: str = "",
    role: Role | None = None,
    is_active: bool | None = None,
    page: str = "",
    page_size: int = PAGE_SIZE,
) -> Page[User]:
    """Give one page of users by name, each with its memberships and teams."""
    users = User.objects.all()
    if search:
        users = users.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role is not None:
        users = users.with_role(role)
    if is_active is not None:
        users = users.filter(is_active=is_active)
    backwards = False
    if page:
        (name, last_id), backwards = from_token(page, length=2)
        side = "lt" if backwards else "gt"
        users = users.filter(Q(**{f"name__{side}": name}) | Q(name=name, **{f"id__{side}": last_id}))
    order = (F("name").desc(), F("id").desc()) if backwards else (F("name").asc(), F("id").asc())
    rows = list(users.order_by(*order).prefetch_related("memberships__team")[: page_size + 1])
    more = len(rows) > page_size
    rows = rows[:page_size][:: -1 if backwards else 1]
    has_before, has_after = (more, True) if backwards else (bool(page), more)
    return Page(
        rows=rows,
        newer=to_token((rows[0].name, rows[0].pk), backwards=True) if rows and has_before else None,
        older=to_token((rows[-1].name, rows[-1].pk)) if rows and has_after else None,
    )


def known_of(whom: Whom) -> list[str]:
    """Give the names and addresses by which somebody is known, as long as they are."""
    found = [*Requester.objects.filter(pk=whom.requester_id or 0), *User.objects.filter(pk=whom.user_id or 0)]
    return [word for one in found for word in (one.email or "", one.name) if word]
