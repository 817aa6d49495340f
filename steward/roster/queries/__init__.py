"""Reading the roster: who is on duty, when the next shift begins, what the calendars say."""

from steward.roster.queries.calendars import (
    calendar_versions,
    calendars,
    current_version,
    hours_by_version,
    hours_of,
)
from steward.roster.queries.duty import (
    Presence,
    duty_now_or_next,
    is_on_duty,
    last_shift_of,
    next_duty,
    next_shift_start,
    on_break,
    on_call,
    on_duty,
    overlapping_shift,
    presence_of,
    shift_of,
    shifts_between,
)

__all__ = [
    "Presence",
    "calendar_versions",
    "calendars",
    "current_version",
    "duty_now_or_next",
    "hours_by_version",
    "hours_of",
    "is_on_duty",
    "last_shift_of",
    "next_duty",
    "next_shift_start",
    "on_break",
    "on_call",
    "on_duty",
    "overlapping_shift",
    "presence_of",
    "shift_of",
    "shifts_between",
]
