"""When a snoozed ticket comes back: the quick choices, as instants in the agent's zone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from steward.roster.rules.shift_times import first_instant

MORNING, AFTERNOON, EVENING = time(9), time(14), time(18)
# A choice that is almost over is none.
AHEAD = timedelta(minutes=45)
LONGEST = timedelta(days=366)
MONDAY = 0


@dataclass(frozen=True)
class QuickChoice:
    """A time offered: its key and the instant it stands for now."""

    key: str
    until_at: datetime


def quick_choices(at: datetime, time_zone: str) -> list[QuickChoice]:
    """Give the times to choose from, soonest first: an hour, this afternoon, this evening, tomorrow, next week."""
    today = at.astimezone(ZoneInfo(time_zone)).date()
    monday = today + timedelta(days=7 - (today.weekday() - MONDAY))
    found = [
        QuickChoice("hour", at + timedelta(hours=1)),
        QuickChoice("afternoon", first_instant(datetime.combine(today, AFTERNOON), time_zone)),
        QuickChoice("evening", first_instant(datetime.combine(today, EVENING), time_zone)),
        QuickChoice("tomorrow", first_instant(datetime.combine(today + timedelta(days=1), MORNING), time_zone)),
        QuickChoice("week", first_instant(datetime.combine(monday, MORNING), time_zone)),
    ]
    return [one for one in found if one.until_at >= at + AHEAD]
