"""Answers to the page and to the parts of it that refresh themselves."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

Tone = Literal["success", "info", "warning", "error"]


@dataclass(frozen=True)
class Toast:
    """What a toast says: what happened, what was kept, what to do next, and perhaps where to go or what to send (`post`)."""

    title: str
    text: str = ""
    hint: str = ""
    tone: Tone = "success"
    href: str = ""
    link: str = ""
    post: str = ""


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asked, so that a fragment is wanted."""
    return request.headers.get("HX-Request") == "true"


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script asked, not a person."""
    return not is_htmx(request) and request.accepts("application/json") and not request.accepts("text/html")


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    toast: Toast | None = None,
) -> HttpResponse:
    """Render a fragment, with a toast beside it when something is to be said."""
    response = render(request, template, context, status=status)
    if toast:
        response.content += toast_partial(request, toast)
    return response


def say(request: HttpRequest, toast: Toast, *, status: int = 200) -> HttpResponse:
    """Answer with nothing but a toast; the element that asked stays as it is."""
    response = HttpResponse(toast_partial(request, toast), status=status)
    response["HX-Reswap"] = "none"
    return response


def toast_partial(request: HttpRequest, toast: Toast) -> bytes:
    """Render a toast as the fragment that htmx adds to the pile."""
    return render(request, "shared/toast_partial.html", {"toast": toast}).content


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the person to another page: a redirect, which htmx follows as a page and not into the element."""
    if not is_htmx(request):
        return HttpResponseRedirect(url, status=303)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = url
    return response


def trigger(response: HttpResponse, **events: object) -> HttpResponse:
    """Let the element that asked fire events in the browser; keys are names with `__` for a colon."""
    current = json.loads(response.get("HX-Trigger", "{}"))
    current.update({name.replace("__", ":"): detail for name, detail in events.items()})
    response["HX-Trigger"] = json.dumps(current)
    return response


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Give where to go after this, from `next`, never to another site."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and allowed else fallback
