"""One's drafts, and the replies that wait to be said."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.desk.queries.writing import own_drafts, waiting_replies
from steward.people.rules import Capability
from steward.web.shared.asking import Request

MOST = 100


@require_safe
@login_required
def page(request: Request) -> HttpResponse:
    actor = request.actor
    if not is_of_the_desk(actor) or actor.user_id is None:
        raise Http404
    queue_ids = visible_queue_ids(actor)
    may_see_all = actor.can(Capability.ASSIGN_OTHERS)
    everybody = may_see_all and request.GET.get("whose") == "all"
    context = {
        "at": clock.now(),
        "drafts": own_drafts(user_id=actor.user_id, queue_ids=queue_ids, most=MOST),
        "waiting": waiting_replies(user_id=None if everybody else actor.user_id, queue_ids=queue_ids, most=MOST),
        "may_see_all": may_see_all,
        "whose": "all" if everybody else "mine",
    }
    return render(request, "writing/page.html", context)
