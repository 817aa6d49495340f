"""Days as people write them, and the stretch of time each one is for a reader in a zone."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from steward.core.errors import marked as _
from steward.desk.rules.filters.tree import Ago, Choice, Day, Value

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?", re.ASCII)
_AGO = re.compile(r"(\d{1,4})(min|h|d|w|mo|y)", re.ASCII)
_LENGTHS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
NAMED_DAYS: Mapping[str, str] = MappingProxyType(
    {"today": _("from midnight on"), "yesterday": _("the day before today"), "tomorrow": _("the day after today")}
)
_OFFSETS = {"today": 0, "yesterday": -1, "tomorrow": 1}


def read_day(text: str) -> Value | None:
    """Read `2026-03-01`, `2026-03`, `today` or `7d`; None for anything else, and for a day no calendar has."""
    text = text.lower()
    if text in _OFFSETS:
        return Choice(text)
    if back := _AGO.fullmatch(text):
        return Ago(int(back.group(1)), back.group(2))
    if found := _DAY.fullmatch(text):
        year, month, day = found.groups()
        try:
            first = date(int(year), int(month), int(day or 1))
        except ValueError:
            return None
        # A day's neighbors must exist too.
        return Day(first, whole_month=day is None) if 1 < first.year < date.max.year else None
    return None


def write_day(value: Day | Ago) -> str:
    """Write a day as it is read."""
    if isinstance(value, Ago):
        return f"{value.count}{value.unit}"
    return f"{value.first:%Y-%m}" if value.whole_month else value.first.isoformat()


def stretch(value: Value, *, zone: ZoneInfo, at: datetime) -> tuple[datetime, datetime]:
    """Give the begin and the end (not included) of a day, a month, or, for a length of time back, of that one instant."""
    if isinstance(value, Ago):
        instant = at - min(value.count * _LENGTHS[value.unit], at - datetime(1970, 1, 1, tzinfo=UTC))
        return instant, instant
    first = _first(value, at.astimezone(zone).date())
    after = first + timedelta(days=1)
    if isinstance(value, Day) and value.whole_month:
        after = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time.min, zone), datetime.combine(after, time.min, zone)


def whole_day(value: Value, *, zone: ZoneInfo, at: datetime) -> tuple[datetime, datetime]:
    """Give the day or month itself; for a length of time back, the day that instant lies on."""
    begin, end = stretch(value, zone=zone, at=at)
    return stretch(Day(begin.astimezone(zone).date()), zone=zone, at=at) if begin == end else (begin, end)


def _first(value: Value, today: date) -> date:
    if isinstance(value, Choice):
        return today + timedelta(days=_OFFSETS[value.key])
    if isinstance(value, Day):
        return value.first
    raise TypeError(value)
