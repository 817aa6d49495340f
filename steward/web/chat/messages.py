"""Saying something in a chat; the first thing said starts it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from steward.channels.actions.taking_in import take_in
from steward.channels.queries import where_it_went
from steward.channels.rules.kinds import ChannelKind
from steward.channels.webchat.parse import said_from
from steward.core import clock
from steward.core.errors import DomainError, NotFound
from steward.web.chat.page import show
from steward.web.shared.errors import status_of
from steward.web.shared.htmx import go, is_htmx


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    return _say(request, None)


@login_required
@require_POST
def create(request: HttpRequest, ticket_id: int) -> HttpResponse:
    return _say(request, ticket_id)


def _say(request: HttpRequest, ticket_id: int | None) -> HttpResponse:
    said = said_from(request.POST, request.FILES.getlist("files"), ticket_id=ticket_id)
    try:
        message = take_in(kind=ChannelKind.CHAT, said=said, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except DomainError as error:
        if is_htmx(request) or isinstance(error, NotFound):
            raise
        context = {"error": error, "said": said, "url": request.path, "back": reverse("chat:page")}
        return render(request, "portal/not_sent.html", context, status=status_of(error))
    went_to = message.ticket_id if ticket_id is None else where_it_went(request.actor, ticket_id, message)  # type: ignore[attr-defined]
    if is_htmx(request) and ticket_id is not None and went_to == ticket_id:
        return show(request, ticket_id, "chat/live.html")
    return go(request, reverse("chat:one", args=[went_to]))
