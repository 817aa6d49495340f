"""How long replies are held, what tickets weigh, how much agents take, and the care for those who look at harm."""

from datetime import timedelta
from typing import Annotated, Literal

from ninja import Router
from pydantic import Field, StrictInt, StrictStr

from steward.api.operations import get, put
from steward.api.shapes import Done, Given, PathId, Sent, Small, Text, Yes
from steward.api.tokens import Asked
from steward.core import clock
from steward.desk.actions.caring import let_look_longer, set_care_limits, set_care_preference
from steward.desk.actions.settings import set_hold_time
from steward.desk.actions.weighing import set_agent, set_weight
from steward.desk.models import Weight
from steward.desk.queries.care import care_limits
from steward.people.rules import Scope

router = Router(tags=["Load and care"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Seconds = Annotated[StrictInt, Field(ge=1, le=43_200)]


class HoldIn(Sent):
    """For how many seconds replies on a channel are held."""

    seconds: Small


@put(router, "/hold-times/{channel}", scope=WRITE, out=Done)
def hold_replies(request: Asked, channel: Literal["portal", "chat", "email", "im", "agent"], body: HoldIn) -> Done:
    """Say for how many seconds replies on a channel are held before they are said."""
    set_hold_time(channel=channel, seconds=body.seconds, by=request.actor, at=clock.now())
    return Done()


class WeightIn(Sent):
    """How much tickets of a priority, channel or state weigh, in percent of an ordinary one."""

    kind: Weight.Kind
    key: Annotated[StrictStr, Field(max_length=60)]
    percent: Small


@put(router, "/weights", scope=WRITE, out=Done)
def weigh(request: Asked, body: WeightIn) -> Done:
    """Say how much tickets weigh in an agent's hands."""
    set_weight(kind=body.kind, key=body.key, percent=body.percent, by=request.actor, at=clock.now())
    return Done()


class AgentIn(Sent):
    """How much an agent takes at once (null: as each queue says), and in which languages they answer (none: any)."""

    capacity: Small | None
    languages: Annotated[list[Annotated[StrictStr, Field(max_length=35)]], Field(max_length=30)] = []


@put(router, "/agents/{int:user_id}/load", scope=WRITE, out=Done)
def load_agent(request: Asked, user_id: PathId, body: AgentIn) -> Done:
    """Say how much an agent takes at once and in which languages they answer."""
    set_agent(user_id=user_id, capacity=body.capacity, languages=body.languages, by=request.actor, at=clock.now())
    return Done()


class LimitsOut(Given):
    """How long anybody may look at covered media in one shift, in seconds, and when to rest for how long."""

    limit: int
    rest_after: int
    rest_for: int


@get(router, "/care/limits", scope=READ, out=LimitsOut)
def get_care_limits(request: Asked) -> LimitsOut:  # noqa: ARG001 -- alike for all
    """Give the desk's limits for looking at covered media."""
    told = care_limits()
    return LimitsOut(
        limit=int(told.limit.total_seconds()),
        rest_after=int(told.rest_after.total_seconds()),
        rest_for=int(told.rest_for.total_seconds()),
    )


class LimitsIn(Sent):
    """The limits, in seconds."""

    limit: Seconds
    rest_after: Seconds
    rest_for: Seconds


@put(router, "/care/limits", scope=WRITE, out=LimitsOut)
def limit_looking(request: Asked, body: LimitsIn) -> LimitsOut:
    """Say how long anybody may look at covered media."""
    set_care_limits(
        limit=timedelta(seconds=body.limit),
        rest_after=timedelta(seconds=body.rest_after),
        rest_for=timedelta(seconds=body.rest_for),
        by=request.actor,
        at=clock.now(),
    )
    return get_care_limits(request)


class PreferenceIn(Sent):
    """How one wants to meet media: all covered, and shown in gray."""

    cover_all: Yes
    in_gray: Yes


@put(router, "/care/preference", scope=Scope.TICKETS_WRITE, out=Done)
def prefer_covered(request: Asked, body: PreferenceIn) -> Done:
    """Say how the user of the token wants to meet media."""
    set_care_preference(cover_all=body.cover_all, in_gray=body.in_gray, by=request.actor, at=clock.now())
    return Done()


class MoreIn(Sent):
    """For how many more seconds somebody may look, and why."""

    seconds: Annotated[StrictInt, Field(ge=1, le=7_200)]
    reason: Text


@put(router, "/care/people/{int:user_id}", scope=WRITE, out=Done)
def let_somebody_look(request: Asked, user_id: PathId, body: MoreIn) -> Done:
    """Let somebody look at covered media for longer in their present shift or day."""
    let_look_longer(user_id=user_id, more=timedelta(seconds=body.seconds), reason=body.reason, by=request.actor, at=clock.now())
    return Done()
