"""Answers given before Django is asked: in the client's language, as JSON for programs and text for people."""

import json
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from steward.config.dispatcher.protocol import Scope, Send, header


def _texts(status: int, limit: int) -> tuple[str, str, str]:
    megabytes = limit // 1_000_000
    said: dict[int, Callable[[], tuple[str, str, str]]] = {
        400: lambda: ("broken_body", _("The request did not arrive whole."), _("Nothing was saved. Send it again.")),
        408: lambda: ("too_slow", _("The request stopped arriving half way."), _("Nothing was saved. Send it again.")),
        413: lambda: (
            "too_large",
            _("The request is larger than the %(size)s MB that can be taken at once.") % {"size": megabytes},
            _("Nothing was saved. Send less, or fewer and smaller files."),
        ),
        503: lambda: ("stopping", _("The server is restarting."), _("Try again in a few seconds.")),
    }
    return said[status]()


async def refuse(scope: Scope, send: Send, status: int, *, limit: int = 0) -> None:
    """Answer with a refusal and close the connection."""
    with translation.override(_language(scope)):
        code, message, hint = _texts(status, limit)
    if scope["path"].startswith("/api/"):
        told = {"type": f"urn:steward:problem:{code}", "title": message, "status": status, "code": code, "hint": hint}
        kind, body = b"application/problem+json", json.dumps(told)
    elif _wants_json(scope):
        kind, body = b"application/json", json.dumps({"error": {"code": code, "message": message, "hint": hint}})
    else:
        kind, body = b"text/plain; charset=utf-8", f"{message} {hint}\n"
    content = body.encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    if status == 503:  # noqa: PLR2004
        headers.append((b"retry-after", b"3"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})


def _wants_json(scope: Scope) -> bool:
    accepted = header(scope, b"accept")
    return b"application/json" in accepted and b"text/html" not in accepted


def _language(scope: Scope) -> str:
    accepted = header(scope, b"accept-language").decode("latin-1")
    for language, _weight in parse_accept_lang_header(accepted[:500]):
        try:
            return translation.get_supported_language_variant(language)
        except LookupError:
            continue
    return translation.get_language() or "en"
