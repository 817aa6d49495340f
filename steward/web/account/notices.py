"""How one wants to be told: each kind off, plain or loud, of which queues, and on shift only."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.queries.access import is_of_the_desk, queues_in_sight
from steward.people.actions import set_notice_rule
from steward.people.actor import Actor
from steward.people.notice_kinds import notice_kinds
from steward.people.queries import own_rules
from steward.people.rules import Told
from steward.web.account.middleware import actor_of

HOWS = ((Told.OFF, gettext_lazy("Off")), (Told.PLAIN, gettext_lazy("On the bell")), (Told.LOUD, gettext_lazy("With a sound")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not is_of_the_desk(actor):
        raise Http404
    if request.method == "POST":
        _save(request, actor)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("account:notices"), status=303)
    chosen = own_rules(actor.user_id or 0)
    rows = [{"kind": kind, "rule": chosen.get(kind.kind, kind.rule)} for kind in notice_kinds().values()]
    queues = [queue for queue in queues_in_sight(actor) if queue.is_active]
    return render(request, "account/notices.html", {"rows": rows, "hows": HOWS, "queues": queues})


def _save(request: HttpRequest, actor: Actor) -> None:
    in_sight = {queue.pk for queue in queues_in_sight(actor)}
    with transaction.atomic():
        for kind in notice_kinds():
            if f"how-{kind}" in request.POST:
                set_notice_rule(kind=kind, **_rule(request, kind, in_sight), by=actor, at=clock.now())


def _rule(request: HttpRequest, kind: str, in_sight: set[int]) -> dict[str, Any]:
    asked = request.POST.getlist(f"queue-{kind}")
    if any(not one.isdecimal() or int(one) not in in_sight for one in asked):
        raise Invalid(_("One of the queues is not there any more."), field=kind, hint=_("Reload the page."))
    return {
        "how": str(request.POST[f"how-{kind}"]),
        "queue_ids": sorted(map(int, asked)) or None,
        "only_on_shift": bool(request.POST.get(f"shift-{kind}")),
    }
