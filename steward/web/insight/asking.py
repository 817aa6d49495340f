"""Who may read reports, and which day they ask for."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.insight.queries.daily import DailyReport, daily_report
from steward.insight.rules.days import day_of
from steward.people.permissions import require
from steward.people.rules import Capability, is_time_zone
from steward.web.shared.asking import Request, View


@dataclass(frozen=True)
class Asked:
    """A day of a zone, as asked for by one person now."""

    day: date
    zone: str
    queue_ids: list[int]
    at: datetime

    @property
    def today(self) -> date:
        """Give the zone's present day."""
        return day_of(self.at, self.zone)

    def report(self) -> DailyReport:
        """Reckon the report, of what this person may see."""
        return daily_report(day=self.day, zone=self.zone, queue_ids=self.queue_ids, at=self.at)


def readers_only(view: View) -> View:
    """Let only those in who see reports; to a requester there are none."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not is_of_the_desk(request.actor):
            raise Http404
        require(request.actor.can(Capability.SEE_REPORTS), _("Reports are for leads, reviewers and admins."))
        return view(request, *args, **kwargs)

    return guarded


def read_zone(request: Request) -> str:
    """Give the zone in the address, else the person's own; raises `Invalid` for one that does not exist."""
    zone = request.GET.get("zone", "").strip() or request.actor.time_zone
    if not is_time_zone(zone):
        raise Invalid(
            _("There is no time zone %(zone)s.") % {"zone": zone[:60]}, field="zone", hint=_("Write it like Asia/Shanghai.")
        )
    return zone


def read(request: Request, day: str) -> Asked:
    """Read the day in an address; raises `Invalid` for what is no date."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Invalid(_("That is not a date."), field="date", hint=_("Write it like 2026-03-02.")) from error
    return Asked(wanted, read_zone(request), visible_queue_ids(request.actor), clock.now())
