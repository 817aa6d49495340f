"""Taking what is selected in a list to the page where it is changed."""

from zlib import crc32

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.bulk import MOST_TICKETS, gather
from steward.desk.queries.bulk import matching_ids
from steward.web.inbox.asking import desk_only
from steward.web.inbox.wanted import read
from steward.web.shared.asking import Request, is_on, number_in, numbers, text
from steward.web.shared.htmx import go


@require_POST
@desk_only
def create(request: Request) -> HttpResponse:
    """Prepare a run over the rows that are ticked here and on other pages of the list, or over all that match."""
    wanted, whole = read(request), True
    if is_on(request, "all"):
        ids, whole = matching_ids(wanted.plan, order=wanted.order, most=MOST_TICKETS)
    else:
        elsewhere = (number_in(one) for one in text(request, "ids").split(","))
        ids = [*numbers(request, "id"), *(one for one in elsewhere if one is not None)]
    # The token is the page's: the same page may be come back to with another selection.
    token = f"{text(request, 'client_token')[:60]}:{crc32(repr(sorted(set(ids))).encode())}"
    run = gather(ticket_ids=ids, came_from=wanted.query(), client_token=token, by=request.actor, at=clock.now())
    asked = {"verb": verb} if (verb := text(request, "verb")) else {}
    return go(request, reverse("bulk:run", args=[run.pk], query=asked if whole else {**asked, "cut": 1}))
