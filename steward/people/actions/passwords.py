"""Setting passwords: by a one-time link an admin hands over, or by their owner."""

import re
import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.facts import PasswordChanged, PasswordLinkMade
from steward.people.models import PasswordLink, User
from steward.people.permissions import may_manage_people, require
from steward.people.queries.actors import actor_for
from steward.people.queries.links import open_password_link, require_mail, require_usable
from steward.people.rules import PASSWORD_LINK_LIVES_FOR, token_hash

TOKEN_BYTES = 32
LONGEST_PASSWORD = 1_000
# A NUL, or half of a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def make_password_link(*, user_id: int, mail: bool = False, by: Actor, at: datetime) -> tuple[PasswordLink, str]:
    """Make a one-time link with which a user sets a new password; earlier ones of theirs die.

    Gives the row and the token, which is kept nowhere. With `mail` the link goes to the user's address
    and the token given is empty.
    """
    require(may_manage_people(by))
    if mail:
        require_mail()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(id=user_id).first()
        if user is None:
            raise NotFound(_("There is no such user."))
        if not user.is_active:
            raise Conflict(_("This user is deactivated."), hint=_("Reactivate them first."))
        PasswordLink.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
        link = PasswordLink.objects.create(
            user=user,
            token_hash=token_hash(token),
            made_by_id=by.user_id,
            created_at=at,
            expires_at=at + PASSWORD_LINK_LIVES_FOR,
        )
        record(PasswordLinkMade(user_id=user.pk, password_link_id=link.pk), by=by, at=at)
        if mail:
            defer("people.mail_password_link", password_link_id=link.pk)
    return link, "" if mail else token


def use_password_link(*, token: str, password: str, by: Actor, at: datetime) -> User:
    """Set a new password by a link, once; every session under the old one ends.

    Raises `NotFound` for an unknown link and `Conflict` for a used, withdrawn or expired one.
    """
    seen = open_password_link(token=token, at=at)
    hashed = hashed_password(password, user=seen.user)
    with transaction.atomic():
        # Read again under the lock: of two who use the link at once, the second finds it used.
        user: User = User.objects.select_for_update(no_key=True).get(id=seen.user_id)
        link = PasswordLink.objects.select_related("user").get(id=seen.pk)
        require_usable(link, at=at)
        link.used_at = at
        link.save(update_fields=["used_at"])
        user.password = hashed
        user.save(update_fields=["password"])
        fact = PasswordChanged(user_id=user.pk, how="link", password_link_id=link.pk)
        record(fact, by=actor_for(user, request_id=by.request_id), at=at)
    return user


def set_password(*, user_id: int, password: str, how: str, by: Actor, at: datetime) -> User:
    """Set the password of a user who has proven who they are: by the old one (self), or by mail."""
    hashed = hashed_password(password, user=User.objects.get(id=user_id))
    with transaction.atomic():
        user: User = User.objects.select_for_update(no_key=True).get(id=user_id)
        require(user.is_active, _("This user is deactivated."))
        user.password = hashed
        user.save(update_fields=["password"])
        PasswordLink.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
        origin = by if by.user_id == user.pk else actor_for(user, request_id=by.request_id)
        record(PasswordChanged(user_id=user.pk, how=how), by=origin, at=at)
    return user


def hashed_password(password: str, *, user: User) -> str:
    """Check a new password against the rules of the desk and hash it; slow on purpose, so outside of transactions."""
    if len(password) > LONGEST_PASSWORD or _UNSTORABLE.search(password):
        raise Invalid(_("This cannot be a password."), field="password", hint=_("Choose a shorter one, of usual letters."))
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password", hint=_("Choose a longer or less common one.")) from error
    return make_password(password)
