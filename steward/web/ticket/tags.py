"""Labels on a ticket."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.changing import add_tag, remove_tag
from steward.desk.queries.access import ticket_seen_by
from steward.web.shared.asking import Request, text
from steward.web.ticket.answer import changed


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    add_tag(ticket_id=ticket_id, name=text(request, "tag"), by=request.actor, at=clock.now())
    return changed(request, ticket_id, fresh="tag")


@require_POST
@login_required
def destroy(request: Request, ticket_id: int, tag_id: int) -> HttpResponse:
    remove_tag(ticket_id=ticket_id, tag_id=tag_id, by=request.actor, at=clock.now())
    return changed(request, ticket_id)
