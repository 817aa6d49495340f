"""Moving a ticket to another queue."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Conflict, NotFound
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.comparing import differs
from steward.desk.actions.locking import lock_in_sight
from steward.desk.queries.access import ticket_seen_by
from steward.people.actor import Actor
from steward.web.shared.asking import Request, number, text
from steward.web.shared.htmx import is_htmx
from steward.web.ticket.answer import changed
from steward.web.ticket.conflicts import both_values


@require_POST
@login_required
def update(request: Request, ticket_id: int) -> HttpResponse:
    reason = text(request, "reason")
    try:
        _move(
            ticket_id,
            seen=number(request, "seen"),
            wanted=number(request, "wanted"),
            reason=reason,
            by=request.actor,
            at=clock.now(),
        )
    except Conflict as error:
        return both_values(request, ticket_id, error, field="queue", reason=reason)
    if is_htmx(request):
        return changed(request, ticket_id, fresh="dialogs")
    try:
        ticket_seen_by(request.actor, ticket_id)
    except NotFound:
        return HttpResponseRedirect(reverse("inbox:page", query={"gone": ticket_id}), status=303)
    return changed(request, ticket_id)


def _move(ticket_id: int, *, seen: int, wanted: int, reason: str, by: Actor, at: datetime) -> None:
    """Compare with what was seen under the same lock that the transfer takes."""
    with transaction.atomic():
        now = lock_in_sight(ticket_id, by).queue_id
        differs("queue", seen=seen, now=now, wanted=wanted)
        transfer_ticket(ticket_id=ticket_id, queue_id=wanted, reason=reason, by=by, at=at)
