"""Bringing people in: by invitation, and the first admin by the link an empty desk prints."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people import inputs
from steward.people.actions.passwords import TOKEN_BYTES, hashed_password
from steward.people.actions.users import create_account
from steward.people.actor import Actor, system
from steward.people.facts import InvitationWithdrawn, MembershipAdded, UserInvited
from steward.people.models import Invitation, Membership, Team, User
from steward.people.permissions import may_manage_people, require
from steward.people.queries.actors import actor_for
from steward.people.queries.links import open_invitation, require_acceptable, require_mail
from steward.people.queries.people import has_admin
from steward.people.rules import LINK_LIVES_FOR, Role, token_hash

# Any number will do, as long as nothing else locks by it.
_FIRST_ADMIN_LOCK = 7_200_315


def invite_user(  # noqa: PLR0913 -- keyword-only, each a field of the form
    *,
    email: str,
    roles: Collection[str],
    name: str = "",
    team_ids: Collection[int] = (),
    language: str = "",
    time_zone: str = "",
    mail: bool = False,
    by: Actor,
    at: datetime,
) -> tuple[Invitation, str]:
    """Invite somebody; an earlier open invitation to the same address is withdrawn.

    Gives the row and the token for the link, which is kept nowhere. With `mail` the link goes to the
    address and the token given is empty. Raises `Conflict` for somebody who is here already.
    """
    require(may_manage_people(by))
    if mail:
        require_mail()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation(
        email=inputs.email(email),
        name=inputs.line(name, field="name"),
        roles=inputs.roles(roles),
        team_ids=_known_teams(team_ids),
        language=inputs.language(language, required=False),
        time_zone=inputs.time_zone(time_zone, required=False),
        token_hash=token_hash(token),
        invited_by_id=by.user_id,
        created_at=at,
        expires_at=at + LINK_LIVES_FOR,
    )
    _require_new(invitation.email)
    with transaction.atomic():
        for earlier in _open_invitations().filter(email=invitation.email, first_admin=False):
            _withdraw(earlier, by=by, at=at)
        _insert(invitation, by=by, at=at)
        if mail:
            defer("people.mail_invitation", invitation_id=invitation.pk)
    return invitation, "" if mail else token


def withdraw_invitation(*, invitation_id: int, by: Actor, at: datetime) -> Invitation:
    """Take an invitation back; its link is dead from now on."""
    require(may_manage_people(by))
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update(no_key=True).filter(id=invitation_id).first()
        if invitation is None:
            raise NotFound(_("There is no such invitation."))
        if invitation.accepted_at is not None:
            raise Conflict(_("This invitation was accepted already."), hint=_("Deactivate the user instead."))
        if invitation.withdrawn_at is None:
            _withdraw(invitation, by=by, at=at)
    return invitation


def first_admin_link(*, at: datetime) -> str | None:
    """Give the token of a new one-time link that makes the first admin, or None where there is an admin.

    A link given before dies. The address of the page is that of the URL name `account:join`.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    by = system("first_admin")
    with transaction.atomic():
        _lock_first_admin()
        if has_admin():
            return None
        for earlier in _open_invitations().filter(first_admin=True):
            _withdraw(earlier, by=by, at=at)
        invitation = Invitation(
            roles=inputs.roles([Role.ADMIN, Role.LEAD]),
            first_admin=True,
            token_hash=token_hash(token),
            created_at=at,
            expires_at=at + LINK_LIVES_FOR,
        )
        _insert(invitation, by=by, at=at)
    return token


def accept_invitation(
    *,
    token: str,
    name: str,
    password: str,
    email: str = "",
    language: str = "",
    time_zone: str = "",
    by: Actor,
    at: datetime,
) -> User:
    """Make the account an invitation promises; `email` is heard only where the invitation has none.

    Raises `NotFound` for an unknown link, `Conflict` for a used, withdrawn or expired one.
    """
    seen = open_invitation(token=token, at=at)
    address = seen.email or inputs.email(email)
    called = inputs.line(name, field="name", required=True)
    hashed = hashed_password(password, user=User(email=address, name=called))
    with transaction.atomic():
        if seen.first_admin:
            _lock_first_admin()
        # Read again under the lock: of two who accept at once, the second finds it used.
        invitation = Invitation.objects.select_for_update(no_key=True).get(id=seen.pk)
        require_acceptable(invitation, at=at)
        user = create_account(
            email=address,
            name=called,
            roles=invitation.roles,
            language=language or invitation.language,
            time_zone=time_zone or invitation.time_zone,
            how="first_admin" if invitation.first_admin else "invitation",
            password_hash=hashed,
            invitation_id=invitation.pk,
            by=None,
            request_id=by.request_id,
            at=at,
        )
        _finish(invitation, user, by=actor_for(user, request_id=by.request_id), at=at)
    return user


def _require_new(email: str) -> None:
    if User.objects.with_email(email).exists():
        raise Conflict(
            _("Somebody with this address is here already."),
            field="email",
            hint=_("Find them in the list of people; a password link lets them in again."),
        )


def _insert(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    invitation.save(force_insert=True)
    fact = UserInvited(
        invitation_id=invitation.pk,
        roles=tuple(invitation.roles),
        team_ids=tuple(invitation.team_ids),
        first_admin=invitation.first_admin,
    )
    record(fact, by=by, at=at)


def _withdraw(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record(InvitationWithdrawn(invitation_id=invitation.pk), by=by, at=at)


def _finish(invitation: Invitation, user: User, *, by: Actor, at: datetime) -> None:
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    for team in Team.objects.filter(id__in=invitation.team_ids).order_by("id"):
        Membership.objects.create(team=team, user=user)
        record(MembershipAdded(team_id=team.pk, user_id=user.pk), by=by, at=at)


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_for_update(no_key=True).filter(accepted_at=None, withdrawn_at=None).order_by("id")


def _known_teams(team_ids: Collection[int]) -> list[int]:
    wanted = set(team_ids)
    known = set(Team.objects.filter(id__in=wanted, is_active=True).values_list("id", flat=True))
    if wanted - known:
        raise Invalid(_("There is no such team."), field="team_ids", hint=_("Choose one that is active."))
    return sorted(known)


def _lock_first_admin() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FIRST_ADMIN_LOCK])
