"""Who is asking: the actor, the request's id, and the language and zone the answer is written in."""

import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from steward.desk.queries.access import QueueInSight, is_of_the_desk, queues_in_sight
from steward.people.actor import Actor, anonymous
from steward.people.queries import actor_for, unread_count


class Request(HttpRequest):
    """A request that has passed `ActorMiddleware`."""

    actor: Actor
    request_id: str
    queues: list[QueueInSight]


class ActorMiddleware:
    """Set `request.actor`, `request.queues` in their sight, and `request.request_id`; stands after the authentication.

    The actor costs one query beside the session's, the queues another; each once a request, and the queues only where
    somebody asks for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _signed_in(request))  # type: ignore[attr-defined]
        request.queues = SimpleLazyObject(lambda: queues_in_sight(actor_of(request)))  # type: ignore[attr-defined]
        request.unread_notices = lambda: _unread_notices(request)  # type: ignore[attr-defined]
        try:
            self._speak_to(request)
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        finally:
            # The thread serves somebody else next.
            translation.activate(settings.LANGUAGE_CODE)
            timezone.deactivate()
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        patch_vary_headers(response, ("Accept-Language",))
        return response

    def _speak_to(self, request: HttpRequest) -> None:
        # Without a session there is nobody to look up: pages for everybody and probes ask the database nothing.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        actor: Actor = request.actor if has_session else _nobody(request)  # type: ignore[attr-defined]
        translation.activate(_spoken(actor.language))
        timezone.activate(ZoneInfo(actor.time_zone))


def actor_of(request: HttpRequest) -> Actor:
    """Give the actor of a request that has passed the middleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _unread_notices(request: HttpRequest) -> int:
    actor = actor_of(request)
    if actor.user_id is None or not is_of_the_desk(actor):
        return 0
    return unread_count(actor.user_id, visible_queue_ids=[queue.pk for queue in request.queues])  # type: ignore[attr-defined]


def _signed_in(request: HttpRequest) -> Actor:
    request_id = str(request.request_id)  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        return actor_for(request.user, request_id=request_id)
    return _nobody(request, request_id)


def _nobody(request: HttpRequest, request_id: str = "") -> Actor:
    language = translation.get_language_from_request(request) if "Accept-Language" in request.headers else settings.DESK_LANGUAGE
    return anonymous(language=language, time_zone=settings.DESK_TIME_ZONE, request_id=request_id)


def _spoken(language: str) -> str:
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return str(settings.LANGUAGE_CODE)
