"""What was promised to come back to, the most pressing first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.desk.models import FollowUp
from steward.desk.queries.access import visible_queue_ids
from steward.web.inbox.asking import desk_only
from steward.web.shared.asking import Request

MOST = 200


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    whose = "all" if request.GET.get("whose") == "all" else "mine"
    queue_ids = visible_queue_ids(request.actor)
    promises = FollowUp.objects.filter(done_at=None, ticket__queue__in=queue_ids).select_related("ticket__requester", "owner")
    if whose == "mine":
        promises = promises.filter(owner_id=request.actor.user_id)
    found = list(promises.order_by("due_at", "id")[: MOST + 1])
    context = {
        "at": clock.now(),
        "whose": whose,
        "promises": found[:MOST],
        "more": len(found) > MOST,
        "outcomes": FollowUp.Outcome,
        "queue_ids": queue_ids,
    }
    return render(request, "inbox/follow_ups.html", context)
