"""Writing to colleagues."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.replies import add_note
from steward.desk.queries.access import ticket_seen_by
from steward.web.shared.asking import Request, text
from steward.web.ticket.answer import changed
from steward.web.ticket.asking import client_token, files


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    add_note(
        ticket_id=ticket_id,
        body=text(request, "body"),
        files=files(request),
        client_token=client_token(request),
        by=request.actor,
        at=clock.now(),
    )
    return changed(request, ticket_id)
