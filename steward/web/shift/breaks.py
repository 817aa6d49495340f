"""Going on a break and coming back."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.roster.actions import end_break, start_break
from steward.web.shared.asking import Request
from steward.web.shared.environment import url
from steward.web.shared.htmx import safe_next
from steward.web.shift.asking import me, workers_only


@require_POST
@workers_only
def create(request: Request) -> HttpResponse:
    start_break(user_id=me(request), by=request.actor, at=clock.now())
    return HttpResponseRedirect(safe_next(request, url("shift:page")), status=303)


@require_POST
@workers_only
def destroy(request: Request) -> HttpResponse:
    end_break(user_id=me(request), by=request.actor, at=clock.now())
    return HttpResponseRedirect(safe_next(request, url("shift:page")), status=303)
