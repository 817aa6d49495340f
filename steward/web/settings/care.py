"""The desk's limits for looking at harmful content."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.desk.actions.caring import set_care_limits
from steward.desk.models import Queue
from steward.desk.permissions import may_manage_desk
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.care import care_limits
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.settings.spans import read_span, written_span
from steward.web.shared.asking import Request, text

LIMITS = ("limit", "rest_after", "rest_for")


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    if request.method == "POST":
        limit, rest_after, rest_for = (timedelta(seconds=read_span(text(request, name), field=name, days=False)) for name in LIMITS)
        set_care_limits(limit=limit, rest_after=rest_after, rest_for=rest_for, by=request.actor, at=clock.now())
        return done(request, _("Saved."), "settings:care")
    limits = care_limits()
    in_sight = Queue.objects.filter(pk__in=visible_queue_ids(request.actor), is_active=True)
    context = {
        "limits": {name: written_span(getattr(limits, name).total_seconds(), days=False) for name in LIMITS},
        "queues": list(in_sight.order_by("position", "name", "id")),
        "history": history_of("care:1"),
    }
    return show(request, "settings/care.html", "care", context)
