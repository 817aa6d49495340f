"""Who asks: the user of a token, within its scopes and its rate."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from steward.api.problems import Refused
from steward.core import clock
from steward.desk.queries.access import QueueInSight, queues_in_sight
from steward.people.actions.tokens import keep_token_used
from steward.people.actor import Actor, ActorKind
from steward.people.models import ApiToken
from steward.people.queries.actors import actor_for, signed_in
from steward.people.queries.tokens import usable_token
from steward.people.rules import Scope, scopes_granted

MOST_BUCKETS = 10_000


class Asked(HttpRequest):
    """A request that has passed `Bearer`."""

    actor: Actor
    queues: list[QueueInSight]
    token: ApiToken
    scopes: frozenset[Scope]
    limits: "Limits"
    request_id: str


@dataclass(frozen=True)
class Limits:
    """How many requests a token has, how many are left, and in how many seconds all are there again."""

    most: int
    left: int
    full_in: int
    wait: int = 0


class Buckets:
    """A bucket for each token that fills evenly, kept in this process: with several web processes each counts for itself."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, key: int, *, rate: int, now: float) -> Limits:
        """Take one request out of a bucket that holds a minute's worth; `wait` is set where it is empty."""
        a_second = rate / 60
        with self._lock:
            level, seen = self._levels.pop(key, (float(rate), now))
            level = min(float(rate), level + max(0.0, now - seen) * a_second)
            wait = 0 if level >= 1 else max(1, int((1 - level) / a_second + 0.999))
            level -= 0 if wait else 1
            self._levels[key] = (level, now)
            while len(self._levels) > MOST_BUCKETS:
                self._levels.popitem(last=False)
        return Limits(rate, int(level), int((rate - level) / a_second + 0.999), wait)

    def clear(self) -> None:
        """Fill every bucket."""
        with self._lock:
            self._levels.clear()


BUCKETS = Buckets()


class Bearer(HttpBearer):
    """A token of the settings, sent as `Authorization: Bearer …`; nothing else signs a program in."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Give the token of a request, with its user as actor; None for a token that is not good."""
        already: ApiToken | None = getattr(request, "token", None)
        return already or sign_in(request, token)


def sign_in(request: HttpRequest, sent: str) -> ApiToken | None:
    """Make the user of a token the actor of a request; raises `Refused` where the token's rate is used up."""
    at = clock.now()
    token = usable_token(sent.strip(), at=at)
    user = signed_in(token.user_id) if token is not None else None
    if token is None or user is None:
        return None
    limits = BUCKETS.take(token.pk, rate=token.rate, now=monotonic())
    request.limits = limits  # type: ignore[attr-defined]
    if limits.wait:
        raise Refused(
            429,
            "too_many_requests",
            _("This token has used up its requests for now."),
            hint=_("Wait as long as Retry-After says."),
            headers={"Retry-After": str(limits.wait)},
        )
    actor = actor_for(user, cause=f"token:{token.pk}", request_id=str(getattr(request, "request_id", "")))
    if actor.kind != ActorKind.AGENT:
        # Somebody who only asks for help by now has the portal.
        return None
    keep_token_used(token, at=at)
    request.actor = actor  # type: ignore[attr-defined]
    request.queues = SimpleLazyObject(lambda: queues_in_sight(actor))  # type: ignore[attr-defined]
    request.token = token  # type: ignore[attr-defined]
    request.scopes = scopes_granted(token.scopes)  # type: ignore[attr-defined]
    translation.activate(_spoken(request, actor.language))
    timezone.activate(ZoneInfo(actor.time_zone))
    return token


def bearer_of(request: HttpRequest) -> str:
    """Give the token a request carries, empty without one."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def need(request: Asked, scope: Scope) -> None:
    """Go on only with a token that has a scope; raises `Refused`."""
    if scope not in request.scopes:
        raise Refused(
            403,
            "scope_missing",
            _("This token may not be used for that."),
            hint=_("It needs the scope %(scope)s.") % {"scope": scope.value},
            scope=scope.value,
        )


def _spoken(request: HttpRequest, language: str) -> str:
    if "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return translation.get_language() or "en"
