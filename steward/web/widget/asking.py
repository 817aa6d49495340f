"""What every answer to the widget has in common: it comes from another origin, shows a session, and is told refusals as JSON."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from steward.channels.actions.widget_opening import TooFast
from steward.channels.queries.widget import WidgetSession, session_in
from steward.channels.widget.refusals import WidgetRefused
from steward.core import clock
from steward.core.errors import DomainError
from steward.web.shared.errors import as_dict, status_of

View = Callable[..., HttpResponseBase]
PREFLIGHT_SECONDS = 7_200
BEARER = "Bearer "


class Asked(HttpRequest):
    """A request of the widget that showed a session."""

    request_id: str
    session_shown: WidgetSession


def origin_of_request(request: HttpRequest) -> str:
    """Give the origin of the page that asks; a browser leaves it out where a page of ours reads from us."""
    return request.headers.get("Origin") or f"{request.scheme}://{request.get_host()}"


def from_pages(method: str, *, with_session: bool = True) -> Callable[[View], View]:
    """Answer pages of other origins: anybody may ask, what they are told is decided by the session and the site's origins.

    No cookie is ever looked at, so there is nothing that a foreign page could make somebody do unknowingly.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return _shared(request, HttpResponse(status=204), method)
            if request.method != method:
                return _shared(request, HttpResponse(status=405, headers={"Allow": f"{method}, OPTIONS"}), method)
            try:
                if with_session:
                    _show_session(request)
                with _spoken(request):
                    response = view(request, *args, **kwargs)
            except DomainError as error:
                response = refusal(error)
            return _shared(request, response, method)

        return answered

    return decorate


def refusal(error: DomainError) -> JsonResponse:
    """Say why not; `again` says that a new token of the page may help."""
    told = {**as_dict(error), "again": isinstance(error, WidgetRefused) and error.is_over}
    status = 401 if told["again"] else 429 if isinstance(error, TooFast) else status_of(error)
    response = JsonResponse({"error": told}, status=status)
    if status == 429:  # noqa: PLR2004
        response["Retry-After"] = "60"
    return response


def language_of(request: HttpRequest, fallback: str = "") -> str:
    """Give the language of ours that comes nearest to the one the page asks for."""
    for tag in (request.GET.get("language", "")[:20], fallback, settings.DESK_LANGUAGE):
        try:
            return translation.get_supported_language_variant(tag) if tag else _next()
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


def _next() -> str:
    raise LookupError


def _show_session(request: HttpRequest) -> None:
    shown = request.headers.get("Authorization", "")
    token = shown.removeprefix(BEARER) if shown.startswith(BEARER) else ""
    request.session_shown = session_in(  # type: ignore[attr-defined]
        token, origin=origin_of_request(request), at=clock.now(), request_id=str(getattr(request, "request_id", ""))
    )


def _spoken(request: HttpRequest) -> "translation.override":
    session: WidgetSession | None = getattr(request, "session_shown", None)
    if session is not None:
        timezone.activate(ZoneInfo(session.actor.time_zone))
    return translation.override(language_of(request, session.actor.language if session else ""))


def _shared(request: HttpRequest, response: HttpResponseBase, method: str) -> HttpResponseBase:
    response["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    response["Access-Control-Allow-Methods"] = method
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Last-Event-ID"
    response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    response["Vary"] = "Origin"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if "Cache-Control" not in response:
        response["Cache-Control"] = "no-store"
    return response


def no_file_there() -> str:
    """Say that there is no such file."""
    return _("There is no such file, or you may not see it.")
