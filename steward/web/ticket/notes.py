"""Writing to colleagues."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.sending import send_note
from steward.desk.queries.access import ticket_seen_by
from steward.web.shared.asking import Request
from steward.web.ticket.answer import changed
from steward.web.ticket.asking import written


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    send_note(ticket_id=ticket_id, written=written(request), by=request.actor, at=clock.now())
    return changed(request, ticket_id)
