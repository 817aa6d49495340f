"""Moving a ticket to another status."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Conflict
from steward.desk.actions.field_values import FieldsMissing
from steward.desk.actions.lifecycle import change_status
from steward.desk.rules.states import State
from steward.web.shared.asking import Request, one_of, optional_number, text
from steward.web.ticket.answer import changed
from steward.web.ticket.conflicts import both_statuses
from steward.web.ticket.custom_fields import ask_for_missing, fill_on_the_way


@require_POST
@login_required
def update(request: Request, ticket_id: int) -> HttpResponse:
    try:
        with transaction.atomic():
            fill_on_the_way(request, ticket_id)
            change_status(
                ticket_id=ticket_id,
                state=State(one_of(request, "state", list(State))),
                status_id=optional_number(request, "status_id"),
                reason=text(request, "reason"),
                seen_status_id=optional_number(request, "seen_status"),
                by=request.actor,
                at=clock.now(),
            )
    except Conflict as error:
        return both_statuses(request, ticket_id, error)
    except FieldsMissing as error:
        return ask_for_missing(request, ticket_id, error, by="status")
    return changed(request, ticket_id, fresh="dialogs")
