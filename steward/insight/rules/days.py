"""What a day is: from one local midnight to the next, in a named zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Give the half-open stretch of a local day in UTC; where clocks change it has 23 or 25 hours.

    One day's end is the next one's start, so that nothing is counted twice or lost between two reports.
    """
    tz = ZoneInfo(zone)
    start = datetime.combine(day, time.min, tzinfo=tz).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=tz).astimezone(UTC)
    return start, end


def day_of(at: datetime, zone: str) -> date:
    """Give the local date of an instant."""
    return at.astimezone(ZoneInfo(zone)).date()
