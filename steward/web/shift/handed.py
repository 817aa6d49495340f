"""Reading what the shift before left, and saying that one has."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.desk.actions.handing_over import read_handover
from steward.desk.models import HandoverReading
from steward.desk.queries.handovers import handover_seen_by, tickets_of
from steward.web.shared.asking import Request
from steward.web.shared.environment import url
from steward.web.shared.htmx import go
from steward.web.shift.asking import me, workers_only


@require_safe
@workers_only
def page(request: Request, handover_id: int) -> HttpResponse:
    handover = handover_seen_by(request.actor, handover_id)
    readings = list(HandoverReading.objects.filter(handover=handover).select_related("user").order_by("read_at", "id"))
    user_id = me(request)
    context = {
        "handover": handover,
        "tickets": tickets_of(handover, queue_ids=[queue.pk for queue in request.queues]),
        "readings": readings,
        "is_mine": user_id in {handover.user_id, handover.given_by_id},
        "has_read": any(one.user_id == user_id for one in readings),
        "me": user_id,
    }
    return render(request, "shift/handed.html", context)


@require_POST
@workers_only
def read(request: Request, handover_id: int) -> HttpResponse:
    read_handover(handover_id=handover_id, by=request.actor, at=clock.now())
    messages.success(request, _("Marked as read."))
    return go(request, url("shift:page"))
