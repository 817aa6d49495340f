"""Following a ticket: after each of its events, every clock does what the story so far asks for."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.db import transaction

from steward.core.prepared import Prepared
from steward.desk.actions.changing import set_due
from steward.desk.models import Ticket
from steward.people.actor import Actor, system
from steward.sla.actions import clocks
from steward.sla.actions.clocks import Held
from steward.sla.models import Clock, Interval
from steward.sla.queries.policies import Promise, promise_for
from steward.sla.queries.stories import story_of
from steward.sla.rules.kinds import CLOSED, NO_PROMISE, ClockKind
from steward.sla.rules.matching import target_of
from steward.sla.rules.posture import Doing, Posture, is_owed, posture
from steward.sla.rules.story import Story

Lookup = Callable[[], Promise | None]

# These run for every event of every ticket: their SQL is made once.
_LOCKED = Prepared(
    lambda ticket_id: Ticket.objects.select_for_update(of=("self",)).select_related("requester").filter(pk=ticket_id),
    ticket_id=int,
)
_LATEST = Prepared(
    lambda ticket_id: (
        Clock.objects.filter(ticket_id=ticket_id)
        .select_related("policy_version", "calendar_version")
        .order_by("kind", "-id")
        .distinct("kind")
    ),
    ticket_id=int,
)
_LOG = Prepared(
    lambda ticket_id: Interval.objects.filter(clock__ticket_id=ticket_id).select_related("calendar_version").order_by("id"),
    ticket_id=int,
)


def attend(*, ticket_id: int, seq: int, rematch: bool = False, cause: str = "", request_id: str = "", at: datetime) -> None:
    """Bring a ticket's clocks to what its story asks for up to event `seq`; doing it twice changes nothing.

    With `rematch`, what policies look at has changed: active clocks get the promise that holds now.
    """
    by = system(cause or "sla", request_id=request_id)
    with transaction.atomic(savepoint=False):
        ticket = _LOCKED.first(ticket_id=ticket_id)
        if ticket is None:
            raise Ticket.DoesNotExist(f"ticket {ticket_id}")
        story = story_of(ticket_id, upto_seq=seq)
        held = _latest_of_each_kind(ticket_id)

        @cache
        def promise() -> Promise | None:
            return promise_for(story, ticket.requester, at=at)

        for kind in ClockKind:
            after = _bring_to(kind, held.get(kind), ticket_id, story, promise, rematch=rematch, by=by, at=at)
            if after is not None:
                held[kind] = after
        _tell_desk(ticket, held)


def _latest_of_each_kind(ticket_id: int) -> dict[ClockKind, Held]:
    held = {ClockKind(clock.kind): Held(clock) for clock in _LATEST.all(ticket_id=ticket_id)}
    by_id = {one.clock.pk: one for one in held.values()}
    for interval in _LOG.all(ticket_id=ticket_id) if by_id else ():
        if interval.clock_id in by_id:
            by_id[interval.clock_id].log.append(interval)
    return held


def _bring_to(
    kind: ClockKind,
    held: Held | None,
    ticket_id: int,
    story: Story,
    promise: Lookup,
    *,
    rematch: bool,
    by: Actor,
    at: datetime,
) -> Held | None:
    if held is not None:
        # Two events may carry instants in the other order than they were recorded; a clock only goes forward.
        at = max(at, held.changed_at)
        if clocks.is_overdue(held.clock, at):
            clocks.breach(held.clock, by=by, at=at)
    if held is None or not held.clock.is_active:
        if not is_owed(kind, story):
            return None
        held = _take_up(kind, held, ticket_id, story, promise, by=by, at=at)
    elif rematch and not _renew(kind, held, promise(), by=by, at=at):
        return held
    if held is not None:
        _take_posture(held, posture(kind, story, held.clock.policy_version.pause_on), by=by, at=at)
    return held


def _take_up(
    kind: ClockKind, held: Held | None, ticket_id: int, story: Story, promise: Lookup, *, by: Actor, at: datetime
) -> Held | None:
    """Go on with the clock that stopped, or start one; None when nothing is promised."""
    found = promise()
    target = found.target(kind) if found else None
    if held is not None and _is_same_wait(held.clock, story):
        if found is not None and target is not None and not _still_holds(held.clock, found):
            clocks.retarget(held, promise=found, target_seconds=target, by=by, at=at)
        elif target is None and held.clock.reason == NO_PROMISE:
            return None
        clocks.resume(held, by=by, at=at)
        return held
    if found is None or target is None:
        return None
    return clocks.start(ticket_id=ticket_id, kind=kind, promise=found, target_seconds=target, by=by, at=at)


def _is_same_wait(clock: Clock, story: Story) -> bool:
    """Tell whether a stopped clock is for what the requester waits for now: each next response is a wait of its own."""
    if clock.kind != Clock.Kind.NEXT_RESPONSE:
        return True
    still_open = clock.reason in {CLOSED, NO_PROMISE}
    return still_open and story.waiting_since is not None and clock.started_at >= story.waiting_since


def _still_holds(clock: Clock, promise: Promise) -> bool:
    """Tell whether what a stopped clock was promised is still for such a ticket; a newer version alone does not undo it."""
    same_policy = clock.policy_version.policy_id == promise.policy_version.policy_id
    return same_policy and clock.target_seconds == target_of(clock.policy_version.targets, clock.kind, promise.priority)


def _renew(kind: ClockKind, held: Held, promise: Promise | None, *, by: Actor, at: datetime) -> bool:
    """Give an active clock the promise that holds now; False when none does and it was stopped."""
    target = promise.target(kind) if promise else None
    if promise is None or target is None:
        clocks.stop(held, is_done=False, reason=NO_PROMISE, by=by, at=at)
        return False
    clock = held.clock
    now = promise.policy_version.pk, promise.calendar_version.pk, target
    if now != (clock.policy_version_id, clock.calendar_version_id, clock.target_seconds):
        clocks.retarget(held, promise=promise, target_seconds=target, by=by, at=at)
    return True


def _take_posture(held: Held, wanted: Posture | None, *, by: Actor, at: datetime) -> None:
    clock = held.clock
    if wanted is None:
        clocks.stop(held, is_done=False, reason=NO_PROMISE, by=by, at=at)
    elif wanted.doing in {Doing.DONE, Doing.OVER}:
        clocks.stop(held, is_done=wanted.doing == Doing.DONE, reason=wanted.reason, by=by, at=at)
    elif wanted.doing == Doing.STAND and (clock.state == Clock.State.RUNNING or clock.reason != wanted.reason):
        clocks.pause(held, reason=wanted.reason, by=by, at=at)
    elif wanted.doing == Doing.RUN and clock.state == Clock.State.PAUSED:
        clocks.resume(held, by=by, at=at)


def _tell_desk(ticket: Ticket, held: dict[ClockKind, Held]) -> None:
    due = [one.clock.due_at for one in held.values() if one.clock.due_at is not None]
    earliest = min(due, default=None)
    if earliest != ticket.due_at:
        set_due(ticket_id=ticket.pk, due_at=earliest)
