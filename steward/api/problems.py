"""Refusals as problem details (RFC 9457): one shape for all of them."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from steward.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound

logger = logging.getLogger("steward.api")
MEDIA_TYPE = "application/problem+json"
STATUSES: Mapping[type[DomainError], int] = {NotAllowed: 403, NotFound: 404, Invalid: 422, Conflict: 409}
MOST_ERRORS = 20


class Refused(Exception):
    """A refusal of the API itself, before or after an action."""

    def __init__(self, status: int, code: str, title: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.headers, self.more = status, code, title, headers or {}, more


def problem(status: int, code: str, title: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> HttpResponse:
    """Write a refusal: what happened in words and as a code, with a hint, a field or a list of errors where there are any."""
    told = {"type": f"urn:steward:problem:{code}", "title": title, "status": status, "code": code}
    told |= {name: value for name, value in more.items() if value not in ("", None, [])}
    content = json.dumps(told, default=str, ensure_ascii=False)
    response = HttpResponse(content, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))
    response["Cache-Control"] = "no-store"
    return response


def as_problem(request: HttpRequest, error: Any) -> HttpResponse:
    """Turn whatever was raised into a refusal; what nobody foresaw is logged and told as a fault of ours."""
    for kind, write in _WRITERS:
        if isinstance(error, kind):
            return write(error)
    logger.error("the API broke at %s %s", request.method, request.path, exc_info=error)
    hint = _("It was noted. Try again; if it stays, tell an administrator when it happened.")
    return problem(500, "server_error", _("Something broke on our side."), hint=hint)


def not_found() -> HttpResponse:
    """Say that an address leads nowhere."""
    return problem(404, "not_found", _("There is nothing here."), hint=_("See /api/v1/openapi.json for what there is."))


def _of_domain(error: Exception) -> HttpResponse:
    assert isinstance(error, DomainError)
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 422)
    more: dict[str, Any] = {"hint": error.hint, "field": getattr(error, "field", "")}
    if isinstance(error, Conflict):
        more |= {"theirs": _plain(error.theirs), "yours": _plain(error.yours)}
    return problem(status, error.code, error.message, **more)


def _of_input(error: Exception) -> HttpResponse:
    assert isinstance(error, ValidationError)
    if any(one["loc"][0] == "path" for one in error.errors):
        return not_found()
    errors = [
        {"where": ".".join(str(part) for part in one["loc"]), "message": one["msg"], "kind": one["type"]}
        for one in error.errors[:MOST_ERRORS]
    ]
    return problem(422, "invalid", _("The request does not fit what this operation takes."), errors=errors)


def _of_ours(error: Exception) -> HttpResponse:
    assert isinstance(error, Refused)
    return problem(error.status, error.code, error.title, headers=error.headers, **error.more)


def _of_nobody(_error: Exception) -> HttpResponse:
    return problem(
        401,
        "not_signed_in",
        _("A token is missing, or it is no longer good."),
        hint=_("Send “Authorization: Bearer …” with a token from the settings."),
        headers={"WWW-Authenticate": 'Bearer realm="steward"'},
    )


def _of_http(error: Exception) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem(error.status_code, "bad_request", str(error))


def unreadable(_error: Exception | None = None) -> HttpResponse:
    """Say that a request could not be read at all."""
    return problem(400, "bad_request", _("That request could not be read."), hint=_("Check its body and headers."))


def _too_large(_error: Exception) -> HttpResponse:
    return problem(413, "too_large", _("That is more than can be taken at once."), hint=_("Send less, or fewer and smaller files."))


def _unstorable(_error: Exception) -> HttpResponse:
    return problem(422, "invalid", _("A value is out of the bounds of what can be stored."))


_WRITERS: tuple[tuple[type[Exception], Callable[[Exception], HttpResponse]], ...] = (
    (Refused, _of_ours),
    (DomainError, _of_domain),
    (ValidationError, _of_input),
    (AuthenticationError, _of_nobody),
    (HttpError, _of_http),
    (Http404, lambda _error: not_found()),
    (RequestDataTooBig, _too_large),
    (TooManyFilesSent, _too_large),
    (SuspiciousOperation, unreadable),
    (MultiPartParserError, unreadable),
    (UnreadablePostError, unreadable),
    (DataError, _unstorable),
)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
