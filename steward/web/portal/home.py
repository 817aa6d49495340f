"""The start page: the box to ask in, and one's own requests."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from steward.channels.actions.taking_in import take_in
from steward.channels.queries import front_queue, presence_of, requests_of, topics
from steward.channels.queries.requests import OPEN, PAST
from steward.channels.rules.kinds import ChannelKind
from steward.channels.webchat.parse import said_from
from steward.core import clock
from steward.core.errors import DomainError
from steward.desk.queries.custom_fields import form_of
from steward.people.actor import Actor
from steward.web.shared.asking import number_in
from steward.web.shared.errors import status_of
from steward.web.shared.htmx import go, is_htmx


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _show(request, past=request.GET.get("show") == "past")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, only_ask=True)
    said = said_from(request.POST, request.FILES.getlist("files"), asks=True)
    try:
        message = take_in(kind=ChannelKind.PORTAL, said=said, by=_actor(request), at=clock.now())
    except DomainError as error:
        if is_htmx(request):
            raise
        # Without scripts the page goes away: it comes back with every word still in it.
        return _show(request, only_ask=True, error=error)
    return go(request, reverse("portal:request", args=[message.ticket_id]))


@login_required
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """The desk's own fields for the topic chosen; what was filled in already comes along and stays."""
    return render(request, "portal/ask_fields.html", _asked(request.GET))


def _asked(given: QueryDict) -> dict[str, Any]:
    asked = form_of(number_in(given.get("category", "")), for_requester=True)
    return {"asked": asked, "answers": {one.id: given.getlist(one.input) for one in asked if one.input in given}}


def _show(request: HttpRequest, *, past: bool = False, only_ask: bool = False, error: DomainError | None = None) -> HttpResponse:
    requester_id = _actor(request).requester_id
    token = request.POST.get("client_token") or str(uuid4())
    listed = None if only_ask else requests_of(requester_id, states=PAST if past else OPEN, page=request.GET.get("page", ""))
    context = {
        "listed": listed,
        "past": past,
        "topics": topics(),
        "presence": presence_of(front_queue(), clock.now()),
        "requester_id": requester_id,
        "token": token,
        "typed": {name: request.POST.get(name, "") for name in ("subject", "body", "category")},
        "error": error,
        **_asked(request.POST),
    }
    template = "portal/requests.html" if is_htmx(request) and not only_ask else "portal/home.html"
    return render(request, template, context, status=status_of(error) if error else 200)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
