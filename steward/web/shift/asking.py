"""Who has a shift: whoever works tickets."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from steward.desk.queries.access import is_of_the_desk
from steward.people.rules import Capability
from steward.web.shared.asking import Request, View
from steward.web.shared.navigation import address

WORKS = frozenset({Capability.WORK_TICKETS, Capability.ANSWER_ENGINEERING})


def workers_only(view: View) -> View:
    """Let in whoever works tickets; others of the desk are shown to the lists, a requester to the portal, nobody to the sign-in."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        actor = request.actor
        if actor.capabilities & WORKS:
            return view(request, *args, **kwargs)
        if request.method == "GET" and is_of_the_desk(actor):
            return HttpResponseRedirect(reverse("inbox:page"))
        if request.method == "GET" and actor.can(Capability.ASK) and (portal := address("portal:page")):
            return HttpResponseRedirect(portal)
        raise Http404

    return guarded


def readers_only(view: View) -> View:
    """Let in whoever sees reports, such as leads, reviewers and admins; for others the page is not there."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if is_of_the_desk(request.actor) and request.actor.can(Capability.SEE_REPORTS):
            return view(request, *args, **kwargs)
        if request.actor.can(Capability.ASK) and (portal := address("portal:page")):
            return HttpResponseRedirect(portal)
        raise Http404

    return guarded


def me(request: Request) -> int:
    """Give the id of whoever is signed in."""
    user_id = request.actor.user_id
    assert user_id is not None, "login_required let somebody in who is nobody"
    return user_id
