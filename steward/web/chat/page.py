"""The chat: the one that is open, an earlier one, or a fresh one that starts by typing."""

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from steward.channels.queries import chats_of, front_queue, open_chat_of, presence_of, thread_of, where_it_goes_on
from steward.core import clock
from steward.desk.queries.access import own_ticket
from steward.people.actor import Actor
from steward.web.shared.htmx import go


@login_required
@require_safe
@never_cache
def current(request: HttpRequest) -> HttpResponse:
    chat = open_chat_of(_actor(request).requester_id)
    return redirect("chat:one", chat.pk) if chat is not None else new(request)


@login_required
@require_safe
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    context = {
        "thread": None,
        "presence": presence_of(front_queue(), clock.now()),
        "chats": chats_of(_actor(request).requester_id),
        "token": str(uuid4()),
    }
    return render(request, "chat/page.html", context)


@login_required
@require_safe
@never_cache
def one(request: HttpRequest, ticket_id: int) -> HttpResponse:
    return show(request, ticket_id, "chat/page.html")


@login_required
@require_safe
@never_cache
def live(request: HttpRequest, ticket_id: int) -> HttpResponse:
    return show(request, ticket_id, "chat/live.html")


def show(request: HttpRequest, ticket_id: int, template: str) -> HttpResponse:
    """Render a chat of one's own; 404 for anybody else's."""
    actor = _actor(request)
    ticket = own_ticket(actor, ticket_id)
    goes_on_in = where_it_goes_on(actor, ticket)
    if goes_on_in != ticket_id:
        return go(request, reverse("chat:one", args=[goes_on_in]))
    context = {
        "thread": thread_of(ticket, clock.now(), requester_id=actor.requester_id),
        "chats": chats_of(actor.requester_id),
        "token": str(uuid4()),
    }
    return render(request, template, context)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
