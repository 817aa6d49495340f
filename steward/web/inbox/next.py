"""Taking the ticket that should be worked next."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.assignment import get_next
from steward.desk.models import Ticket
from steward.desk.queries.routing import because_of
from steward.web.inbox.asking import desk_only
from steward.web.shared.asking import Request
from steward.web.shared.htmx import Toast, go, is_htmx, say
from steward.web.shared.labels import because_words


@require_POST
@desk_only
def create(request: Request) -> HttpResponse:
    ticket = get_next(by=request.actor, at=clock.now())
    if ticket is not None:
        _say_why(request, ticket)
        return go(request, reverse("ticket:page", args=[ticket.pk], query={"view": "mine"}))
    if is_htmx(request):
        return say(
            request,
            Toast(title=_("Nothing waits."), text=_("Every ticket has somebody. New ones appear here by themselves."), tone="info"),
        )
    return go(request, reverse("inbox:page", query={"view": "unassigned"}))


def _say_why(request: Request, ticket: Ticket) -> None:
    """Say on the next page by what the rule chose this one."""
    because = because_words(because_of(ticket.pk))
    messages.info(request, _("#%(number)s is next, by %(why)s.") % {"number": ticket.pk, "why": because})
