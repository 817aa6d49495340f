"""What the desk does by itself."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field, StrictInt, StrictStr

from steward.api.operations import CREATED, delete, get, post, put
from steward.api.shapes import Given, Id, Line, Listed, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import USUAL_ROWS, must, newest_of, walk
from steward.api.v1.kept import ActiveIn, CallOut, Calls, Cursor, Limit, calls_in
from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.actions.automations.making import (
    Content,
    change_automation,
    create_automation,
    move_automation,
    put_away_automation,
    switch_off,
    switch_on,
)
from steward.desk.actions.automations.occasions import read_when
from steward.desk.actions.automations.trying import try_automation
from steward.desk.models import Automation
from steward.desk.permissions import may_manage_automations
from steward.desk.queries.conditions import read_condition
from steward.people.permissions import require
from steward.people.rules import Scope

router = Router(tags=["Automations"])
KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE


class WhenSent(Sent):
    """An occasion with its arguments."""

    when: Line
    args: Annotated[dict[Annotated[StrictStr, Field(max_length=60)], StrictStr | StrictInt], Field(max_length=10)] = {}


class ConditionSent(Sent):
    """A field, how it is compared, and with what."""

    field: Line
    operator: Line
    value: Line = ""


class AutomationIn(Sent):
    """An automation: on which occasions, under which conditions, and what is done then."""

    name: Line
    whens: Annotated[list[WhenSent], Field(max_length=20)]
    conditions: Annotated[list[ConditionSent], Field(max_length=20)] = []
    any_conditions: Annotated[list[ConditionSent], Field(max_length=20)] = []
    calls: Calls
    seen_version: Id | None = None

    def content(self, request: Asked) -> Content:
        """Give it as the actions take it."""
        return Content(
            whens=[read_when(one.when, one.args, request.actor) for one in self.whens],
            conditions=[read_condition(one.field, one.operator, one.value) for one in self.conditions],
            any_conditions=[read_condition(one.field, one.operator, one.value) for one in self.any_conditions],
            calls=calls_in(self.calls),
        )


class AutomationOut(Given):
    """An automation with its newest version, and which version is on."""

    id: int
    name: str
    position: int
    is_active: bool
    running_version: int | None
    parked_why: str
    version: int
    whens: list[dict[str, Any]]
    conditions: list[dict[str, Any]]
    any_conditions: list[dict[str, Any]]
    calls: list[CallOut]


def _automation(row: Automation) -> AutomationOut:
    newest = newest_of(row)
    return AutomationOut(
        id=row.pk,
        name=row.name,
        position=row.position,
        is_active=row.is_active,
        running_version=row.running_version,
        parked_why=row.parked_why,
        version=newest.version,
        whens=newest.whens,
        conditions=newest.conditions,
        any_conditions=newest.any_conditions,
        calls=[CallOut(**call) for call in newest.calls],
    )


def _managing(request: Asked) -> None:
    require(may_manage_automations(request.actor))


@get(router, "/automations", scope=KEPT_READ, out=Listed[AutomationOut])
def list_automations(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[AutomationOut]:
    """List the automations."""
    _managing(request)
    return walk(Automation.objects.prefetch_related("versions"), cursor=cursor, limit=limit, show=_automation)


@post(router, "/automations", scope=KEPT_WRITE, out=AutomationOut, status=CREATED)
def make_automation(request: Asked, body: AutomationIn) -> AutomationOut:
    """Make an automation; it is off until its version was tried and switched on."""
    _managing(request)
    return _automation(create_automation(name=body.name, content=body.content(request), by=request.actor, at=clock.now()))


@put(router, "/automations/{int:automation_id}", scope=KEPT_WRITE, out=AutomationOut)
def update_automation(request: Asked, automation_id: PathId, body: AutomationIn) -> AutomationOut:
    """Change an automation; another content becomes a new version."""
    _managing(request)
    change_automation(
        automation_id=automation_id,
        name=body.name,
        content=body.content(request),
        seen_version=body.seen_version,
        by=request.actor,
        at=clock.now(),
    )
    return _automation(must(Automation, automation_id))


class DryRunOut(Given):
    """What a version would have done to the tickets of the last week that the user sees."""

    looked_at: int
    is_whole_week: bool
    matched: int
    tickets: int


@post(router, "/automations/{int:automation_id}/try", scope=KEPT_WRITE, out=DryRunOut)
def try_newest(request: Asked, automation_id: PathId) -> DryRunOut:
    """Say what the newest version would have done to the tickets of the last week. Nothing is changed."""
    return DryRunOut.model_validate(try_automation(automation_id=automation_id, by=request.actor, at=clock.now()))


class VersionIn(Sent):
    """The version to be switched on."""

    version: Id


@put(router, "/automations/{int:automation_id}/on", scope=KEPT_WRITE, out=AutomationOut)
def switch_automation_on(request: Asked, automation_id: PathId, body: VersionIn) -> AutomationOut:
    """Let a version act from now on; refused without a dry run of it."""
    if body.version > 2**31 - 1:
        raise NotFound(_("There is no such version."))
    return _automation(switch_on(automation_id=automation_id, version=body.version, by=request.actor, at=clock.now()))


@delete(router, "/automations/{int:automation_id}/on", scope=KEPT_WRITE, out=AutomationOut)
def switch_automation_off(request: Asked, automation_id: PathId) -> AutomationOut:
    """Let an automation act no more."""
    return _automation(switch_off(automation_id=automation_id, by=request.actor, at=clock.now()))


@put(router, "/automations/{int:automation_id}/active", scope=KEPT_WRITE, out=AutomationOut)
def set_automation_active(request: Asked, automation_id: PathId, body: ActiveIn) -> AutomationOut:
    """Put an automation away, or take it back."""
    changed = put_away_automation(automation_id=automation_id, is_active=body.is_active, by=request.actor, at=clock.now())
    return _automation(changed)


class DownIn(Sent):
    """Whether it acts one place later, or earlier."""

    down: Yes


@post(router, "/automations/{int:automation_id}/move", scope=KEPT_WRITE, out=AutomationOut)
def reorder_automation(request: Asked, automation_id: PathId, body: DownIn) -> AutomationOut:
    """Let an automation act one place earlier or later than others."""
    move_automation(automation_id=automation_id, down=body.down, by=request.actor, at=clock.now())
    return _automation(must(Automation, automation_id))
