"""Saying what kind of harmful content a ticket carries."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.caring import flag_ticket
from steward.web.shared.asking import Request, text
from steward.web.ticket.answer import changed


@require_POST
@login_required
def update(request: Request, ticket_id: int) -> HttpResponse:
    flag_ticket(ticket_id=ticket_id, harm=text(request, "harm"), by=request.actor, at=clock.now())
    return changed(request, ticket_id)
