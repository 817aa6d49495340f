"""Who asks for a setting and whether they may, and what the views read from a request."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotAllowed
from steward.desk.queries.access import is_of_the_desk
from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.web.shared.asking import Request, View, number
from steward.web.shared.navigation import address

MOST_SMALL = 32_767


def only(allowed: Callable[[Actor], bool]) -> Callable[[View], View]:
    """Let in whom a predicate allows; a requester is shown to the portal, nobody to the sign-in."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
            if allowed(request.actor):
                return view(request, *args, **kwargs)
            if is_of_the_desk(request.actor):
                raise NotAllowed(_("This setting is not yours to see."), hint=_("Ask an admin of the desk."))
            if request.actor.can(Capability.ASK) and request.method == "GET" and (portal := address("portal:page")):
                return HttpResponseRedirect(portal)
            raise Http404

        return guarded

    return guard


def small_number(request: Request, name: str) -> int:
    """Give a number as small as the tables hold it."""
    found = number(request, name)
    if found > MOST_SMALL:
        raise Invalid(_("That number is too large: %(most)s at most.") % {"most": MOST_SMALL}, field=name)
    return found
