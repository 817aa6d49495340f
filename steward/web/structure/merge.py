"""Merging: choosing what belongs together, both sides before it is done, and taking it back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.merging import MOST_AT_ONCE, merge_tickets, unmerge_ticket, why_not
from steward.desk.models import Ticket
from steward.desk.permissions import may_work
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.desk.queries.sides import sides_by_side
from steward.desk.rules.merging import opens_target
from steward.desk.rules.states import State
from steward.web.shared.asking import Request, is_on, number, number_in, numbers, text
from steward.web.shared.htmx import go

MOST_SHOWN = 12


@require_safe
@login_required
def preview(request: Request) -> HttpResponse:
    """Show what is to be merged side by side, and what will become of each; with one ticket, what it may be merged with."""
    if not is_of_the_desk(request.actor):
        raise Http404
    asked = _asked(request)
    into = number_in(request.GET.get("into", "").removeprefix("#"))
    queue_ids = visible_queue_ids(request.actor)
    found = sides_by_side(asked, queue_ids=queue_ids)
    sides = [side for side in found if may_work(request.actor, side.ticket)]
    # Who asked first is usually the one that goes on.
    target = next((side for side in sides if side.ticket.pk == into), min(sides, key=lambda side: side.ticket.pk, default=None))
    context = {
        "sides": sides,
        "target": target,
        "missing": [pk for pk in asked if pk not in {side.ticket.pk for side in sides}],
        "outcomes": [] if target is None else [_outcome(side.ticket, target.ticket) for side in sides if side is not target],
        "candidates": _candidates(sides, queue_ids),
        "ids": [side.ticket.pk for side in sides],
    }
    return render(request, "structure/merge.html", context)


def _asked(request: Request) -> list[int]:
    """Read the tickets from the address, each as a number or several in one field: `#12, 13`."""
    words = [word for raw in request.GET.getlist("id") for word in raw.replace(",", " ").split()]
    read = [number_in(word.removeprefix("#")) for word in words]
    return list(dict.fromkeys(pk for pk in read if pk))[:MOST_SHOWN]


def _outcome(source: Ticket, target: Ticket) -> dict[str, Any]:
    """Say what merging one ticket into the target brings with it, or why it cannot be."""
    return {
        "source": source,
        "error": why_not(source, target),
        "other_requester": source.requester_id != target.requester_id,
        "opens": opens_target(State(source.state), State(target.state)),
        "gives_owner": source.assignee if target.assignee is None else None,
        "moves_queue": source.queue_id != target.queue_id,
    }


def _candidates(sides: Sequence[Any], queue_ids: list[int]) -> list[Ticket]:
    """Give what somebody is most likely to merge with: what else the same requester has open."""
    if len(sides) != 1:
        return []
    ticket = sides[0].ticket
    others = Ticket.objects.filter(requester_id=ticket.requester_id, queue_id__in=queue_ids, merged_into=None)
    return list(others.exclude(pk=ticket.pk).exclude(state="closed").select_related("status").order_by("-id")[:8])


@require_POST
@login_required
def from_list(request: Request) -> HttpResponse:
    """Lead from the selected rows of a list to the preview."""
    ids = [pk for raw in text(request, "ids")[:2_000].split(",") if (pk := number_in(raw))]
    if not ids:
        raise Invalid(_("Choose at least two tickets."), field="ids", hint=_("Tick them one by one."))
    return go(request, reverse("structure:merge", query={"id": ids[:MOST_SHOWN]}))


@require_POST
@login_required
def create(request: Request) -> HttpResponse:
    target_id, wanted = number(request, "into"), numbers(request, "id")
    source_ids = [pk for pk in wanted if pk != target_id]
    if not source_ids:
        raise Invalid(
            _("Choose at least two tickets."), field="id", hint=_("At most %(most)s are merged at once.") % {"most": MOST_AT_ONCE}
        )
    merge_tickets(source_ids=source_ids, target_id=target_id, tell=is_on(request, "tell"), by=request.actor, at=clock.now())
    count = len(source_ids)
    told = ngettext("%(count)s ticket was merged into #%(number)s.", "%(count)s tickets were merged into #%(number)s.", count)
    messages.success(request, told % {"count": count, "number": target_id})
    return go(request, reverse("ticket:page", args=[target_id]))


@require_POST
@login_required
def undo(request: Request, ticket_id: int) -> HttpResponse:
    unmerge_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    messages.success(request, _("#%(number)s goes on by itself again.") % {"number": ticket_id})
    return go(request, reverse("ticket:page", args=[ticket_id]))
