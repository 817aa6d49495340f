"""Making and revoking the tokens with which programs act as a user, and keeping the answers they were given."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, one_line
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.facts import ApiTokenMade, ApiTokenRevoked
from steward.people.models import ApiToken, KeptAnswer, User
from steward.people.permissions import may_make_token, may_revoke_token, require
from steward.people.rules import MOST_TOKEN_RATE, TOKEN_RATE, Scope, is_requester_only, token_hash

PREFIX = "steward_"
TOKEN_BYTES = 32
BEGINNING = len(PREFIX) + 6
LONGEST_NAME = 80
MOST_TOKENS = 50
USED_EVERY = timedelta(minutes=10)
ANSWERS_KEPT_FOR = timedelta(hours=24)


def make_token(
    *,
    user_id: int,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    rate: int = TOKEN_RATE,
    by: Actor,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Make a token with which a program acts as a user: one's own, or as an admin anybody's of the desk.

    Gives the row and the token, which is kept nowhere. Raises `Invalid` for no or an unknown scope, a past end, a rate out
    of bounds; `Conflict` for somebody who cannot have one.
    """
    require(may_make_token(by, user_id), _("You make tokens for yourself only."))
    name = one_line(clean(name, max_length=LONGEST_NAME, field="name"), max_length=LONGEST_NAME)
    wanted = [scope.value for scope in Scope if scope.value in set(scopes)]
    if not wanted or len(wanted) != len(set(scopes)):
        raise Invalid(_("Choose what the token may be used for."), field="scopes", hint=_("Choose no more than it needs."))
    if expires_at is not None and expires_at <= at:
        raise Invalid(_("That is in the past."), field="expires_at", hint=_("Choose a later day."))
    if not 1 <= rate <= MOST_TOKEN_RATE:
        raise Invalid(_("Between 1 and %(most)s requests a minute.") % {"most": f"{MOST_TOKEN_RATE:,}"}, field="rate")
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(id=user_id).first()
        if user is None:
            raise NotFound(_("There is no such user."))
        if not user.is_active or is_requester_only(user.roles):
            raise Conflict(_("Only active users who work here have tokens."), hint=_("Give them a role first."))
        if ApiToken.objects.filter(user=user, revoked_at=None).count() >= MOST_TOKENS:
            raise Conflict(_("That is too many tokens for one user."), hint=_("Revoke those nobody uses."))
        made = ApiToken.objects.create(
            user=user,
            made_by_id=by.user_id,
            name=name,
            beginning=token[:BEGINNING],
            token_hash=token_hash(token),
            scopes=wanted,
            rate=rate,
            created_at=at,
            expires_at=expires_at,
        )
        ends = expires_at.isoformat() if expires_at else ""
        record(
            ApiTokenMade(user_id=user.pk, token_id=made.pk, scopes=tuple(wanted), rate=rate, expires_at=ends),
            by=by,
            at=at,
        )
    return made, token


def revoke_token(*, token_id: int, by: Actor, at: datetime) -> ApiToken:
    """Make a token useless, from the next request on; a second time is no error."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None or not may_revoke_token(by, token.user_id):
            raise NotFound(_("There is no such token."))
        if token.revoked_at is None:
            _end([token], why="by_hand", by=by, at=at)
        return token


def revoke_tokens_of(user: User, *, why: str, by: Actor, at: datetime) -> None:
    """Make every token of a user useless, inside the caller's transaction; what they were called goes when `why` is erased."""
    _end(list(ApiToken.objects.select_for_update().filter(user=user, revoked_at=None)), why=why, by=by, at=at)
    if why == "erased":
        ApiToken.objects.filter(user=user).update(name="")


def _end(tokens: list[ApiToken], *, why: str, by: Actor, at: datetime) -> None:
    for token in tokens:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(ApiTokenRevoked(user_id=token.user_id, token_id=token.pk, why=why), by=by, at=at)


def keep_token_used(token: ApiToken, *, at: datetime) -> None:
    """Keep that a token was used, to about ten minutes: who looks wants to know which are still in use."""
    if token.last_used_at is None or at - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


def keep_answer(*, token: ApiToken, key_hash: str, request_hash: str, sealed: bytes, at: datetime) -> None:
    """Keep the sealed answer to a request that named a key, inside the transaction that did what it asked."""
    KeptAnswer.objects.filter(token=token, key_hash=key_hash).delete()
    KeptAnswer.objects.create(token=token, key_hash=key_hash, request_hash=request_hash, sealed=sealed, kept_at=at)


def forget_answers(*, at: datetime) -> int:
    """Forget the answers kept for a day; give how many."""
    return int(KeptAnswer.objects.filter(kept_at__lt=at - ANSWERS_KEPT_FOR).delete()[0])
