"""Who asks for a setting and whether they may, and what the views read from a request."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotAllowed
from steward.desk.queries.access import is_of_the_desk
from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.web.shared.navigation import address

View = Callable[..., HttpResponse]
LONGEST_NUMBER = 17
MOST_SMALL = 32_767


class Request(HttpRequest):
    """A request that has passed the middleware which knows the actor."""

    actor: Actor


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


def text(request: HttpRequest, name: str) -> str:
    """Give a field as it was sent, empty when it was not."""
    return str(request.POST.get(name, ""))


def is_on(request: HttpRequest, name: str) -> bool:
    """Tell whether a box was ticked."""
    return bool(request.POST.get(name))


def number(request: HttpRequest, name: str) -> int:
    """Give a field that must be a whole number; raises `Invalid` for anything else."""
    found = optional_number(request, name)
    if found is None:
        raise Invalid(_("A number is missing."), field=name, hint=_("Choose or enter one."))
    return found


def optional_number(request: HttpRequest, name: str) -> int | None:
    """Give a field that may be empty; raises `Invalid` for what is no number."""
    raw = text(request, name).strip()
    return read_number(raw, name) if raw else None


def small_number(request: Request, name: str) -> int:
    """Give a number as small as the tables hold it."""
    found = number(request, name)
    if found > MOST_SMALL:
        raise Invalid(_("That number is too large: %(most)s at most.") % {"most": MOST_SMALL}, field=name)
    return found


def numbers(request: HttpRequest, name: str) -> list[int]:
    """Give every value of a field that may be there many times, as numbers."""
    return [read_number(str(raw).strip(), name) for raw in request.POST.getlist(name) if str(raw).strip()]


def read_number(raw: str, name: str) -> int:
    """Read digits; raises `Invalid` for anything else."""
    if not (raw.isascii() and raw.isdigit() and len(raw) <= LONGEST_NUMBER):
        raise Invalid(_("“%(text)s” is not a number.") % {"text": raw[:50]}, field=name, hint=_("Use digits only, such as 12."))
    return int(raw)


def one_of(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    """Give a field that must be one of some values; raises `Invalid` for any other."""
    value = text(request, name)
    if value not in set(allowed):
        raise Invalid(_("That is not one of the choices."), field=name, hint=_("Reload the page: it may have changed."))
    return value
