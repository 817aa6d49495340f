"""What could come next in the search box, as options of its list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.core.errors import spoken
from steward.desk.queries.filtering.reader import reader
from steward.desk.queries.filtering.suggesting import suggest
from steward.web.inbox.asking import desk_only
from steward.web.shared.asking import Request


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    zone = timezone.get_current_timezone_name()
    who = reader(request.queues, user_id=request.actor.user_id, zone=zone, at=clock.now())
    found = suggest(request.GET.get("q", ""), who)
    options = [(one.text, one.shown, spoken(one.help) if one.help else "") for one in found]
    return render(request, "inbox/suggest.html", {"options": options})
