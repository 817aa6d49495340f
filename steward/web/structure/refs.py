"""Other tickets in passing: what a number in a text stands for, and a card of a ticket without leaving the page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.core.text import one_line
from steward.desk.models import Message
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.care import flagged_among
from steward.desk.queries.family import root_of
from steward.desk.queries.passing import refs
from steward.web.shared.asking import Request, number_in

LONGEST_WORDS = 280


@require_safe
@login_required
def unfurl(request: Request) -> HttpResponse:
    """Answer with state and subject of those of the tickets asked about that the reader may see; of others with nothing."""
    ids = [pk for raw in request.GET.get("ids", "")[:2_000].split(",") if (pk := number_in(raw))]
    found = refs(ids, queue_ids=visible_queue_ids(request.actor)) if ids else []
    flagged = flagged_among([one.id for one in found])
    careful = _("harmful content possible")
    told = [
        {"id": one.id, "subject": careful if one.id in flagged else one.subject, "state": one.state, "words": one.status}
        for one in found
    ]
    return JsonResponse({"tickets": told})


@require_safe
@login_required
def card(request: Request, ticket_id: int) -> HttpResponse:
    """Draw a ticket as a card; 404 alike for none and for one out of sight."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    said = Message.objects.filter(ticket_id=ticket.pk, kind=Message.Kind.MESSAGE, automatic=False, shown_on=None)
    # Of what may be harmful nothing is shown that nobody asked for.
    is_careful = bool(flagged_among([ticket.pk]))
    last = None if is_careful else said.select_related("author_user", "requester").order_by("-id").first()
    context = {
        "ticket": ticket,
        "is_careful": is_careful,
        "goes_on_in": root_of(ticket.pk) if ticket.merged_into_id else 0,
        "last": last,
        "words": one_line(last.body, max_length=LONGEST_WORDS) if last else "",
        "at": clock.now(),
    }
    return render(request, "structure/card.html", context)
