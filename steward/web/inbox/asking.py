"""Who asks for a list, and whether lists are for them at all."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect

from steward.desk.queries.access import is_of_the_desk
from steward.people.rules import Capability
from steward.web.shared.asking import Request, View
from steward.web.shared.navigation import address


def desk_only(view: View) -> View:
    """Let only people of the desk in; a requester is shown to the portal, nobody to the sign-in."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if is_of_the_desk(request.actor):
            return view(request, *args, **kwargs)
        if request.actor.can(Capability.ASK) and request.method == "GET" and (portal := address("portal:page")):
            return HttpResponseRedirect(portal)
        raise Http404

    return guarded
