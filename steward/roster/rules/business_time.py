"""Business time as one function: B(hours, t), the open seconds up to an instant; every business duration is B(b) - B(a).

An instant is open exactly when a wall clock in the calendar's zone then shows a time inside a slot. So on the night
the clocks go forward a slot 01:00-03:00 holds one hour less of real seconds, a time that is skipped opens nothing, and
on the night they go back an hour shown twice counts twice. Slots that overlap count once. A slot belongs to the date
it starts on: a holiday replaces the slots that start on its date, while one that began the evening before runs out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 86_400
# B is zero here; any fixed instant would do. Near the present, so that few years need laying out.
ORIGIN_YEAR = 2020
# A calendar that does not open for so long is taken never to open again.
MAX_YEARS_CLOSED = 30
# Since 1970 no zone has changed its clocks twice within six days.
_STRIDE = 4 * DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICRO = timedelta(microseconds=1)


class NeverOpen(ValueError):
    """The calendar holds too little open time after the instant asked about."""


@dataclass(frozen=True)
class Slot:
    """An open span of a weekday (0 is Monday), in minutes of the wall clock after midnight; `end` may pass midnight."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True)
class Holiday:
    """A date with hours of its own, as pairs of minutes after midnight; without any it is closed."""

    on: date
    name: str = ""
    slots: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class _Year:
    """The open spans of one UTC year, in seconds since 1970, and how much is open before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int


@dataclass(frozen=True)
class Hours:
    """The opening hours of one version of a business calendar."""

    time_zone: str
    slots: tuple[Slot, ...]
    holidays: tuple[Holiday, ...] = ()
    laid_years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)
    known_offsets: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Give the zone whose wall clock decides."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def by_weekday(self) -> dict[int, list[tuple[int, int]]]:
        """Give the minutes that are open by weekday."""
        table: dict[int, list[tuple[int, int]]] = {weekday: [] for weekday in range(7)}
        for slot in self.slots:
            table[slot.weekday].append((slot.start, slot.end))
        return table

    @cached_property
    def by_date(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Give the minutes that are open on each holiday, by day number."""
        return {holiday.on.toordinal(): holiday.slots for holiday in self.holidays}


def always(time_zone: str = "UTC") -> Hours:
    """Give the hours of a desk that never closes."""
    return Hours(time_zone, tuple(Slot(weekday, 0, 24 * 60) for weekday in range(7)))


def open_seconds(hours: Hours, instant: datetime) -> int:
    """Count the whole open seconds up to an instant, from a fixed origin; never decreases, negative before the origin."""
    return _open_micros(hours, _micros(instant)) // 1_000_000


def between(hours: Hours, start: datetime, end: datetime) -> int:
    """Count the open seconds from `start` to `end`; parts add up exactly to the whole."""
    return open_seconds(hours, end) - open_seconds(hours, start)


def add(hours: Hours, start: datetime, seconds: int) -> datetime:
    """Find the first instant, not before `start`, by which `seconds` of open time have passed since `start`.

    A count that is used up exactly at closing time falls due at closing time, not at the next opening. Zero gives
    `start` itself. Raises NeverOpen when the calendar does not hold that much open time.
    """
    if seconds < 0:
        raise ValueError("open time is added forwards only")
    origin = _micros(start)
    if seconds == 0:
        return _instant(origin)
    wanted = _open_micros(hours, origin) + seconds * 1_000_000
    closed = 0
    for year in range(_utc(start).year, MAXYEAR):
        base, laid = _offset(hours, year), _year(hours, year)
        if wanted <= (base + laid.total) * 1_000_000:
            return _instant(_reach(laid, wanted - base * 1_000_000))
        closed = 0 if laid.total else closed + 1
        if closed > MAX_YEARS_CLOSED:
            break
    raise NeverOpen(f"{hours.time_zone}: {seconds} open seconds after {start.isoformat()} never come")


def is_open(hours: Hours, instant: datetime) -> bool:
    """Tell whether the instant is open; a span is open at its start and closed at its end."""
    laid, second = _year(hours, _utc(instant).year), _micros(instant) // 1_000_000
    at = bisect_right(laid.starts, second) - 1
    return at >= 0 and second < laid.ends[at]


