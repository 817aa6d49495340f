"""Erasing people: their values go, what happened stays."""

import logging
from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people.actions.tokens import revoke_tokens_of
from steward.people.actions.users import deactivate_user
from steward.people.actor import Actor, system
from steward.people.erasing import TOMBSTONE, Held, Whom, parts
from steward.people.facts import PersonErased, RequesterErased, UserErased
from steward.people.models import Erasure, Invitation, Requester, User
from steward.people.permissions import may_erase_people, require
from steward.people.queries.people import known_of
from steward.people.rules import Role

log = logging.getLogger(__name__)
AT_ONCE_SECONDS = 1.0
_EMPTY = ("name", "platform_role", "team", "market", "language", "time_zone", "client_version", "external_id")


def preview_erasure(whom: Whom, *, by: Actor) -> list[Held]:
    """Say what erasing somebody would take, as far as the actor may see it; nothing is written."""
    require(may_erase_people(by), _("Only admins erase a person."))
    return [held for part in parts() for held in part.count(whom, by) if held.count]


def erase_person(*, requester_id: int | None = None, user_id: int | None = None, reason: str, by: Actor, at: datetime) -> Erasure:
    """Erase a requester or a user: who they are at once, what stands on their tickets right after, piece by piece.

    A requester who signs in goes with their account, an account with its requester. Raises `NotFound` for nobody,
    `Conflict` for the last admin and for somebody who is being erased or was; nobody erases themself.
    """
    require(may_erase_people(by), _("Only admins erase a person."))
    if reason not in Erasure.Reason.values:
        raise Invalid(_("Say why."), field="reason", hint=_("Choose one of the reasons."))
    with transaction.atomic():
        requester, user = _both(requester_id, user_id)
        if user is not None and user.pk == by.user_id:
            raise Conflict(_("You cannot erase yourself."), hint=_("Ask another admin."))
        is_erased = requester.erased_at is not None if requester else user is not None and user.erased_at is not None
        if is_erased:
            raise Conflict(_("The data of this person were erased."))
        erasure = Erasure.objects.create(requester=requester, user=user, reason=reason, asked_by_id=by.user_id, begun_at=at)
        known = known_of(Whom(requester.pk if requester else None, user.pk if user else None))
        for part in parts():
            if part.forget is not None:
                part.forget(known)
        facts: list[PersonErased] = []
        if user is not None:
            _erase_user(user, by=by, at=at)
            facts.append(UserErased(user_id=user.pk, erasure_id=erasure.pk, reason=reason))
        if requester is not None:
            _erase_requester(requester, at)
            facts.append(RequesterErased(requester_id=requester.pk, erasure_id=erasure.pk, reason=reason))
        record(*facts, by=by, at=at)
        # Whatever of it is not done in the next moment, or is cut short by a crash, is carried on by the worker.
        defer("people.carry_on_erasures")
    return erasure


def carry_on(*, erasure_id: int, seconds: float = AT_ONCE_SECONDS, at: datetime) -> bool:
    """Erase piece by piece for about so long; True when nothing is left. May be run twice at once and again."""
    erasure = Erasure.objects.get(pk=erasure_id)
    whom, by, started = Whom(erasure.requester_id, erasure.user_id), system(f"erasure:{erasure.pk}"), monotonic()
    for part in parts():
        while part.erase(whom, by, at):
            if monotonic() - started > seconds:
                return False
    with transaction.atomic():
        Erasure.objects.select_for_update().filter(pk=erasure_id, finished_at=None).update(finished_at=max(at, erasure.begun_at))
    return True


def carry_on_all(*, at: datetime) -> int:
    """Carry on every erasure that is not finished; give how many were."""
    finished = 0
    for pk in list(Erasure.objects.filter(finished_at=None).order_by("id").values_list("id", flat=True)):
        try:
            finished += carry_on(erasure_id=pk, seconds=20, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # One that cannot go on must not hold up the others; it is tried again and stands in the list until then.
            log.exception("people.erasure_failed", extra={"erasure": pk})
    return finished


def _both(requester_id: int | None, user_id: int | None) -> tuple[Requester | None, User | None]:
    requester, user = None, None
    if requester_id is not None:
        requester = Requester.objects.select_for_update().filter(pk=requester_id).first()
        user_id = requester.user_id if requester else None
    if user_id is not None:
        user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        requester = requester or Requester.objects.select_for_update().filter(user_id=user_id).first()
    if requester is None and user is None:
        raise NotFound(_("There is no such person."))
    return requester, user


def _erase_requester(requester: Requester, at: datetime) -> None:
    for field in _EMPTY:
        setattr(requester, field, "")
    requester.email, requester.erased_at = None, at
    requester.save(update_fields=[*_EMPTY, "email", "erased_at"])


def _erase_user(user: User, *, by: Actor, at: datetime) -> None:
    if Role.ADMIN in user.role_set or user.is_active:
        # As for anybody who leaves: sessions end, the last admin stays, what is in their hands is looked after.
        deactivate_user(user_id=user.pk, by=by, at=at)
    revoke_tokens_of(user, why="erased", by=by, at=at)
    address = f"erased-{user.pk}@erased.invalid"
    for invitation in Invitation.objects.select_for_update().filter(email=user.email) | Invitation.objects.filter(accepted_by=user):
        invitation.name = ""
        invitation.email = address if invitation.email else ""
        invitation.save(update_fields=["name", "email"])
    sessions: Sequence[str] = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=sessions).delete()
    UserSession.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(
        email=address, name=TOMBSTONE, password=make_password(None), language="en", time_zone="UTC", erased_at=at
    )
