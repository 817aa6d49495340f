"""Watching a ticket: who does, and oneself from now on or no longer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.desk.actions.watching import unwatch_ticket, watch_ticket
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.watchers import watchers_of
from steward.web.shared.asking import Request, text
from steward.web.shared.htmx import go, is_htmx


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def panel(request: Request, ticket_id: int) -> HttpResponse:
    """Show who watches; posting `watch` as on or off says whether the reader does."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    if request.method == "POST":
        act = watch_ticket if text(request, "watch") == "on" else unwatch_ticket
        act(ticket_id=ticket_id, by=request.actor, at=clock.now())
        if not is_htmx(request):
            return go(request, reverse("ticket:page", args=[ticket_id]))
    people = watchers_of(ticket)
    mine = any(one.id == request.actor.user_id for one in people)
    return render(request, "structure/watchers.html", {"ticket": ticket, "people": people, "mine": mine})
