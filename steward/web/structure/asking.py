"""What the views of this screen share: sheets over the ticket's page, and having the page look again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steward.web.shared.asking import Request
from steward.web.shared.htmx import Toast, is_htmx, say, trigger

# The element of a ticket's page that fetches its parts anew.
LOOK_AGAIN = {"target": "[data-ticket-live]"}


def overlay(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render what opens over the ticket's page, or, for a browser without scripts, a page of its own."""
    around = "structure/overlay.html" if is_htmx(request) else "structure/page.html"
    return render(request, around, {"part": template, **context}, status=status)


def done(request: HttpRequest, words: str, hint: str = "") -> HttpResponse:
    """Say in a toast what was done, and let the ticket's page look again."""
    return trigger(say(request, Toast(words, hint=hint)), steward__changed=LOOK_AGAIN)
