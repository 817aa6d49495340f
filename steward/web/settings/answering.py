"""The two ways a settings view answers: with a page of its section, or by going on after a change."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from steward.web.settings.sections import sections_for
from steward.web.shared import htmx
from steward.web.shared.asking import Request


def show(request: Request, template: str, here: str, context: Mapping[str, Any]) -> HttpResponse:
    """Draw a page of a section, with the others beside it."""
    return render(request, template, {"sections": sections_for(request.actor), "here": here, **context})


def done(request: HttpRequest, said: str, url_name: str, *args: object) -> HttpResponse:
    """Say what was done and go on to a page."""
    messages.success(request, said)
    return htmx.go(request, reverse(url_name, args=args))


def wants_part(request: HttpRequest) -> bool:
    """Tell whether only the part of a page that changes is asked for."""
    return request.headers.get("HX-Request-Type") == "partial"
