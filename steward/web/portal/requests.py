"""One request: its page, the part of it that refreshes itself, and the note that it was seen."""

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steward.channels.actions.delivering import mark_seen
from steward.channels.queries import as_requester, thread_of, where_it_goes_on
from steward.core import clock
from steward.desk.queries.access import own_ticket
from steward.web.shared.asking import number_in
from steward.web.shared.htmx import go


@login_required
@require_safe
@never_cache
def page(request: HttpRequest, ticket_id: int) -> HttpResponse:
    return show(request, ticket_id, "portal/request.html")


@login_required
@require_safe
@never_cache
def live(request: HttpRequest, ticket_id: int) -> HttpResponse:
    return show(request, ticket_id, "portal/live.html")


@login_required
@require_POST
def seen(request: HttpRequest, ticket_id: int) -> HttpResponse:
    actor = as_requester(request.actor)  # type: ignore[attr-defined]
    mark_seen(ticket_id=ticket_id, message_id=number_in(request.POST.get("message_id", "")) or 0, by=actor, at=clock.now())
    return HttpResponse(status=204)


def show(request: HttpRequest, ticket_id: int, template: str) -> HttpResponse:
    """Render a request of one's own; 404 for anybody else's."""
    at = clock.now()
    ticket = own_ticket(request.actor, ticket_id)  # type: ignore[attr-defined]
    goes_on_in = where_it_goes_on(request.actor, ticket)  # type: ignore[attr-defined]
    if goes_on_in != ticket_id:
        return go(request, reverse("portal:request", args=[goes_on_in]))
    before = number_in(request.GET.get("before", ""))
    context = {
        "thread": thread_of(ticket, at, before=before, requester_id=request.actor.requester_id),  # type: ignore[attr-defined]
        "before": before,
        "token": str(uuid4()),
        "reopens_until": ticket.closed_at + ticket.queue.reopen_for if ticket.closed_at else None,
        "at": at,
    }
    return render(request, template, context)
