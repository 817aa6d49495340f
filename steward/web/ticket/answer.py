"""The answer to every change of a ticket: its parts drawn anew, or the page again for a browser without scripts."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.models import HeldReply
from steward.web.shared.asking import Request
from steward.web.shared.htmx import Toast, go, is_htmx, toast_partial, trigger
from steward.web.shared.times import day_and_time
from steward.web.ticket.reading import whole


def changed(request: Request, ticket_id: int, *, fresh: str = "", toast: Toast | None = None) -> HttpResponse:
    """Answer with the ticket as it stands now.

    `fresh` names the form that did its work and is drawn empty again. A ticket that has just moved out of
    the actor's sight leads back to the list, which says so.
    """
    if not is_htmx(request):
        return HttpResponseRedirect(page_address(request, ticket_id), status=303)
    try:
        context = whole(request, ticket_id, at=clock.now())
    except NotFound:
        return go(request, reverse("inbox:page", query={"gone": ticket_id}))
    return parts(request, context | {"fresh": fresh}, toast=toast)


def parts(request: Request, context: dict[str, Any], *, status: int = 200, toast: Toast | None = None) -> HttpResponse:
    """Render the parts of the page that follow the ticket; what is being written is not among them."""
    defaults = {"fresh": "", "conflict": None, "newer": None, "missing": None, "kept": "", "list_query": list_query(request)}
    response = render(request, "ticket/changed.html", defaults | context, status=status)
    if toast:
        response.content += toast_partial(request, toast)
    return response


def counted_down(response: HttpResponse, held: HeldReply, at: datetime) -> HttpResponse:
    """Tell the page of a reply that waits, so that it can be taken back from wherever its author goes next."""
    told = {
        "id": held.pk,
        "ticket": held.ticket_id,
        "seconds": max(0, round((held.due_at - at).total_seconds())),
        "scheduled": day_and_time(held.due_at, at=at) if held.is_scheduled else "",
    }
    return trigger(response, steward__held=told)


def page_address(request: Request, ticket_id: int) -> str:
    """Give the address of the ticket's page, in the list it was opened from."""
    query = list_query(request)
    return reverse("ticket:page", args=[ticket_id]) + (f"?{query}" if query else "")


def list_query(request: Request) -> str:
    """Give the list the ticket was opened from, as the query of its address; forms of the page carry it on."""
    return request.GET.urlencode()[:2_000]