def next_open(hours: Hours, instant: datetime) -> datetime:
    """Find the first open instant from `instant` on, which is `instant` itself while open."""
    if is_open(hours, instant):
        return _instant(_micros(instant))
    second = -(-_micros(instant) // 1_000_000)
    first = _utc(instant).year
    for year in range(first, min(first + MAX_YEARS_CLOSED, MAXYEAR)):
        laid = _year(hours, year)
        at = bisect_left(laid.starts, second)
        if at < len(laid.starts):
            return _instant(laid.starts[at] * 1_000_000)
    raise NeverOpen(f"{hours.time_zone}: nothing opens after {instant.isoformat()}")


def open_spans(hours: Hours, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the open spans within `[start, end)`, cut to it, in order; spans that touch are one."""
    low, high = _micros(start), _micros(end)
    held: tuple[int, int] | None = None
    for year in range(_utc(start).year, _utc(end).year + 1):
        laid = _year(hours, year)
        for opens, closes in zip(laid.starts, laid.ends, strict=True):
            span = max(low, opens * 1_000_000), min(high, closes * 1_000_000)
            if span[0] >= span[1]:
                continue
            if held and held[1] == span[0]:
                span = held[0], span[1]
            elif held:
                yield _instant(held[0]), _instant(held[1])
            held = span
    if held:
        yield _instant(held[0]), _instant(held[1])


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("business time needs an aware instant")
    return instant.astimezone(UTC)


def _micros(instant: datetime) -> int:
    return (_utc(instant) - _EPOCH) // _MICRO


def _instant(micros: int) -> datetime:
    return _EPOCH + micros * _MICRO


def _open_micros(hours: Hours, micros: int) -> int:
    year = _instant(micros).year
    laid = _year(hours, year)
    passed = _offset(hours, year) * 1_000_000
    at = bisect_right(laid.starts, micros // 1_000_000) - 1
    if at >= 0:
        passed += laid.before[at] * 1_000_000
        passed += min(micros, laid.ends[at] * 1_000_000) - laid.starts[at] * 1_000_000
    return passed


def _reach(laid: _Year, wanted: int) -> int:
    at = bisect_left(laid.before, -(-wanted // 1_000_000)) - 1
    return laid.starts[at] * 1_000_000 + wanted - laid.before[at] * 1_000_000


def _offset(hours: Hours, year: int) -> int:
    """Give B at the start of a UTC year; walked in a loop, since far years would exhaust recursion."""
    known = hours.known_offsets
    if year not in known:
        step = 1 if year >= ORIGIN_YEAR else -1
        reached, value = ORIGIN_YEAR, 0
        while reached != year:
            value += _year(hours, reached).total if step > 0 else -_year(hours, reached - 1).total
            reached += step
            known[reached] = value
        known[year] = value
    return known[year]


def _year(hours: Hours, year: int) -> _Year:
    laid = hours.laid_years.get(year)
    if laid is None:
        laid = hours.laid_years[year] = _lay_out(hours, year)
    return laid


def _lay_out(hours: Hours, year: int) -> _Year:
    first = (date(year, 1, 1).toordinal() - _EPOCH_DAY) * DAY
    last = (date(year, 12, 31).toordinal() - _EPOCH_DAY + 1) * DAY
    wall = _wall_spans(hours, first // DAY - 3, last // DAY + 2)
    wall_ends = [end for _, end in wall]
    starts: list[int] = []
    ends: list[int] = []
    for low, high, offset in _segments(hours.zone, first, last):
        for start, end in wall[bisect_right(wall_ends, low + offset) :]:
            opens, closes = max(low, start - offset), min(high, end - offset)
            if start - offset >= high:
                break
            if ends and ends[-1] == opens:
                ends[-1] = closes
            else:
                starts.append(opens)
                ends.append(closes)
    before = [0]
    for start, end in zip(starts, ends, strict=True):
        before.append(before[-1] + end - start)
    return _Year(starts, ends, before[:-1], before[-1])


def _wall_spans(hours: Hours, first_day: int, last_day: int) -> list[tuple[int, int]]:
    """Give the open spans as the wall clock shows them, in seconds of wall time since 1970, joined and in order."""
    spans: list[tuple[int, int]] = []
    for day in range(first_day, last_day + 1):
        ordinal = day + _EPOCH_DAY
        holiday = hours.by_date.get(ordinal)
        for start, end in hours.by_weekday[(ordinal - 1) % 7] if holiday is None else holiday:
            spans.append((day * DAY + start * 60, day * DAY + end * 60))
    spans.sort()
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _segments(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Split `[first, last)` where the zone's distance from UTC changes: (from, to, seconds ahead of UTC)."""
    edges = [first]
    for low, high in pairwise([*range(first, last, _STRIDE), last]):
        if (edge := _change(zone, low, high)) is not None:
            edges.append(edge)
    for low, high in pairwise([*edges, last]):
        if low < high:
            yield low, high, _ahead(zone, low)


def _change(zone: ZoneInfo, low: int, high: int) -> int | None:
    """Find the second in `(low, high]` from which the distance from UTC differs from that at `low`."""
    ahead = _ahead(zone, low)
    if _ahead(zone, high) == ahead:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _ahead(zone, middle) == ahead:
            low = middle
        else:
            high = middle
    return high


def _ahead(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
