"""How long people have looked at harmful content, for leads; and letting somebody go on."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.desk.actions.caring import let_look_longer
from steward.desk.permissions import may_let_look
from steward.desk.queries.care import care_limits, looking_of_all
from steward.web.care.page import desk_only
from steward.web.shared import htmx
from steward.web.shared.asking import Request, number, text
from steward.web.shared.environment import url

DAYS = 7


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    if not may_let_look(request.actor):
        raise Http404
    rows, limits = looking_of_all(clock.now(), days=DAYS), care_limits()
    limit = int(limits.limit.total_seconds())
    longest = max((row.seconds for row in rows), default=0) or 1
    return render(request, "care/people.html", {"rows": rows, "days": DAYS, "limit": limit, "longest": longest})


@require_POST
@desk_only
def allow(request: Request, user_id: int) -> HttpResponse:
    let_look_longer(
        user_id=user_id,
        more=timedelta(minutes=number(request, "minutes")),
        reason=text(request, "reason"),
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("They may go on, and were told."))
    return htmx.go(request, url("care:people"))
