"""Business time against a minute-by-minute oracle, and its laws, on the nights the clocks change."""
# ruff: noqa: DTZ001 -- times on the wall clock, and naive ones to be refused

import itertools
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.roster.rules.business_time import (
    Holiday,
    Hours,
    NeverOpen,
    Slot,
    add,
    always,
    between,
    is_open,
    next_open,
    open_seconds,
    open_spans,
)

ZONES = [
    "UTC",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # clocks go back for Ramadan
    "Asia/Kathmandu",  # 5:45 ahead
    "America/St_Johns",
    "Pacific/Apia",  # left out 30 December 2011
    "Asia/Shanghai",
]
# Nights on which one of those zones changes its clocks, and the Apia day that never was.
NIGHTS = [
    datetime(2026, 3, 8, 10, tzinfo=UTC),
    datetime(2026, 11, 1, 9, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),
    datetime(2026, 3, 22, 2, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
    datetime(2025, 12, 31, 23, tzinfo=UTC),
]


@st.composite
def spans(draw):
    start = draw(st.integers(0, 24 * 60 - 1))
    return start, start + draw(st.integers(1, 24 * 60))


@st.composite
def calendars(draw):
    slots = draw(st.lists(st.builds(lambda d, s: Slot(d, *s), st.integers(0, 6), spans()), min_size=1, max_size=12))
    near = draw(st.sampled_from(NIGHTS)).date()
    days = draw(st.lists(st.integers(-2, 2), max_size=3, unique=True))
    holidays = [Holiday(near + timedelta(days=d), "", tuple(draw(st.lists(spans(), max_size=2)))) for d in days]
    return Hours(draw(st.sampled_from(ZONES)), tuple(slots), tuple(holidays))


@st.composite
def instants(draw, within=timedelta(days=3)):
    around = draw(st.sampled_from(NIGHTS))
    return around + timedelta(seconds=draw(st.integers(-int(within.total_seconds()), int(within.total_seconds()))))


def open_by_the_wall(hours: Hours, instant: datetime) -> bool:
    """Say straight from the definition whether a wall clock shows a time inside a slot."""
    wall = instant.astimezone(ZoneInfo(hours.time_zone)).replace(tzinfo=None)
    for back in range(4):
        day = wall.date() - timedelta(days=back)
        own = [h for h in hours.holidays if h.on == day]
        today = own[0].slots if own else [(s.start, s.end) for s in hours.slots if s.weekday == day.weekday()]
        midnight = datetime(day.year, day.month, day.day)
        if any(midnight + timedelta(minutes=a) <= wall < midnight + timedelta(minutes=b) for a, b in today):
            return True
    return False


@settings(max_examples=40, deadline=None)
@given(hours=calendars(), around=st.sampled_from(NIGHTS), shift=st.integers(-1800, 1800), length=st.integers(1, 30 * 60))
def test_it_equals_counting_minute_by_minute(hours, around, shift, length):
    start = around + timedelta(minutes=shift)
    minutes = [start + timedelta(minutes=n) for n in range(length)]
    assert between(hours, start, start + timedelta(minutes=length)) == 60 * sum(open_by_the_wall(hours, m) for m in minutes)
    assert all(is_open(hours, m) == open_by_the_wall(hours, m) for m in minutes[::17])


@settings(max_examples=50, deadline=None)
@given(hours=calendars(), points=st.lists(instants(within=timedelta(days=400)), min_size=3, max_size=3).map(sorted))
def test_it_never_runs_backwards_and_parts_add_up(hours, points):
    a, b, c = points
    assert 0 <= between(hours, a, b) <= (b - a).total_seconds()
    assert between(hours, a, b) + between(hours, b, c) == between(hours, a, c)
    assert between(hours, b, a) == -between(hours, a, b)


@settings(max_examples=50, deadline=None)
@given(hours=calendars(), start=instants(), seconds=st.integers(0, 40 * 86_400), micros=st.sampled_from([0, 1, 157, 999_999]))
def test_adding_is_the_inverse_of_counting(hours, start, seconds, micros):
    start += timedelta(microseconds=micros)
    try:
        due = add(hours, start, seconds)
    except NeverOpen:
        assert all(not s.start < s.end for s in hours.slots)
        return
    assert due >= start
    assert between(hours, start, due) == seconds
    if seconds:
        assert is_open(hours, due - timedelta(microseconds=1))
    if seconds and not micros:
        assert between(hours, start, due - timedelta(microseconds=1)) == seconds - 1


@settings(max_examples=40, deadline=None)
@given(hours=calendars(), start=instants(), seconds=st.integers(0, 20 * 86_400))
def test_counting_then_adding_comes_back_to_the_same_open_moment(hours, start, seconds):
    end = start + timedelta(seconds=seconds)
    back = add(hours, start, between(hours, start, end))
    assert back <= end
    assert between(hours, back, end) == 0


@settings(max_examples=40, deadline=None)
@given(hours=calendars(), instant=instants())
def test_the_next_opening_is_the_first_open_moment(hours, instant):
    opens = next_open(hours, instant)
    assert opens >= instant
    assert is_open(hours, opens)
    assert between(hours, instant, opens) == 0


@settings(max_examples=40, deadline=None)
@given(hours=calendars(), points=st.lists(instants(), min_size=2, max_size=2).map(sorted))
def test_open_spans_are_disjoint_and_hold_all_open_time(hours, points):
    found = list(open_spans(hours, *points))
    assert all(a < b for a, b in found)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found))
    assert sum(int((b - a).total_seconds()) for a, b in found) == between(hours, *points)


