"""Shifts, breaks, handovers, business calendars, SLA policies."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import Field, StrictStr

from steward.api.operations import CREATED, delete, get, patch, post, put
from steward.api.shapes import Done, Given, Id, Instant, Line, PathId, Sent, Text, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, must, named
from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.handing_over import Leaving, hand_over, read_handover
from steward.desk.models import HandedTicket, Handover, Snooze
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.handovers import handover_seen_by, tickets_of
from steward.people.models import Team, User
from steward.people.permissions import require
from steward.people.rules import Scope
from steward.roster.actions import (
    add_shift,
    cancel_shift,
    change_shift,
    end_break,
    end_shift,
    start_break,
)
from steward.roster.models import Shift, ShiftKind
from steward.roster.permissions import may_see_roster
from steward.roster.queries.duty import presence_of, shifts_between

router = Router(tags=["Roster"])
READ, WRITE = Scope.ROSTER_READ, Scope.ROSTER_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Zone = Annotated[StrictStr, Field(max_length=60)]
Kind = Literal["duty", "on_call"]
KINDS: dict[str, ShiftKind] = {"duty": ShiftKind.DUTY, "on_call": ShiftKind.ON_CALL}
LONGEST_LOOK = timedelta(days=62)


class ShiftOut(Given):
    """Somebody is on duty or on call, from one instant up to another."""

    id: int
    user_id: int
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    team_id: int | None
    note: str
    cancelled_at: datetime | None
    ended_at: datetime | None


def _shift(row: Shift) -> ShiftOut:
    kind: Any = next(name for name, kind in KINDS.items() if kind == row.kind)
    plain = {name: getattr(row, name) for name in ShiftOut.model_fields if name != "kind"}
    return ShiftOut(**plain, kind=kind)


class ShiftsOut(Given):
    """The shifts of a stretch of time."""

    items: list[ShiftOut]


@get(router, "/shifts", scope=READ, out=ShiftsOut)
def list_shifts(
    request: Asked,
    start: Annotated[datetime, Query(description="With its time zone, such as 2026-03-02T00:00:00Z.")],
    end: Annotated[datetime, Query(description="At most 62 days later.")],
    team_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    user_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> ShiftsOut:
    """List the shifts that share a moment with a stretch of time."""
    require(may_see_roster(request.actor))
    if start.tzinfo is None or end.tzinfo is None or not 1970 <= start.year <= 2999 or not 1970 <= end.year <= 2999:  # noqa: PLR2004 -- what zones can reckon with
        raise Invalid("An instant between 1970 and 2999 with its time zone is needed.", field="start")
    if not timedelta() < end - start <= LONGEST_LOOK:
        raise Invalid("The end lies up to 62 days after the start.", field="end")
    return ShiftsOut(items=[_shift(one) for one in shifts_between(start, end, team_id=team_id, user_id=user_id)])


class ShiftIn(Sent):
    """A shift; without a zone it is thought in the user's."""

    user_id: Id
    kind: Kind = "duty"
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone = ""
    team_id: Id | None = None
    note: Line = ""


@post(router, "/shifts", scope=WRITE, out=ShiftOut, status=CREATED)
def make_shift(request: Asked, body: ShiftIn) -> ShiftOut:
    """Put a user on the roster."""
    user = named(User, body.user_id, "user_id")
    assert user is not None
    made = add_shift(
        user=user,
        kind=KINDS[body.kind],
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        time_zone=body.time_zone,
        team=named(Team, body.team_id, "team_id"),
        note=body.note,
        by=request.actor,
        at=clock.now(),
    )
    return _shift(made)


class ShiftChange(Sent):
    """What of a shift is to change."""

    user_id: Id = 1
    kind: Kind = "duty"
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    time_zone: Zone = ""
    team_id: Id | None = None
    note: Line = ""


@patch(router, "/shifts/{int:shift_id}", scope=WRITE, out=ShiftOut)
def update_shift(request: Asked, shift_id: PathId, body: ShiftChange) -> ShiftOut:
    """Change a shift."""
    changes = {name: value for name, value in body.given().items() if value is not None or name == "team_id"}
    if "kind" in changes:
        changes["kind"] = KINDS[changes["kind"]]
    if "user_id" in changes:
        named(User, changes["user_id"], "user_id")
    named(Team, changes.get("team_id"), "team_id")
    return _shift(change_shift(shift_id=shift_id, changes=changes, by=request.actor, at=clock.now()))


