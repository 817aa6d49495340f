"""A week of shifts laid out by person and day, with where nobody is on duty, all in one zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from steward.people.models import User
from steward.roster.models import Shift, ShiftKind
from steward.roster.rules.shift_times import first_instant

Span = tuple[datetime, datetime]
WEEK = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Block:
    """A shift as a cell shows it: its hours here and where its worker is, and whether it began on an earlier day."""

    shift: Shift
    kind: str
    words: str
    theirs: str
    continued: bool
    is_now: bool


@dataclass(frozen=True)
class PersonRow:
    """Somebody's week."""

    user: User
    cells: tuple[tuple[Block, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether the person has no shift in this week."""
        return not any(self.cells)


@dataclass(frozen=True)
class Cover:
    """How a day is held: spans in minutes of the day, and in words where nobody is on duty."""

    minutes: int
    held: tuple[tuple[int, int], ...]
    past: int
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    """The week from one midnight to another in a zone."""

    zone: ZoneInfo
    days: tuple[date, ...]
    edges: tuple[datetime, ...]
    today: date
    at: datetime = field(compare=False)

    @property
    def start(self) -> datetime:
        """Give the instant at which it begins."""
        return self.edges[0]

    @property
    def end(self) -> datetime:
        """Give the instant at which it is over."""
        return self.edges[-1]


def week_around(day: date, zone_name: str, at: datetime) -> Week:
    """Give the week, from Monday, that holds a day."""
    monday = day - timedelta(days=day.weekday())
    zone = ZoneInfo(zone_name)
    days = [monday + timedelta(days=number) for number in range(WEEK + 1)]
    edges = tuple(first_instant(datetime.combine(one, time()), zone_name) for one in days)
    return Week(zone=zone, days=tuple(days[:WEEK]), edges=edges, today=at.astimezone(zone).date(), at=at)


def rows_of(week: Week, people: Iterable[User], shifts: Sequence[Shift]) -> list[PersonRow]:
    """Give a row for each of these people and for everybody with a shift, by name."""
    known = {user.pk: user for user in people} | {shift.user_id: shift.user for shift in shifts}
    held: dict[int, list[Shift]] = {user_id: [] for user_id in known}
    for shift in shifts:
        held[shift.user_id].append(shift)
    ordered = sorted(known.values(), key=lambda user: (user.name.casefold(), user.pk))
    return [PersonRow(user, tuple(_blocks(week, number, held[user.pk]) for number in range(WEEK))) for user in ordered]


def _blocks(week: Week, number: int, shifts: Iterable[Shift]) -> tuple[Block, ...]:
    start, end = week.edges[number], week.edges[number + 1]
    return tuple(
        Block(
            shift=shift,
            kind=ShiftKind(shift.kind).name.lower(),
            words=_words(shift, week, number),
            theirs=_theirs(shift, week.zone),
            continued=shift.starts_at < start,
            is_now=shift.starts_at <= week.at < shift.ends_at,
        )
        for shift in shifts
        if shift.starts_at < end and shift.ends_at > start
    )


def _words(shift: Shift, week: Week, number: int) -> str:
    """Say a shift's hours on one day; an ellipsis stands for what lies before it, or beyond the night after it."""
    start, end = week.edges[number], week.edges[number + 1]
    if shift.starts_at <= start and shift.ends_at >= end:
        return _("all day")
    begins = "…" if shift.starts_at < start else f"{shift.starts_at.astimezone(week.zone):%H:%M}"
    if shift.ends_at == end:
        return f"{begins}–24:00"
    is_far = shift.ends_at > end and shift.ends_at - shift.starts_at >= DAY
    return f"{begins}–{'…' if is_far else format(shift.ends_at.astimezone(week.zone), '%H:%M')}"


def _theirs(shift: Shift, zone: ZoneInfo) -> str:
    own = ZoneInfo(shift.user.time_zone)
    starts, ends = (instant.astimezone(own) for instant in (shift.starts_at, shift.ends_at))
    same = all(one.utcoffset() == one.astimezone(zone).utcoffset() for one in (starts, ends))
    return "" if same or shift.ends_at - shift.starts_at >= DAY else f"{starts:%H:%M}–{ends:%H:%M}"


def cover_of(week: Week, shifts: Iterable[Shift]) -> list[Cover]:
    """Say how each day is held by people on duty; a deactivated person holds nothing."""
    held = joined(shifts)
    return [_cover(week, number, held) for number in range(WEEK)]


def gaps_ahead(week: Week, shifts: Iterable[Shift]) -> list[Span]:
    """Give the spans of this week, from now on, in which nobody is on duty."""
    return gaps_in(joined(shifts), max(week.start, week.at), week.end)


def joined(shifts: Iterable[Shift]) -> list[Span]:
    """Give the spans in which somebody is on duty, in order; those that touch are one."""
    spans: list[Span] = []
    for starts, ends in sorted((s.starts_at, s.ends_at) for s in shifts if s.kind == ShiftKind.DUTY and s.user.is_active):
        if spans and starts <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], ends)
        else:
            spans.append((starts, ends))
    return spans


def gaps_in(held: Sequence[Span], start: datetime, end: datetime) -> list[Span]:
    """Give what `held` leaves open between two instants."""
    gaps: list[Span] = []
    for opens, closes in held:
        if closes <= start or opens >= end:
            continue
        if opens > start:
            gaps.append((start, opens))
        start = max(start, closes)
    return [*gaps, (start, end)] if start < end else gaps


def _cover(week: Week, number: int, held: Sequence[Span]) -> Cover:
    start, end = week.edges[number], week.edges[number + 1]
    cut = [(max(start, opens), min(end, closes)) for opens, closes in held if opens < end and closes > start]
    ahead = gaps_in(held, max(start, week.at), end)
    return Cover(
        minutes=_minutes(end - start),
        held=tuple((_minutes(opens - start), max(1, _minutes(closes - opens))) for opens, closes in cut),
        past=max(0, min(_minutes(end - start), _minutes(week.at - start))),
        gaps=tuple(f"{_clock(week, opens, start)}–{_clock(week, closes, end, last=True)}" for opens, closes in ahead),
    )


def _clock(week: Week, instant: datetime, edge: datetime, *, last: bool = False) -> str:
    if instant == edge:
        return "24:00" if last else "00:00"
    return f"{instant.astimezone(week.zone):%H:%M}"


def _minutes(delta: timedelta) -> int:
    return int(delta.total_seconds()) // 60
