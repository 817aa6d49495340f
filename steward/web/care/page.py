"""One's own minutes with harmful content, what was looked at, and how one wants to meet media."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.desk.actions.caring import set_care_preference
from steward.desk.permissions import may_let_look
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.desk.queries.care import care_limits, counts_since, exposure_of, strictness_of, views_of
from steward.desk.rules.care import Looked, Verdict, verdict_on
from steward.web.shared import htmx
from steward.web.shared.asking import Request, is_on
from steward.web.shared.environment import url

View = Callable[..., HttpResponse]


def desk_only(view: View) -> View:
    """Let only people of the desk in."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not is_of_the_desk(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    at, limits = clock.now(), care_limits()
    exposure = exposure_of(request.actor, at)
    looked = Looked(exposure.seconds, exposure.stretch, exposure.allowed) if exposure else Looked()
    in_sight = set(visible_queue_ids(request.actor))
    context = {
        "looked": looked,
        "limit": int(limits.limit.total_seconds()) + looked.allowed,
        "limits": limits,
        "since": counts_since(request.actor, at),
        "over": verdict_on(looked, limits) == Verdict.STOP,
        # Of a ticket that has moved out of sight, the look stays and the rest does not.
        "views": [(view, view.ticket.queue_id in in_sight) for view in views_of(request.actor.user_id or 0)],
        "wishes": strictness_of(request.actor.user_id),
        "sees_others": may_let_look(request.actor),
    }
    return render(request, "care/page.html", context)


@require_POST
@desk_only
def wishes(request: Request) -> HttpResponse:
    set_care_preference(cover_all=is_on(request, "cover_all"), in_gray=is_on(request, "in_gray"), by=request.actor, at=clock.now())
    messages.success(request, _("Saved."))
    return htmx.go(request, url("care:page"))
