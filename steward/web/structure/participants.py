"""Who takes part in a ticket besides its requester: seen, told along, taken out."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.desk.actions.participants import add_participant, remove_participant
from steward.desk.permissions import may_work
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.finding import requesters_called
from steward.desk.queries.participants import participants_of
from steward.people.rules import is_email, normalize_email
from steward.web.shared.asking import Request, number_in, text
from steward.web.shared.htmx import go, is_htmx

MOST_FOUND = 8


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def panel(request: Request, ticket_id: int) -> HttpResponse:
    """Show who takes part; posting a requester's number, or an address, tells one more."""
    ticket_seen_by(request.actor, ticket_id)
    if request.method == "POST":
        add_participant(
            ticket_id=ticket_id,
            requester_id=number_in(text(request, "requester_id")),
            email=text(request, "email"),
            by=request.actor,
            at=clock.now(),
        )
    return _drawn(request, ticket_id)


@require_POST
@login_required
def destroy(request: Request, ticket_id: int, requester_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    remove_participant(ticket_id=ticket_id, requester_id=requester_id, by=request.actor, at=clock.now())
    return _drawn(request, ticket_id)


@require_safe
@login_required
def find(request: Request, ticket_id: int) -> HttpResponse:
    """Who could be told: requesters known from tickets in sight, and whoever has the address that was typed."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    typed = request.GET.get("email", "").strip()[:200]
    found = requesters_called(typed, queue_ids=visible_queue_ids(request.actor), most=MOST_FOUND) if typed else []
    taken = {ticket.requester_id, *(one.requester_id for one in participants_of(ticket_id))}
    address = normalize_email(typed)
    known = {one.email.casefold() for one in found}
    context = {
        "ticket": ticket,
        "typed": typed,
        "found": [one for one in found if one.id not in taken],
        "address": address if is_email(address) and address.casefold() not in known else "",
    }
    return render(request, "structure/participants_found.html", context)


def _drawn(request: Request, ticket_id: int) -> HttpResponse:
    if request.method == "POST" and not is_htmx(request):
        return go(request, reverse("ticket:page", args=[ticket_id]))
    ticket = ticket_seen_by(request.actor, ticket_id)
    context: dict[str, Any] = {
        "ticket": ticket,
        "people": participants_of(ticket_id),
        "works": may_work(request.actor, ticket) and ticket.merged_into_id is None,
    }
    return render(request, "structure/participants.html", context)
