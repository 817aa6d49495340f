"""The daily report, and the notices of the user of a token."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from steward.api.operations import get, post, put
from steward.api.shapes import Given, Id, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.queries.access import visible_queue_ids
from steward.insight.queries.daily import daily_report
from steward.insight.queries.written import as_data
from steward.people.actions import mark_batch_read, mark_notices_read, set_notice_rule
from steward.people.permissions import require
from steward.people.queries import notices_of
from steward.people.rules import Capability, Scope, Told, is_time_zone

router = Router(tags=["Reports and notices"])


class ReportOut(Given):
    """A report: every figure with the tickets behind it, as `steward report` writes it."""

    report: dict[str, Any]


@get(router, "/reports/daily/{day}", scope=Scope.REPORTS_READ, out=ReportOut)
def get_daily_report(
    request: Asked,
    day: str,
    zone: Annotated[str, Query(max_length=60, description="The time zone whose day it is; the user's own without one.")] = "",
) -> ReportOut:
    """Reckon the report of a day, of the tickets the user may see."""
    require(request.actor.can(Capability.SEE_REPORTS), _("Reports are for leads, reviewers and admins."))
    zone = zone or request.actor.time_zone
    if not is_time_zone(zone):
        raise Invalid(
            _("There is no time zone %(zone)s.") % {"zone": zone[:60]}, field="zone", hint=_("Write it like Asia/Shanghai.")
        )
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Invalid(_("That is not a date."), field="date", hint=_("Write it like 2026-03-02.")) from error
    if not 1970 <= wanted.year <= 2999:  # noqa: PLR2004 -- what zones can reckon with
        raise Invalid(_("That is not a date."), field="date", hint=_("Write it like 2026-03-02."))
    report = daily_report(day=wanted, zone=zone, queue_ids=visible_queue_ids(request.actor), at=clock.now())
    return ReportOut(report=as_data(report))


class NoticeOut(Given):
    """Something the user was told of."""

    id: int
    kind: str
    ticket_id: int | None
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


@get(router, "/notices", scope=Scope.TICKETS_READ, out=list[NoticeOut])
def list_notices(request: Asked, before_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None) -> list[NoticeOut]:
    """List what the user of the token was told of, newest first."""
    found = notices_of(request.actor.user_id or 0, visible_queue_ids=visible_queue_ids(request.actor), before_id=before_id)
    return [NoticeOut.model_validate(one) for one in found]


class UpToIn(Sent):
    """The last notice that was seen."""

    up_to_id: Id


class CountOut(Given):
    """How many were new."""

    count: int


@post(router, "/notices/read", scope=Scope.TICKETS_WRITE, out=CountOut)
def read_notices(request: Asked, body: UpToIn) -> CountOut:
    """Keep that the user has seen their notices up to one."""
    return CountOut(count=mark_notices_read(up_to_id=body.up_to_id, by=request.actor, at=clock.now()))


@post(router, "/notices/{int:batch_id}/read", scope=Scope.TICKETS_WRITE, out=CountOut)
def read_batch(request: Asked, batch_id: PathId) -> CountOut:
    """Keep that the user has seen one batch of notices, named by its first."""
    return CountOut(count=mark_batch_read(batch_id=batch_id, by=request.actor, at=clock.now()))


class RuleIn(Sent):
    """How notices of a kind are wanted: how loud, of which queues (null: of all), and only on shift."""

    how: Told
    queue_ids: Annotated[list[Id], Field(max_length=500)] | None = None
    only_on_shift: Yes = True


class RuleOut(Given):
    """How notices of a kind are wanted."""

    kind: str
    how: str
    queue_ids: list[int] | None
    only_on_shift: bool


@put(router, "/notice-rules/{kind}", scope=Scope.TICKETS_WRITE, out=RuleOut)
def set_rule(request: Asked, kind: str, body: RuleIn) -> RuleOut:
    """Say how the user of the token wants notices of a kind."""
    made = set_notice_rule(
        kind=kind, how=body.how, queue_ids=body.queue_ids, only_on_shift=body.only_on_shift, by=request.actor, at=clock.now()
    )
    return RuleOut.model_validate(made)
