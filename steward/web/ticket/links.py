"""Links to other tickets."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.actions.linking import link_tickets, unlink_tickets
from steward.desk.models import Link
from steward.desk.queries.access import ticket_seen_by
from steward.web.shared.asking import Request, number, one_of, text
from steward.web.ticket.answer import changed


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    kind = Link.Kind(one_of(request, "kind", Link.Kind.values))
    link_tickets(
        ticket_id=ticket_id,
        other_id=number(request, "other"),
        kind=kind,
        closing=text(request, "closing") if kind == Link.Kind.CHILD else "",
        by=request.actor,
        at=clock.now(),
    )
    return changed(request, ticket_id, fresh="link")


@require_POST
@login_required
def destroy(request: Request, ticket_id: int, link_id: int) -> HttpResponse:
    if not Link.objects.filter(Q(from_ticket_id=ticket_id) | Q(to_ticket_id=ticket_id), pk=link_id).exists():
        raise NotFound(pgettext("link to a ticket", "There is no such link."))
    unlink_tickets(link_id=link_id, by=request.actor, at=clock.now())
    return changed(request, ticket_id)
