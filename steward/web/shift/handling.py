"""The time in hand: the page's beats, what a ticket's panel shows, corrections, and the sums by category."""

from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.handling import beat, correct_handling
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.filtering.names import category_paths
from steward.desk.queries.handling import handle_time_by_category, handle_time_of, own_stretches
from steward.web.shared.asking import Request, is_on, number_in, text
from steward.web.shared.environment import url
from steward.web.shared.htmx import is_htmx
from steward.web.shift.asking import me, readers_only, workers_only

LOOKS_BACK = {"7": 7, "28": 28}
MINUTE = 60


@require_POST
@workers_only
def create(request: Request, ticket_id: int) -> HttpResponse:
    """Hear a beat; the page waits for no answer."""
    idle = number_in(text(request, "idle")) or 0
    beat(
        ticket_id=ticket_id,
        idle_for=timedelta(seconds=min(idle, 3_600)),
        leaving=is_on(request, "leaving"),
        by=request.actor,
        at=clock.now(),
    )
    return HttpResponse(status=204)


@require_safe
@workers_only
def panel(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    return _panel(request, ticket_id)


def _panel(request: Request, ticket_id: int) -> HttpResponse:
    user_id = me(request)
    context = {
        "ticket_id": ticket_id,
        "time": handle_time_of(ticket_id, user_id=user_id),
        "stretches": own_stretches(ticket_id, user_id=user_id),
    }
    return render(request, "shift/handling.html", context)


@require_POST
@workers_only
def correct(request: Request, ticket_id: int, handling_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    correct_handling(
        handling_id=handling_id,
        seconds=_seconds(text(request, "minutes")),
        reason=text(request, "reason"),
        by=request.actor,
        at=clock.now(),
    )
    if is_htmx(request):
        return _panel(request, ticket_id)
    return HttpResponseRedirect(url("ticket:page", ticket_id), status=303)


def _seconds(raw: str) -> int:
    try:
        return round(float(raw.strip().replace(",", ".")) * MINUTE)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("“%(text)s” is no number of minutes.") % {"text": raw[:20]}, field="minutes") from error


@require_safe
@readers_only
def by_category(request: Request) -> HttpResponse:
    """Show leads how long tickets are in hand, by category; nobody is named."""
    days = LOOKS_BACK.get(request.GET.get("days", ""), 7)
    found = handle_time_by_category(since=clock.now() - timedelta(days=days), queue_ids=[queue.pk for queue in request.queues])
    context = {"rows": found, "paths": category_paths(), "days": days, "choices": LOOKS_BACK.values()}
    return render(request, "shift/handling_by_category.html", context)
