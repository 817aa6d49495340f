"""What agents see of where a ticket came from: the page, its title and versions, beside the ticket."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from steward.channels.queries.widget import pages_of
from steward.desk.queries.access import ticket_seen_by
from steward.web.shared.asking import Request


@require_safe
@login_required
@never_cache
def pages(request: Request, ticket_id: int) -> HttpResponse:
    ticket = ticket_seen_by(request.actor, ticket_id)
    found = pages_of(ticket.pk)
    return render(request, "widget/pages.html", {"ticket": ticket, "pages": found})
