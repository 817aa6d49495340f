"""Reading tokens of the API: by what a program sends, and for those who look after them."""

from datetime import datetime, timedelta

from django.db.models import F

from steward.core.prepared import Prepared
from steward.people.models import ApiToken, KeptAnswer
from steward.people.rules import token_hash

_BY_HASH = Prepared(lambda hashed: ApiToken.objects.filter(token_hash=hashed, revoked_at=None), hashed=str)


def usable_token(token: str, *, at: datetime) -> ApiToken | None:
    """Find the token a program sent; None for one made up, revoked or expired. Its user may still be shut out."""
    found: ApiToken | None = _BY_HASH.first(hashed=token_hash(token))
    return found if found is not None and (found.expires_at is None or at < found.expires_at) else None


def tokens_of(user_id: int | None = None) -> list[ApiToken]:
    """Give the tokens of a user, or of everybody, those that are not revoked first."""
    seen = ApiToken.objects.select_related("user", "made_by")
    if user_id is not None:
        seen = seen.filter(user_id=user_id)
    return list(seen.order_by(F("revoked_at").desc(nulls_first=True), "-id")[:500])


def kept_answer(token: ApiToken, key_hash: str, *, since: datetime) -> KeptAnswer | None:
    """Find the answer kept under a key, if it is not older than that."""
    return KeptAnswer.objects.filter(token=token, key_hash=key_hash, kept_at__gte=since).first()


def a_day_before(at: datetime) -> datetime:
    """Give the instant from which on answers are still known."""
    return at - timedelta(hours=24)