LA = "America/Los_Angeles"


def test_a_slot_on_the_spring_night_is_an_hour_shorter():
    night = Hours(LA, tuple(Slot(d, 60, 180) for d in range(7)))
    spring = datetime(2026, 3, 8, tzinfo=ZoneInfo(LA))
    assert between(night, spring, spring + timedelta(days=1)) == 3600
    assert between(night, spring - timedelta(days=1), spring) == 7200


def test_a_slot_on_the_autumn_night_is_an_hour_longer():
    night = Hours(LA, tuple(Slot(d, 60, 180) for d in range(7)))
    autumn = datetime(2026, 11, 1, tzinfo=ZoneInfo(LA))
    assert between(night, autumn, datetime(2026, 11, 2, tzinfo=ZoneInfo(LA))) == 3 * 3600


def test_a_slot_inside_the_skipped_hour_does_not_open():
    skipped = Hours(LA, (Slot(6, 2 * 60 + 10, 2 * 60 + 50),))
    assert between(skipped, datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)) == 0


def test_an_overnight_slot_runs_into_the_next_day():
    friday_night = Hours("UTC", (Slot(4, 22 * 60, 30 * 60),))
    saturday = datetime(2026, 1, 3, tzinfo=UTC)
    assert list(open_spans(friday_night, saturday - timedelta(days=2), saturday + timedelta(days=2))) == [
        (datetime(2026, 1, 2, 22, tzinfo=UTC), datetime(2026, 1, 3, 6, tzinfo=UTC))
    ]


def test_a_holiday_replaces_what_starts_on_it_and_the_night_before_runs_out():
    nights = tuple(Slot(d, 22 * 60, 30 * 60) for d in range(7))
    hours = Hours("UTC", nights, (Holiday(date(2026, 1, 2), "", ((600, 660),)),))
    assert list(open_spans(hours, datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))) == [
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, 6, tzinfo=UTC)),
        (datetime(2026, 1, 2, 10, tzinfo=UTC), datetime(2026, 1, 2, 11, tzinfo=UTC)),
    ]


def test_time_used_up_at_closing_falls_due_at_closing():
    office = Hours("UTC", tuple(Slot(d, 9 * 60, 17 * 60) for d in range(5)))
    friday = datetime(2026, 1, 2, 16, tzinfo=UTC)
    assert add(office, friday, 3600) == datetime(2026, 1, 2, 17, tzinfo=UTC)
    assert add(office, friday, 3601) == datetime(2026, 1, 5, 9, 0, 1, tzinfo=UTC)
    assert next_open(office, datetime(2026, 1, 2, 17, tzinfo=UTC)) == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_desk_that_never_closes_counts_real_seconds():
    start = datetime(2019, 6, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    assert between(always("Europe/Berlin"), start, start + timedelta(days=800)) == 800 * 86_400
    assert add(always(), start, 10) == start + timedelta(seconds=10)


def test_a_calendar_without_enough_time_says_so():
    with pytest.raises(NeverOpen):
        add(Hours("UTC", (), (Holiday(date(2026, 1, 2), "", ((0, 60),)),)), datetime(2026, 1, 1, tzinfo=UTC), 3601)
    with pytest.raises(NeverOpen):
        next_open(Hours("UTC", ()), datetime(2026, 1, 1, tzinfo=UTC))


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="aware"):
        open_seconds(always(), datetime(2026, 1, 1))


def test_ten_years_are_quick():
    office = Hours(LA, tuple(Slot(d, *span) for d in range(5) for span in ((540, 720), (780, 1080))))
    began = time.perf_counter()
    ten_years = between(office, datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    assert add(office, datetime(2016, 1, 1, tzinfo=UTC), ten_years) <= datetime(2026, 1, 1, tzinfo=UTC)
    assert time.perf_counter() - began < 2
