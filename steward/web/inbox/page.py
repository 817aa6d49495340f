"""The list of tickets, as a page and as the parts of it that refresh themselves."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.core.pagination import Page
from steward.desk.models import Category
from steward.desk.queries.lists import Row, counts, list_tickets
from steward.desk.queries.search import search_tickets
from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.web.inbox.asking import desk_only
from steward.web.inbox.clocks import chips
from steward.web.inbox.shift import shift_state
from steward.web.inbox.wanted import NAMES, ORDERS, Wanted, read
from steward.web.shared.asking import Request, number_in


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    wanted = read(request.GET, request.actor)
    if wanted.q.startswith("#") and (asked := number_in(wanted.q[1:])) is not None:
        return HttpResponseRedirect(reverse("ticket:page", args=[asked]))
    context = _listed(request, wanted)
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "inbox/refresh.html", context)
    context |= {
        "shift": shift_state(request.actor, context["at"]),
        "categories": _categories(),
        "gone": number_in(request.GET.get("gone", "")),
    }
    return render(request, "inbox/page.html", context)


@require_safe
@desk_only
def pane(request: Request) -> HttpResponse:
    """The same list beside an open ticket, narrow, with the ticket's place in it."""
    wanted = read(request.GET, request.actor)
    current = number_in(request.GET.get("current", ""))
    context = _listed(request, wanted)
    ids = [row.id for row in context["page"].rows]
    place = ids.index(current) if current in ids else None
    context |= {
        "current": current,
        "place": place,
        "before": ids[place - 1] if place else None,
        "after": ids[place + 1] if place is not None and place + 1 < len(ids) else None,
    }
    return render(request, "inbox/pane.html", context)


def _listed(request: Request, wanted: Wanted) -> dict[str, Any]:
    at, actor, queues = clock.now(), request.actor, request.queues
    queue_ids = [queue.pk for queue in queues]
    found = _rows(actor, wanted, queue_ids)
    queue = next((one for one in queues if one.pk == wanted.filter.queue_id), None)
    return {
        "at": at,
        "wanted": wanted,
        "queue": queue,
        "queues": [one for one in queues if one.is_active],
        "queue_ids": queue_ids,
        "page": found,
        "chips": chips([row.id for row in found.rows], at=at),
        "counts": counts(queue_ids=queue_ids, user_id=actor.user_id),
        "views": NAMES,
        "orders": ORDERS,
        "works": actor.can(Capability.WORK_TICKETS),
    }


def _rows(actor: Actor, wanted: Wanted, queue_ids: list[int]) -> Page[Row]:
    if wanted.q:
        return Page(rows=search_tickets(wanted.q, queue_ids=queue_ids), newer=None, older=None)
    return list_tickets(wanted.filter, queue_ids=queue_ids, user_id=actor.user_id, page=wanted.page)


def _categories() -> list[tuple[int, str]]:
    found = {category.pk: category for category in Category.objects.filter(is_active=True)}

    def path(category: Category) -> str:
        parent = found.get(category.parent_id or 0)
        return f"{path(parent)} / {category.name}" if parent else category.name

    return sorted(((pk, path(category)) for pk, category in found.items()), key=lambda pair: pair[1].casefold())
