"""Setting subject, priority and category, each against the value that was seen."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Conflict
from steward.desk.actions.changing import Value, change_ticket
from steward.web.shared.asking import Request, one_of, optional_number, text
from steward.web.ticket.answer import changed
from steward.web.ticket.conflicts import both_values


@require_POST
@login_required
def update(request: Request, ticket_id: int) -> HttpResponse:
    field = one_of(request, "field", ("subject", "priority", "category"))
    seen, wanted = _value(request, field, "seen"), _value(request, field, "wanted")
    try:
        change_ticket(ticket_id=ticket_id, changes={field: (seen, wanted)}, by=request.actor, at=clock.now())
    except Conflict as error:
        return both_values(request, ticket_id, error, field=field)
    return changed(request, ticket_id, fresh=field)


def _value(request: Request, field: str, name: str) -> Value:
    if field == "subject":
        return text(request, name)
    # "None" is chosen as 0: an empty select would look like a field that was not sent.
    return optional_number(request, name) or None
