"""Who can be named in a note, and who asks: both beside a ticket, each read when it is wanted."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.mentions import nameable
from steward.desk.queries.passing import asked_besides, last_answers
from steward.desk.rules.states import WORKING, State
from steward.web.shared.asking import Request


@require_safe
@login_required
def names(request: Request, ticket_id: int) -> HttpResponse:
    """Answer with everybody and every team that sees the ticket; nobody else can be named on it."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    found = [one for one in nameable(ticket.queue) if one.user_ids != (request.actor.user_id,)]
    return JsonResponse({"names": [{"name": one.name, "team": one.team_id is not None} for one in found]})


@require_safe
@login_required
def requester(request: Request, ticket_id: int) -> HttpResponse:
    """Draw what else the requester asked, what of it is open, and what they were answered last."""
    ticket, queue_ids = ticket_seen_by(request.actor, ticket_id), visible_queue_ids(request.actor)
    asked = asked_besides(ticket.requester_id, ticket.pk, queue_ids=queue_ids)
    context = {
        "ticket": ticket,
        "open": [one for one in asked if State(one.state) in WORKING],
        "past": [one for one in asked if State(one.state) not in WORKING],
        "answers": last_answers(ticket.requester_id, queue_ids=queue_ids),
    }
    return render(request, "structure/requester.html", context)
