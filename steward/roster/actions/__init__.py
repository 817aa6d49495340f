"""Writing the roster: shifts by hand, breaks and signing off, and the versions of business calendars."""

from steward.roster.actions.calendars import change_calendar, create_calendar, publish_calendar_version
from steward.roster.actions.presence import end_break, end_shift, start_break
from steward.roster.actions.shifts import add_shift, cancel_shift, change_shift

__all__ = [
    "add_shift",
    "cancel_shift",
    "change_calendar",
    "change_shift",
    "create_calendar",
    "end_break",
    "end_shift",
    "publish_calendar_version",
    "start_break",
]
