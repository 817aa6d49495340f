"""Business calendars, and SLA policies: what is promised, in which hours."""

from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field, StrictFloat, StrictInt, StrictStr

from steward.api.operations import CREATED, get, patch, post
from steward.api.shapes import Given, Id, Line, Listed, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, named, newest_of, walk
from steward.core import clock
from steward.people.permissions import may_see_people, require
from steward.people.rules import Scope
from steward.roster.actions import (
    change_calendar,
    create_calendar,
    publish_calendar_version,
)
from steward.roster.models import BusinessCalendar
from steward.sla.actions.policies import change_policy, create_policy, publish_policy_version
from steward.sla.models import Policy
from steward.sla.permissions import may_manage_policies

router = Router(tags=["Promises"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Zone = Annotated[StrictStr, Field(max_length=60)]
Word = Annotated[StrictStr, Field(max_length=60)]


class SlotSent(Sent):
    """Open hours on a weekday, 0 being Monday."""

    weekday: Annotated[StrictInt, Field(ge=0, le=6)]
    start: Word
    end: Word


class HoursSent(Sent):
    """Open hours of a day."""

    start: Word
    end: Word


class HolidaySent(Sent):
    """A day with other hours, or none."""

    date: Word
    name: Word = ""
    slots: Annotated[list[HoursSent], Field(max_length=20)] = []


class HoursIn(Sent):
    """When a calendar is open."""

    time_zone: Zone
    slots: Annotated[list[SlotSent], Field(max_length=100)]
    holidays: Annotated[list[HolidaySent], Field(max_length=400)] = []

    def hours(self) -> dict[str, Any]:
        """Give them as the actions take them."""
        return {
            "time_zone": self.time_zone,
            "slots": [one.model_dump() for one in self.slots],
            "holidays": [one.model_dump() for one in self.holidays],
        }


class CalendarIn(HoursIn):
    """A calendar with its first hours."""

    name: Line


class HoursVersionIn(HoursIn):
    """Other hours from now on; `seen_version` is the one they were made from."""

    seen_version: Id | None = None


class CalendarOut(Given):
    """A calendar with the hours in force."""

    id: int
    name: str
    is_active: bool
    version: int
    time_zone: str
    slots: list[dict[str, Any]]
    holidays: list[dict[str, Any]]


def _calendar(row: BusinessCalendar) -> CalendarOut:
    now = newest_of(row)
    return CalendarOut(
        id=row.pk,
        name=row.name,
        is_active=row.is_active,
        version=now.version,
        time_zone=now.time_zone,
        slots=now.slots,
        holidays=now.holidays,
    )


@get(router, "/calendars", scope=READ, out=Listed[CalendarOut])
def list_calendars(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[CalendarOut]:
    """List the business calendars."""
    require(may_see_people(request.actor))
    return walk(BusinessCalendar.objects.prefetch_related("versions"), cursor=cursor, limit=limit, show=_calendar)


@post(router, "/calendars", scope=WRITE, out=CalendarOut, status=CREATED)
def make_calendar(request: Asked, body: CalendarIn) -> CalendarOut:
    """Make a calendar with its first hours."""
    return _calendar(create_calendar(name=body.name, **body.hours(), by=request.actor, at=clock.now()))


@post(router, "/calendars/{int:calendar_id}/versions", scope=WRITE, out=CalendarOut, status=CREATED)
def publish_hours(request: Asked, calendar_id: PathId, body: HoursVersionIn) -> CalendarOut:
    """Give a calendar other hours from now on."""
    publish_calendar_version(
        calendar_id=calendar_id, **body.hours(), seen_version=body.seen_version, by=request.actor, at=clock.now()
    )
    return _calendar(must(BusinessCalendar, calendar_id))


class CalendarChange(Sent):
    """What of a calendar is to change."""

    name: Line = ""
    is_active: Yes = True


@patch(router, "/calendars/{int:calendar_id}", scope=WRITE, out=CalendarOut)
def update_calendar(request: Asked, calendar_id: PathId, body: CalendarChange) -> CalendarOut:
    """Rename a calendar, put it away or take it into use again."""
    return _calendar(change_calendar(calendar_id=calendar_id, changes=body.given(), by=request.actor, at=clock.now()))


class PolicyIn(Sent):
    """What a policy matches and promises: `targets` are seconds of business time by kind of clock and priority."""

    calendar_id: Id
    targets: Annotated[dict[Word, dict[Word, StrictInt]], Field(max_length=10)]
    conditions: Annotated[dict[Word, list[StrictStr | StrictInt]], Field(max_length=20)] = {}
    warn_at: StrictFloat | None = 0.75
    pause_on: Annotated[dict[Word, list[Word]], Field(max_length=10)] | None = None

    def parts(self) -> dict[str, Any]:
        """Give it as the actions take it."""
        found = self.model_dump(include={"targets", "conditions", "warn_at", "pause_on"})
        return found | {"calendar": named(BusinessCalendar, self.calendar_id, "calendar_id")}


class PolicyMade(PolicyIn):
    """A policy."""

    name: Line


class PolicyVersionIn(PolicyIn):
    """What a policy is to promise from now on."""

    seen_version: Id | None = None


class PolicyOut(Given):
    """A policy with what it promises now."""

    id: int
    name: str
    position: int
    is_active: bool
    version: int
    calendar_id: int
    targets: dict[str, dict[str, int]]
    conditions: dict[str, list[Any]]
    warn_at: float | None
    pause_on: dict[str, list[str]]


def _policy(row: Policy) -> PolicyOut:
    now = newest_of(row)
    return PolicyOut(
        id=row.pk,
        name=row.name,
        position=row.position,
        is_active=row.is_active,
        version=now.version,
        calendar_id=now.calendar_id,
        targets=now.targets,
        conditions=now.conditions,
        warn_at=now.warn_at,
        pause_on=now.pause_on,
    )


@get(router, "/policies", scope=READ, out=Listed[PolicyOut])
def list_policies(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[PolicyOut]:
    """List the SLA policies."""
    require(may_manage_policies(request.actor))
    return walk(Policy.objects.prefetch_related("versions"), cursor=cursor, limit=limit, show=_policy)


@post(router, "/policies", scope=WRITE, out=PolicyOut, status=CREATED)
def make_policy(request: Asked, body: PolicyMade) -> PolicyOut:
    """Make a policy, the last to be matched."""
    return _policy(create_policy(name=body.name, **body.parts(), by=request.actor, at=clock.now()))


@post(router, "/policies/{int:policy_id}/versions", scope=WRITE, out=PolicyOut, status=CREATED)
def publish_policy(request: Asked, policy_id: PathId, body: PolicyVersionIn) -> PolicyOut:
    """Let a policy match or promise something else from now on."""
    publish_policy_version(policy_id=policy_id, **body.parts(), seen_version=body.seen_version, by=request.actor, at=clock.now())
    return _policy(must(Policy, policy_id))


class PolicyChange(Sent):
    """What of a policy is to change."""

    name: Line = ""
    position: Annotated[StrictInt, Field(ge=1, le=32_767)] = 1
    is_active: Yes = True


@patch(router, "/policies/{int:policy_id}", scope=WRITE, out=PolicyOut)
def update_policy(request: Asked, policy_id: PathId, body: PolicyChange) -> PolicyOut:
    """Rename a policy, move it in the order, put it away or take it into use."""
    return _policy(change_policy(policy_id=policy_id, changes=body.given(), by=request.actor, at=clock.now()))
