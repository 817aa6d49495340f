"""Having a message that did not reach its requester carried once more."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.channels.actions.resending import send_again
from steward.core import clock
from steward.desk.queries.access import ticket_seen_by
from steward.web.shared.asking import Request
from steward.web.shared.htmx import Toast
from steward.web.ticket.answer import changed


@require_POST
@login_required
def create(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    send_again(message_id=message_id, by=request.actor, at=clock.now())
    return changed(request, ticket_id, toast=Toast(_("It is sent again.")))
