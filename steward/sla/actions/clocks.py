"""What can be done to one clock; for use by the actions of this package, on a ticket whose row is locked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.sla import facts
from steward.sla.models import Clock, Interval
from steward.sla.queries.policies import Promise
from steward.sla.rules.kinds import ClockKind
from steward.sla.rules.reckoning import Span, due, elapsed, warn_seconds


@dataclass
class Held:
    """A clock with its whole log of intervals, in order."""

    clock: Clock
    log: list[Interval] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """Give the log as the rules reckon with it."""
        return [interval.span for interval in self.log]

    @property
    def changed_at(self) -> datetime:
        """Give the instant from which on the clock may change: its last change."""
        return self.log[-1].ended_at or self.log[-1].started_at


def start(*, ticket_id: int, kind: ClockKind, promise: Promise, target_seconds: int, by: Actor, at: datetime) -> Held:
    """Make a promise: a running clock under the versions in force."""
    clock = Clock(
        ticket_id=ticket_id,
        kind=kind.value,
        policy_version=promise.policy_version,
        calendar_version=promise.calendar_version,
        target_seconds=target_seconds,
        state=Clock.State.RUNNING,
        started_at=at,
        promised_at=at,
    )
    first = Interval(clock=clock, started_at=at, running=True, calendar_version=promise.calendar_version)
    held = Held(clock, [first])
    _reckon(held, at)
    clock.save()
    first.save()
    record(
        facts.ClockStarted(
            ticket_id=ticket_id,
            clock_id=clock.pk,
            clock_kind=clock.kind,
            policy_version_id=promise.policy_version.pk,
            calendar_version_id=promise.calendar_version.pk,
            target_seconds=target_seconds,
            due_at=_due(clock),
        ),
        by=by,
        at=at,
    )
    return held


def pause(held: Held, *, reason: str, by: Actor, at: datetime) -> None:
    """Let a clock stand still for a reason, or stand still for another one."""
    clock = held.clock
    _turn(held, running=False, reason=reason, at=at)
    clock.state, clock.reason = Clock.State.PAUSED, reason
    _reckon(held, at)
    clock.save()
    record(
        facts.ClockPaused(**_told(clock), reason=reason, left_seconds=clock.left_seconds or 0),
        by=by,
        at=at,
    )


def resume(held: Held, *, by: Actor, at: datetime) -> None:
    """Let a clock run again that stood still, or that had stopped: the time in between does not count."""
    clock = held.clock
    why = clock.reason
    if not clock.is_active:
        held.log.append(_interval(held, running=False, reason=why, at=_stopped(clock)))
        held.log[-1].save()
    _turn(held, running=True, reason="", at=at)
    clock.state, clock.reason, clock.stopped_at = Clock.State.RUNNING, "", None
    _reckon(held, at)
    clock.save()
    record(facts.ClockResumed(**_told(clock), reason=why, due_at=_due(clock)), by=by, at=at)


def stop(held: Held, *, is_done: bool, reason: str, by: Actor, at: datetime) -> None:
    """Stop a clock for a reason: met when done in time, missed after its breach, cancelled when there is nothing to meet."""
    clock = held.clock
    _end_open(held, at)
    clock.stopped_at, clock.reason = at, reason
    passed = elapsed(held.spans, at)
    fact: facts.ClockFact
    if clock.breached_at is not None:
        clock.state = Clock.State.MISSED
        fact = facts.ClockMissed(**_told(clock), elapsed_seconds=passed, reason="" if is_done else reason)
    elif is_done:
        clock.state = Clock.State.MET
        fact = facts.ClockMet(**_told(clock), elapsed_seconds=passed)
    else:
        clock.state = Clock.State.CANCELLED
        fact = facts.ClockCancelled(**_told(clock), reason=reason)
    _reckon(held, at)
    clock.save()
    record(fact, by=by, at=at)


def retarget(held: Held, *, promise: Promise, target_seconds: int, by: Actor, at: datetime) -> None:
    """Put another promise in the place of a clock's; what has run is counted by the hours it ran under.

    The promise newly made cannot already have been broken: it is due at the earliest now. A breach stays a breach,
    a warning is given anew when there is time again.
    """
    clock = held.clock
    old = clock.policy_version_id, clock.calendar_version_id, clock.target_seconds
    clock.policy_version, clock.calendar_version = promise.policy_version, promise.calendar_version
    clock.target_seconds, clock.promised_at = target_seconds, at
    if clock.is_active and old[1] != promise.calendar_version.pk:
        _turn(held, running=held.log[-1].running, reason=held.log[-1].reason, at=at)
    clock.warned_at = None
    _reckon(held, at)
    clock.save()
    record(
        facts.ClockRetargeted(
            **_told(clock),
            old_policy_version_id=old[0],
            new_policy_version_id=promise.policy_version.pk,
            old_calendar_version_id=old[1],
            new_calendar_version_id=promise.calendar_version.pk,
            old_target_seconds=old[2],
            new_target_seconds=target_seconds,
            due_at=clock.due_at,
        ),
        by=by,
        at=at,
    )


def breach(clock: Clock, *, by: Actor, at: datetime) -> None:
    """Keep that a promise was broken, at the instant it was due; once, however late it is noticed."""
    clock.breached_at, clock.warn_due_at = _due(clock), None
    clock.save(update_fields=["breached_at", "warn_due_at"])
    record(facts.ClockBreached(**_told(clock), due_at=clock.breached_at), by=by, at=at)


def warn(clock: Clock, *, by: Actor, at: datetime) -> None:
    """Keep that somebody was warned of a promise about to be broken."""
    clock.warned_at, clock.warn_due_at = at, None
    clock.save(update_fields=["warned_at", "warn_due_at"])
    record(facts.ClockWarned(**_told(clock), due_at=_due(clock)), by=by, at=at)


def is_overdue(clock: Clock, at: datetime) -> bool:
    """Tell whether a promise is broken by an instant and not yet known to be."""
    return clock.breached_at is None and clock.due_at is not None and clock.due_at <= at


def _turn(held: Held, *, running: bool, reason: str, at: datetime) -> None:
    _end_open(held, at)
    held.log.append(_interval(held, running=running, reason=reason, at=at))
    held.log[-1].save()


def _interval(held: Held, *, running: bool, reason: str, at: datetime) -> Interval:
    return Interval(
        clock=held.clock,
        started_at=at,
        running=running,
        reason=reason,
        calendar_version=held.clock.calendar_version,
    )


def _end_open(held: Held, at: datetime) -> None:
    last = held.log[-1]
    if last.ended_at is None:
        last.ended_at = at
        last.save(update_fields=["ended_at"])


def _reckon(held: Held, at: datetime) -> None:
    """Set what follows from the log: when it is due and when to warn, or how much is left while it stands still."""
    clock, spans = held.clock, held.spans
    clock.due_at = clock.warn_due_at = clock.left_seconds = None
    if clock.state == Clock.State.PAUSED:
        clock.left_seconds = max(0, clock.target_seconds - elapsed(spans, at))
    if clock.state != Clock.State.RUNNING:
        return
    clock.due_at = clock.breached_at or due(spans, clock.target_seconds, promised_at=clock.promised_at)
    early = warn_seconds(clock.target_seconds, clock.policy_version.warn_at)
    if early is not None and clock.breached_at is None and clock.warned_at is None:
        clock.warn_due_at = due(spans, early, promised_at=clock.promised_at)


def _told(clock: Clock) -> dict[str, Any]:
    return {"ticket_id": clock.ticket_id, "clock_id": clock.pk, "clock_kind": clock.kind}


def _due(clock: Clock) -> datetime:
    assert clock.due_at is not None  # the database holds it to that while the clock runs
    return clock.due_at


def _stopped(clock: Clock) -> datetime:
    assert clock.stopped_at is not None  # likewise once it has stopped
    return clock.stopped_at
