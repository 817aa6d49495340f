"""One week of a business calendar as it is drawn: whether it is open now, what comes next, and the spans of each day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_skeleton

from steward.roster.rules.business_time import Hours, NeverOpen, between, is_open, next_open, open_spans
from steward.roster.rules.shift_times import first_instant
from steward.web.shared.times import locale

# A calendar that is open without end for longer than this is said to stay open.
LOOKS_AHEAD = timedelta(days=15)


@dataclass(frozen=True)
class Day:
    """A date and its name, its open spans as (start, length) in minutes of its own length, in words, and the holiday it is."""

    on: date
    name: str
    is_today: bool
    minutes: int
    spans: tuple[tuple[int, int], ...]
    words: str
    holiday: str | None


@dataclass(frozen=True)
class Week:
    """What a calendar's hours mean around an instant; `until` is None for one that stays open."""

    time_zone: str
    now: datetime
    is_open: bool
    until: datetime | None
    next_at: datetime | None
    seconds: int
    days: tuple[Day, ...]


def week_of(hours: Hours, at: datetime) -> Week:
    """Lay out the week around an instant, in the calendar's own zone."""
    local = at.astimezone(hours.zone)
    monday = local.date() - timedelta(days=local.weekday())
    days = tuple(_day(hours, monday + timedelta(days=number), today=local.date()) for number in range(7))
    opened = is_open(hours, at)
    return Week(
        time_zone=hours.time_zone,
        now=local,
        is_open=opened,
        until=_closing(hours, at) if opened else None,
        next_at=None if opened else _opening(hours, at),
        seconds=between(hours, _midnight(hours, monday), _midnight(hours, monday + timedelta(days=7))),
        days=days,
    )


def _day(hours: Hours, on: date, *, today: date) -> Day:
    start, end = _midnight(hours, on), _midnight(hours, on + timedelta(days=1))
    spans = list(open_spans(hours, start, end))
    holiday = next((one for one in hours.holidays if one.on == on), None)
    return Day(
        on=on,
        name=format_skeleton("MMMEd", on, locale=locale()),
        is_today=on == today,
        minutes=_minutes(end - start),
        spans=tuple((_minutes(opens - start), max(1, _minutes(closes - opens))) for opens, closes in spans),
        words=", ".join(f"{_clock(hours, opens)}–{_clock(hours, closes, end=end)}" for opens, closes in spans),
        holiday=holiday.name if holiday else None,
    )


def _clock(hours: Hours, instant: datetime, *, end: datetime | None = None) -> str:
    return "24:00" if instant == end else f"{instant.astimezone(hours.zone):%H:%M}"


def _minutes(delta: timedelta) -> int:
    return int(delta.total_seconds()) // 60


def _midnight(hours: Hours, on: date) -> datetime:
    return first_instant(datetime.combine(on, time()), hours.time_zone)


def _closing(hours: Hours, at: datetime) -> datetime | None:
    for _opens, closes in open_spans(hours, at, at + LOOKS_AHEAD):
        return closes if closes < at + LOOKS_AHEAD else None
    return None


def _opening(hours: Hours, at: datetime) -> datetime | None:
    try:
        return next_open(hours, at)
    except NeverOpen:
        return None
