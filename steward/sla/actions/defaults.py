"""What a fresh desk promises until somebody says otherwise."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from steward.desk.rules.states import Priority
from steward.people.actor import Actor
from steward.people.permissions import require
from steward.roster.actions.calendars import create_calendar
from steward.sla.actions.policies import create_policy
from steward.sla.models import Policy
from steward.sla.permissions import may_manage_policies
from steward.sla.rules.kinds import ClockKind

MINUTE, HOUR = 60, 3600
WORKDAY = 9 * HOUR
ALWAYS = [{"weekday": day, "start": "00:00", "end": "24:00"} for day in range(7)]
OFFICE = [{"weekday": day, "start": "09:00", "end": "18:00"} for day in range(5)]

PRESSING = {
    ClockKind.FIRST_RESPONSE.value: {"1": 15 * MINUTE, "2": HOUR},
    ClockKind.NEXT_RESPONSE.value: {"1": 30 * MINUTE, "2": 2 * HOUR},
    ClockKind.RESOLUTION.value: {"1": 4 * HOUR, "2": 12 * HOUR},
}
STANDARD = {
    ClockKind.FIRST_RESPONSE.value: {"3": 4 * HOUR, "4": WORKDAY},
    ClockKind.NEXT_RESPONSE.value: {"3": WORKDAY, "4": 2 * WORKDAY},
    ClockKind.RESOLUTION.value: {"3": 3 * WORKDAY, "4": 5 * WORKDAY},
}


def create_default_policy(*, time_zone: str = "", by: Actor, at: datetime) -> list[Policy]:
    """Give a fresh desk two calendars and two policies: urgent and high around the clock, the rest in office hours.

    A desk that has any policy, in use or put away, keeps what it has.
    """
    require(may_manage_policies(by))
    zone = time_zone or settings.DESK_TIME_ZONE
    with transaction.atomic():
        if Policy.objects.exists():
            return list(Policy.objects.order_by("position", "id"))
        around = create_calendar(name=_("Around the clock"), time_zone=zone, slots=ALWAYS, by=by, at=at)
        office = create_calendar(name=_("Office hours"), time_zone=zone, slots=OFFICE, by=by, at=at)
        return [
            create_policy(
                name=_("Urgent and high"),
                calendar=around,
                conditions={"priorities": [Priority.URGENT.value, Priority.HIGH.value]},
                targets=PRESSING,
                by=by,
                at=at,
            ),
            create_policy(name=_("Standard"), calendar=office, targets=STANDARD, by=by, at=at),
        ]
