"""Giving a ticket to somebody, or back to its queue."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Conflict, Invalid
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.comparing import differs
from steward.desk.actions.locking import lock_in_sight
from steward.people.actor import Actor
from steward.people.models import User
from steward.web.shared.asking import Request, optional_number
from steward.web.ticket.answer import changed
from steward.web.ticket.conflicts import both_values


@require_POST
@login_required
def update(request: Request, ticket_id: int) -> HttpResponse:
    seen, wanted = optional_number(request, "seen") or None, optional_number(request, "wanted") or None
    try:
        _assign(ticket_id, seen=seen, wanted=wanted, by=request.actor, at=clock.now())
    except Conflict as error:
        return both_values(request, ticket_id, error, field="assignee")
    return changed(request, ticket_id, fresh="assignee")


def _assign(ticket_id: int, *, seen: int | None, wanted: int | None, by: Actor, at: datetime) -> None:
    """Compare with what was seen under the same lock that the assignment takes."""
    with transaction.atomic():
        now = lock_in_sight(ticket_id, by).assignee_id
        differs("assignee", seen=seen, now=now, wanted=wanted)
        to = User.objects.filter(pk=wanted).first() if wanted else None
        if wanted and to is None:
            raise Invalid(_("There is no such person."), field="wanted", hint=_("Reload the page: it may have changed."))
        assign_ticket(ticket_id=ticket_id, to=to, by=by, at=at)
