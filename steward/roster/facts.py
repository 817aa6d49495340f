"""What can happen to shifts and to business calendars; a shift's note is personal text and stays out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from steward.core.facts import Fact

Value = str | int | bool | None
Changes = dict[str, tuple[Value, Value]]


@dataclass(frozen=True, kw_only=True)
class ShiftAdded(Fact, kind="roster.shift_added", subject="shift"):
    """Somebody was put on the roster from one instant to another; `shift_kind` is duty or on_call."""

    shift_id: int
    user_id: int
    shift_kind: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    team_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(Fact, kind="roster.shift_changed", subject="shift"):
    """A shift is another now: `changes` with old and new, instants in ISO form, `personal` by the field's name alone."""

    shift_id: int
    user_id: int
    changes: Changes = field(default_factory=dict)
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShiftCancelled(Fact, kind="roster.shift_cancelled", subject="shift"):
    """A shift was taken off the roster before it began."""

    shift_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ShiftEnded(Fact, kind="roster.shift_ended", subject="shift"):
    """Its worker signed off; before the planned end that becomes the end, `ends_at`."""

    shift_id: int
    user_id: int
    ended_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class BreakStarted(Fact, kind="roster.break_started", subject="user"):
    """Somebody on duty went away for a while."""

    user_id: int
    break_id: int
    shift_id: int


@dataclass(frozen=True, kw_only=True)
class BreakEnded(Fact, kind="roster.break_ended", subject="user"):
    """Somebody is back from a break."""

    user_id: int
    break_id: int
    shift_id: int


@dataclass(frozen=True, kw_only=True)
class CalendarCreated(Fact, kind="roster.calendar_created", subject="calendar"):
    """A business calendar was made; its hours come with its first version."""

    calendar_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Fact, kind="roster.calendar_changed", subject="calendar"):
    """A business calendar was renamed, put away or taken into use again."""

    calendar_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CalendarVersionPublished(Fact, kind="roster.calendar_version_published", subject="calendar"):
    """A calendar has other hours from now on: the time zone, slots and holidays that changed, old and new."""

    calendar_id: int
    calendar_version_id: int
    version: int
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