@post(router, "/shifts/{int:shift_id}/cancel", scope=WRITE, out=ShiftOut)
def cancel(request: Asked, shift_id: PathId) -> ShiftOut:
    """Take a shift that has not begun off the roster."""
    return _shift(cancel_shift(shift_id=shift_id, by=request.actor, at=clock.now()))


class PresenceOut(Given):
    """Whether somebody is on duty, and since when on a break."""

    user_id: int
    is_on_duty: bool
    away_since: datetime | None


@get(router, "/users/{int:user_id}/presence", scope=READ, out=PresenceOut)
def get_presence(request: Asked, user_id: PathId) -> PresenceOut:
    """Say whether somebody is on duty."""
    require(may_see_roster(request.actor))
    told = presence_of(must(User, user_id).pk, clock.now())
    return PresenceOut(user_id=user_id, is_on_duty=told.is_on_duty, away_since=told.away_since)


@put(router, "/users/{int:user_id}/break", scope=WRITE, out=PresenceOut)
def begin_break(request: Asked, user_id: PathId) -> PresenceOut:
    """Let somebody on duty go away for a while."""
    start_break(user_id=user_id, by=request.actor, at=clock.now())
    return get_presence(request, user_id=user_id)


@delete(router, "/users/{int:user_id}/break", scope=WRITE, out=PresenceOut)
def come_back(request: Asked, user_id: PathId) -> PresenceOut:
    """Let somebody be back."""
    end_break(user_id=user_id, by=request.actor, at=clock.now())
    return get_presence(request, user_id=user_id)


class EndedOut(Given):
    """The shift that was ended; null where none ran."""

    shift: ShiftOut | None


@post(router, "/users/{int:user_id}/end-shift", scope=WRITE, out=EndedOut)
def sign_off(request: Asked, user_id: PathId) -> EndedOut:
    """Sign somebody off from the shift that runs. Their tickets stay theirs: see handovers."""
    ended = end_shift(user_id=user_id, by=request.actor, at=clock.now())
    return EndedOut(shift=_shift(ended) if ended else None)


class LeavingIn(Sent):
    """What becomes of one ticket: kept, passed to somebody or its queue, or parked until a time."""

    ticket_id: Id
    choice: HandedTicket.Choice
    note: Text = ""
    to_user_id: Id | None = None
    until: Snooze.Until = Snooze.Until.SHIFT
    until_at: Instant | None = None


class HandoverIn(Sent):
    """Every ticket somebody has in hand, with what becomes of it."""

    user_id: Id
    tickets: Annotated[list[LeavingIn], Field(max_length=500)]
    note: Text = ""
    ends_shift: Yes = True


class HandedOut(Given):
    """A ticket of a handover that the user sees."""

    ticket_id: int
    choice: str
    to_user_id: int | None


class HandoverOut(Given):
    """A handover, with those of its tickets that the user sees."""

    id: int
    user_id: int
    given_by_id: int | None
    note: str
    created_at: datetime
    tickets: list[HandedOut]


def _handover(request: Asked, row: Handover) -> HandoverOut:
    handed = tickets_of(row, queue_ids=visible_queue_ids(request.actor))
    tickets = [HandedOut(ticket_id=one.ticket_id, choice=one.choice, to_user_id=one.to_user_id) for one in handed]
    return HandoverOut(
        id=row.pk, user_id=row.user_id, given_by_id=row.given_by_id, note=row.note, created_at=row.created_at, tickets=tickets
    )


@post(router, "/handovers", scope=WRITE, out=HandoverOut, status=CREATED)
def make_handover(request: Asked, body: HandoverIn) -> HandoverOut:
    """Leave every ticket somebody has in hand to where it belongs, and sign them off; all of it or nothing."""
    leaving = [Leaving(**one.model_dump()) for one in body.tickets]
    made = hand_over(
        user_id=body.user_id, leaving=leaving, note=body.note, ends_shift=body.ends_shift, by=request.actor, at=clock.now()
    )
    return _handover(request, made)


@get(router, "/handovers/{int:handover_id}", scope=READ, out=HandoverOut)
def get_handover(request: Asked, handover_id: PathId) -> HandoverOut:
    """Give a handover to those it concerns."""
    return _handover(request, handover_seen_by(request.actor, handover_id))


@post(router, "/handovers/{int:handover_id}/read", scope=WRITE, out=Done)
def have_read_handover(request: Asked, handover_id: PathId) -> Done:
    """Say that one has read a handover."""
    read_handover(handover_id=handover_id, by=request.actor, at=clock.now())
    return Done()
