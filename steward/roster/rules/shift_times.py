"""A shift between two times on the wall clock, as instants."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST_SHIFT = timedelta(days=14)


def first_instant(wall: datetime, time_zone: str) -> datetime:
    """Give the first instant at which the clocks show this time; of a skipped hour, the instant of the jump."""
    return _instant(wall, time_zone, fold=0)


def last_instant(wall: datetime, time_zone: str) -> datetime:
    """Give the last instant at which the clocks show this time; of a skipped hour, the instant of the jump."""
    return _instant(wall, time_zone, fold=1)


def shift_instants(starts: datetime, ends: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """Turn two wall-clock times into the instants of a shift.

    It starts at the first occurrence and ends at the last, so that nobody is off duty in an hour shown twice.
    """
    return first_instant(starts, time_zone), last_instant(ends, time_zone)


def _instant(wall: datetime, time_zone: str, *, fold: int) -> datetime:
    zone = ZoneInfo(time_zone)
    found = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    # The time was skipped: its two readings lie on both sides of the jump, which is where the offset changes.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
