"""Making, changing and deactivating the accounts of people."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people import changes as compare
from steward.people import inputs
from steward.people.actions.addresses import keep_address
from steward.people.actions.requesters import move_requester_address, requester_for_user
from steward.people.actions.tokens import revoke_tokens_of
from steward.people.actor import Actor
from steward.people.facts import RolesChanged, UserChanged, UserDeactivated, UserJoined, UserReactivated
from steward.people.models import PasswordLink, User
from steward.people.permissions import may_change_profile, may_manage_people, require
from steward.people.queries.actors import actor_for
from steward.people.rules import Role

PERSONAL = frozenset({"email", "name"})
_CHANGEABLE = frozenset({"email", "name", "language", "time_zone"})


def add_user(
    *,
    email: str,
    name: str,
    roles: Collection[str],
    language: str = "",
    time_zone: str = "",
    by: Actor,
    at: datetime,
) -> User:
    """Make an account without a password, for an import; its owner gets in by a password link."""
    require(may_manage_people(by))
    with transaction.atomic():
        return create_account(
            email=email, name=name, roles=roles, language=language, time_zone=time_zone, how="import", by=by, at=at
        )


def sign_up(*, email: str, name: str, password_hash: str, language: str = "", time_zone: str = "", by: Actor, at: datetime) -> User:
    """Make the account of somebody who signed up as requester, where the desk is open for that.

    The address is unproven until its owner confirms it; the sign-in must ask for that first.
    """
    with transaction.atomic():
        return create_account(
            email=email,
            name=name,
            roles=[Role.REQUESTER],
            language=language,
            time_zone=time_zone,
            how="sign_up",
            password_hash=password_hash,
            verified=None,
            by=None,
            request_id=by.request_id,
            at=at,
        )


def create_account(  # noqa: PLR0913 -- keyword-only, each a field of the row
    *,
    email: str,
    name: str,
    roles: Collection[str],
    language: str,
    time_zone: str,
    how: str,
    password_hash: str = "",
    invitation_id: int | None = None,
    verified: bool | None = True,
    by: Actor | None,
    request_id: str = "",
    at: datetime,
) -> User:
    """Make an account; for use by the actions of this package, inside their transaction, once they may.

    Without `by` the new user has done it themself; `verified` None leaves the address to the sign-in.
    """
    user = User(
        email=inputs.email(email),
        name=inputs.line(name, field="name", required=True),
        roles=inputs.roles(roles),
        language=inputs.language(language),
        time_zone=inputs.time_zone(time_zone),
        password=password_hash or make_password(None),
        created_at=at,
    )
    _save_or_conflict(user, None)
    if verified is not None:
        keep_address(user, verified=verified)
    origin = by or actor_for(user, request_id=request_id)
    record(
        UserJoined(user_id=user.pk, how=how, roles=tuple(user.roles), invitation_id=invitation_id),
        by=origin,
        at=at,
    )
    if Role.REQUESTER in user.role_set:
        requester_for_user(user, by=origin, at=at)
    return user


def change_user(*, user_id: int, changes: Mapping[str, str], by: Actor, at: datetime) -> User:
    """Change a user's name, language or zone, their own or as an admin; the address only as an admin."""
    require(may_change_profile(by, user_id))
    if unknown := set(changes) - _CHANGEABLE:
        raise Invalid(_("There is no such field."), field=min(unknown))
    with transaction.atomic():
        user = _locked(user_id)
        updates = compare.differing(user, _read(changes))
        if not updates:
            return user
        require("email" not in updates or may_manage_people(by), _("Only an admin changes an address."))
        changed, personal = compare.told(user, updates, personal=PERSONAL)
        for field, value in updates.items():
            setattr(user, field, value)
        _save_or_conflict(user, list(updates))
        if "email" in updates:
            keep_address(user, verified=True)
            move_requester_address(user, by=by, at=at)
        record(UserChanged(user_id=user.pk, changes=changed, personal=personal), by=by, at=at)
    return user


def set_roles(*, user_id: int, roles: Collection[str], by: Actor, at: datetime) -> User:
    """Give a user other roles; the last active admin keeps theirs."""
    require(may_manage_people(by))
    wanted = inputs.roles(roles)
    with transaction.atomic():
        user, other_admins = _locked_with_admins(user_id)
        old = tuple(user.roles)
        if set(old) == set(wanted):
            return user
        if user.is_active and Role.ADMIN in old and Role.ADMIN not in wanted:
            _require_another_admin(other_admins)
        user.roles = wanted
        user.save(update_fields=["roles"])
        record(RolesChanged(user_id=user.pk, old=old, new=tuple(wanted)), by=by, at=at)
        if Role.REQUESTER in user.role_set:
            requester_for_user(user, by=by, at=at)
    return user


def deactivate_user(*, user_id: int, by: Actor, at: datetime) -> User:
    """Shut a user out: every session ends at once, open links die, the rows stay."""
    require(may_manage_people(by))
    with transaction.atomic():
        user, other_admins = _locked_with_admins(user_id)
        if not user.is_active:
            return user
        if Role.ADMIN in user.role_set:
            _require_another_admin(other_admins)
        user.is_active = False
        user.session_epoch += 1
        user.save(update_fields=["is_active", "session_epoch"])
        PasswordLink.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
        revoke_tokens_of(user, why="deactivated", by=by, at=at)
        record(UserDeactivated(user_id=user.pk), by=by, at=at)
    return user


def reactivate_user(*, user_id: int, by: Actor, at: datetime) -> User:
    """Let a deactivated user sign in again, with the password they had."""
    require(may_manage_people(by))
    with transaction.atomic():
        user = _locked(user_id)
        if user.is_active:
            return user
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(UserReactivated(user_id=user.pk), by=by, at=at)
    return user


def _read(changes: Mapping[str, str]) -> dict[str, str]:
    readers = {"email": inputs.email, "language": inputs.language, "time_zone": inputs.time_zone}
    return {
        field: readers[field](value) if field in readers else inputs.line(value, field=field, required=True)
        for field, value in changes.items()
    }


def _save_or_conflict(user: User, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=fields)
    except IntegrityError as error:
        if "people_user_email" not in str(error):
            raise
        raise Conflict(
            _("Somebody with this address is here already."),
            field="email",
            hint=_("Find them in the list of people."),
        ) from error


def _locked(user_id: int) -> User:
    user: User | None = User.objects.select_for_update(no_key=True).filter(id=user_id).first()
    if user is None:
        raise NotFound(_("There is no such user."))
    return user


def _locked_with_admins(user_id: int) -> tuple[User, list[int]]:
    # All active admins are locked in one order: of two who remove each other, the second waits and then sees the first's work.
    rows = list(
        User.objects.filter(Q(id=user_id) | Q(is_active=True, roles__contains=[Role.ADMIN.value]))
        .select_for_update(no_key=True)
        .order_by("id")
    )
    user = next((row for row in rows if row.pk == user_id), None)
    if user is None:
        raise NotFound(_("There is no such user."))
    return user, [row.pk for row in rows if row.pk != user_id]


def _require_another_admin(other_admins: list[int]) -> None:
    if not other_admins:
        raise Conflict(
            _("This is the last admin, and a desk needs one."),
            hint=_("Make somebody else an admin first."),
        )
