"""What can happen to clocks, on the stream of their ticket, and to policies."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from steward.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ClockFact(Fact, subject="ticket"):
    """The base of the facts about a clock; `clock_kind` is first_response, next_response or resolution."""

    ticket_id: int
    clock_id: int
    clock_kind: str


@dataclass(frozen=True, kw_only=True)
class ClockStarted(ClockFact, kind="sla.clock_started"):
    """A promise was made: so many seconds of business time under this version of a policy and of its calendar."""

    policy_version_id: int
    calendar_version_id: int
    target_seconds: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockPaused(ClockFact, kind="sla.clock_paused"):
    """The clock stands still, and why; `left_seconds` of business time are left (0 once breached)."""

    reason: str
    left_seconds: int


@dataclass(frozen=True, kw_only=True)
class ClockResumed(ClockFact, kind="sla.clock_resumed"):
    """The clock runs again after it stood still or had stopped; `reason` is why it had."""

    reason: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockRetargeted(ClockFact, kind="sla.clock_retargeted"):
    """Another promise took the place of the one made, since what it was made for changed.

    What had run by then still counts. `due_at` is None while the clock stands still.
    """

    old_policy_version_id: int
    new_policy_version_id: int
    old_calendar_version_id: int
    new_calendar_version_id: int
    old_target_seconds: int
    new_target_seconds: int
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClockMet(ClockFact, kind="sla.clock_met"):
    """What was promised was done in time, after `elapsed_seconds` of business time."""

    elapsed_seconds: int


@dataclass(frozen=True, kw_only=True)
class ClockMissed(ClockFact, kind="sla.clock_missed"):
    """The clock stopped after its breach: done late (`reason` empty), or never done (`reason` closed or no_promise)."""

    elapsed_seconds: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ClockFact, kind="sla.clock_warned"):
    """The promise is about to be broken: the policy's share of the target has run, `due_at` is when it breaks."""

    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockBreached(ClockFact, kind="sla.clock_breached"):
    """The promise was broken at `due_at`; told once a clock, possibly later than that instant."""

    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockCancelled(ClockFact, kind="sla.clock_cancelled"):
    """The clock stopped within its time without anything to meet; `reason` is closed or no_promise."""

    reason: str


Changes = dict[str, tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class PolicyCreated(Fact, kind="sla.policy_created", subject="policy"):
    """A policy was made; what it promises comes with its first version."""

    policy_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Fact, kind="sla.policy_changed", subject="policy"):
    """A policy was renamed, moved in the order of matching, put away or taken into use again."""

    policy_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PolicyVersionPublished(Fact, kind="sla.policy_version_published", subject="policy"):
    """A policy matches or promises something else from now on: each part that changed, old and new."""

    policy_id: int
    policy_version_id: int
    version: int
    changes: Changes = field(default_factory=dict)
