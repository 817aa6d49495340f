"""The one place that turns a refusal into an answer: a page, a toast beside what was typed, or JSON."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from steward.web.shared.htmx import Toast, is_htmx, toast_partial, trigger, wants_json

logger = logging.getLogger("steward.web")

STATUSES: dict[type[DomainError], int] = {NotAllowed: 403, NotFound: 404, Invalid: 422, Conflict: 409}
REDIRECTS = frozenset({301, 302, 303, 307})


class DomainErrorMiddleware:
    """Answer a DomainError in words, and a sign-in that ran out without losing what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Followed by fetch, the redirect would put the sign-in page inside the element that asked.
        if is_htmx(request) and response.status_code in REDIRECTS and _leads_to_sign_in(response):
            return signed_out(request)
        if (
            request.method == "POST"
            and response.status_code in REDIRECTS
            and _leads_to_sign_in(response)
            and (back := came_from(request))
        ):
            # The address of a form often answers to nothing but the form: whoever has signed in comes back to its page.
            response["Location"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refuse(request, exception) if isinstance(exception, DomainError) else None


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a refusal in the form that the asker can use."""
    kept = "" if request.method in {"GET", "HEAD"} else _("Nothing was changed.")
    return _answer(request, _Refusal(status_of(error), error.code, error.message, error.hint, kept, as_dict(error)))


def status_of(error: DomainError) -> int:
    """Give the HTTP status of a refusal; the nearest known class decides."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 422)


def as_dict(error: DomainError) -> dict[str, Any]:
    """Give a refusal as JSON-ready values, the same for screens and scripts."""
    told: dict[str, Any] = {"code": error.code, "message": error.message, "hint": error.hint}
    if field := getattr(error, "field", ""):
        told["field"] = field
    if isinstance(error, Conflict):
        told |= {"theirs": _plain(error.theirs), "yours": _plain(error.yours)}
    return told


def signed_out(request: HttpRequest) -> HttpResponse:
    """Tell a page whose session ended to sign in again, and leave everything on it as it is."""
    sign_in = resolve_url(settings.LOGIN_URL)
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = here.path + (f"?{here.query}" if here.query else "")
    title = _("You are signed out.")
    toast = Toast(
        title=title,
        text=_("What you typed is kept in this tab."),
        tone="error",
        href=f"{sign_in}?{urlencode({'next': back})}" if back else sign_in,
        link=_("Sign in again"),
    )
    return _beside_the_form(request, toast, 401, {"code": "signed_out", "message": title, "hint": ""})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer a request that makes no sense (handler400)."""
    return _answer(request, _Refusal(400, "bad_request", _("That request could not be read."), _("Go back and try again.")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer what the person may not do (handler403)."""
    hint = _("Ask a lead or an administrator if you should.")
    return _answer(request, _Refusal(403, "not_allowed", _("You may not do that."), hint))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer an address that leads nowhere, or nowhere the person may go (handler404)."""
    hint = _("It may have moved, or it is not for you. Check the address or go to the start page.")
    return _answer(request, _Refusal(404, "not_found", _("There is nothing here."), hint))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (handler500); plain words when even the page cannot be drawn."""
    hint = _("It was noted. Try again; if it stays, tell an administrator when it happened.")
    refusal = _Refusal(500, "server_error", _("Something broke on our side."), hint)
    try:
        return _answer(request, refusal)
    except Exception:
        logger.exception("the error page could not be drawn")
        return HttpResponse(f"{refusal.message} {refusal.hint}", status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer a form that was opened before the last sign-in (CSRF_FAILURE_VIEW)."""
    hint = _("Reload it and send again; what you wrote is kept in this tab.")
    return _answer(request, _Refusal(403, "stale_page", _("This page is older than your sign-in."), hint))


@dataclass(frozen=True)
class _Refusal:
    status: int
    code: str
    message: str
    hint: str
    kept: str = ""
    told: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return self.told or {"code": self.code, "message": self.message, "hint": self.hint}


def _answer(request: HttpRequest, refusal: _Refusal) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": refusal.as_dict()}, status=refusal.status)
    if is_htmx(request):
        toast = Toast(title=refusal.message, text=refusal.kept, hint=refusal.hint, tone="error")
        return _beside_the_form(request, toast, refusal.status, refusal.as_dict())
    back = came_from(request) if request.method == "POST" else ""
    context = {"status": refusal.status, "title": refusal.message, "hint": refusal.hint, "text": refusal.kept, "back": back}
    return render(request, "shared/error.html", context, status=refusal.status)


def _beside_the_form(request: HttpRequest, toast: Toast, status: int, told: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(toast_partial(request, toast), status=status)
    response["HX-Reswap"] = "none"
    return trigger(response, steward__refused={"field": "", **told, "status": status})


def came_from(request: HttpRequest) -> str:
    """Give the page of ours that a form was sent from, nothing for one of anybody else's."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return urlsplit(response.get("Location", "")).path == urlsplit(resolve_url(settings.LOGIN_URL)).path


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
