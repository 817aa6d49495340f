"""Reading the token by which a page of the company says who is in front of it: signed with the site's secret, and short-lived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

ALGORITHM = "HS256"
LONGEST_TOKEN = 4_096
LONGEST_LIFE = timedelta(minutes=15)
# Two servers never agree on the time to the second.
LEEWAY = timedelta(seconds=60)
LONGEST_CLAIM = 200
WORDS = ("name", "language", "team", "role", "market")


class Refusal(StrEnum):
    """Why a token, or what stands around it, is not believed; scripts and the widget go by these words."""

    UNREADABLE = "token_unreadable"
    ALGORITHM = "token_algorithm"
    FORGED = "token_forged"
    WRONG_SITE = "token_wrong_site"
    EXPIRED = "token_expired"
    NOT_YET = "token_not_yet"
    LIVES_TOO_LONG = "token_lives_too_long"
    CLAIM = "token_claim"
    REPLAYED = "token_replayed"
    SITE_UNKNOWN = "site_unknown"
    SITE_CLOSED = "site_closed"
    ORIGIN = "origin"
    PERSON_CLOSED = "person_closed"
    SESSION = "session_ended"


class Disbelieved(Exception):
    """A token that is not believed; `what` names the claim it is about, where it is about one."""

    def __init__(self, why: Refusal, what: str = "") -> None:
        super().__init__(why.value, what)
        self.why, self.what = why, what


@dataclass(frozen=True)
class Claims:
    """What a believed token says; empty where it says nothing. `key` is which of the secrets signed it."""

    subject: str
    email: str
    name: str
    language: str
    team: str
    role: str
    market: str
    token_id: str
    expires_at: datetime
    key: int


def believed(token: str, *, secrets: Iterable[tuple[int, str]], site_key: str, at: datetime) -> Claims:
    """Verify a token against the site's secrets, newest first, and read it; raises `Disbelieved`."""
    if not token or len(token) > LONGEST_TOKEN:
        raise Disbelieved(Refusal.UNREADABLE)
    key, said = _opened(token, secrets)
    _is_for(said, site_key)
    return _read(said, key=key, expires_at=_lives(said, at))


def _opened(token: str, secrets: Iterable[tuple[int, str]]) -> tuple[int, Mapping[str, Any]]:
    # Times and audience are judged here, at the time the caller gives, and told apart.
    lax = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
    for key, secret in secrets:
        try:
            return key, jwt.decode(token, secret, algorithms=[ALGORITHM], options=lax)  # type: ignore[arg-type]
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidAlgorithmError as error:
            raise Disbelieved(Refusal.ALGORITHM) from error
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise Disbelieved(Refusal.UNREADABLE) from error
    raise Disbelieved(Refusal.FORGED)


def _is_for(said: Mapping[str, Any], site_key: str) -> None:
    audience = said.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    if site_key not in audiences:
        raise Disbelieved(Refusal.WRONG_SITE, "aud")


def _lives(said: Mapping[str, Any], at: datetime) -> datetime:
    expires, issued, begins = (_instant(said, name, at) for name in ("exp", "iat", "nbf"))
    if expires is None:
        raise Disbelieved(Refusal.CLAIM, "exp")
    if expires + LEEWAY < at:
        raise Disbelieved(Refusal.EXPIRED, "exp")
    if max(filter(None, (issued, begins)), default=at) > at + LEEWAY:
        raise Disbelieved(Refusal.NOT_YET, "iat")
    if expires - (issued or at) > LONGEST_LIFE + LEEWAY or expires - at > LONGEST_LIFE + LEEWAY:
        raise Disbelieved(Refusal.LIVES_TOO_LONG, "exp")
    return expires


def _instant(said: Mapping[str, Any], name: str, at: datetime) -> datetime | None:
    value = said.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Disbelieved(Refusal.CLAIM, name)
    try:
        return datetime.fromtimestamp(value, tz=at.tzinfo)
    except (ValueError, OverflowError, OSError) as error:
        raise Disbelieved(Refusal.CLAIM, name) from error


def _read(said: Mapping[str, Any], *, key: int, expires_at: datetime) -> Claims:
    subject = _text(said, "sub")
    if not subject:
        raise Disbelieved(Refusal.CLAIM, "sub")
    return Claims(
        subject=subject,
        email=_text(said, "email"),
        token_id=_text(said, "jti"),
        expires_at=expires_at,
        key=key,
        **{name: _text(said, name) for name in WORDS},
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_CLAIM or not _is_storable(value):
        raise Disbelieved(Refusal.CLAIM, name)
    return value.strip()


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
