"""Taking the ticket that should be worked next."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.assignment import get_next
from steward.web.inbox.asking import desk_only
from steward.web.shared.asking import Request
from steward.web.shared.htmx import Toast, go, is_htmx, say


@require_POST
@desk_only
def create(request: Request) -> HttpResponse:
    ticket = get_next(by=request.actor, at=clock.now())
    if ticket is not None:
        return go(request, reverse("ticket:page", args=[ticket.pk], query={"view": "mine"}))
    if is_htmx(request):
        return say(
            request,
            Toast(title=_("Nothing waits."), text=_("Every ticket has somebody. New ones appear here by themselves."), tone="info"),
        )
    return go(request, reverse("inbox:page", query={"view": "unassigned"}))
