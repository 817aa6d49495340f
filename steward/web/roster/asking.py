"""Who asks for the roster and whether they may, and what the views read from a request."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotAllowed
from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.roster.permissions import may_see_roster
from steward.web.shared.asking import Request, View, number_in, text
from steward.web.shared.navigation import address

# Outside of these years somebody mistyped; far ones would overflow when they are moved between zones.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def only(allowed: Callable[[Actor], bool]) -> Callable[[View], View]:
    """Let in whom a predicate allows; a requester is shown to the portal, nobody to the sign-in."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
            if allowed(request.actor):
                return view(request, *args, **kwargs)
            if may_see_roster(request.actor):
                raise NotAllowed(_("Only leads and admins plan shifts."), hint=_("Ask your lead to enter it."))
            if request.actor.can(Capability.ASK) and request.method == "GET" and (portal := address("portal:page")):
                return HttpResponseRedirect(portal)
            raise Http404

        return guarded

    return guard


def optional_number(raw: str, name: str) -> int | None:
    """Read digits, or nothing; raises `Invalid` for anything else."""
    if not raw:
        return None
    found = number_in(raw)
    if found is None:
        raise Invalid(
            _("“%(text)s” is not a number.") % {"text": raw[:50]}, field=name, hint=_("Reload the page and choose again.")
        )
    return found


def wall_time(request: HttpRequest, name: str) -> datetime:
    """Read a date and a time of day, without a zone."""
    raw = text(request, name)
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(raw) < len("2026-03-02T09:00") or not _is_near(found.date()):
        raise Invalid(
            _("“%(text)s” is not a date and a time.") % {"text": raw[:40]},
            field=name,
            hint=_("Give both, such as 2026-03-02 09:00."),
        )
    return found


def day_asked(raw: str) -> date | None:
    """Read a day from an address; one that cannot be read is as good as none."""
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if _is_near(found) else None


def _is_near(day: date) -> bool:
    return FIRST_YEAR <= day.year < LAST_YEAR
