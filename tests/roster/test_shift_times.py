"""Shifts thought on the wall clock, on the nights it changes."""
# ruff: noqa: DTZ001 -- times on the wall clock, and naive ones to be refused

from datetime import UTC, datetime, timedelta

from steward.roster.rules.shift_times import first_instant, last_instant, shift_instants

LA = "America/Los_Angeles"


def test_a_night_shift_lasts_seven_hours_in_spring_and_nine_in_autumn():
    spring = shift_instants(datetime(2026, 3, 7, 22), datetime(2026, 3, 8, 6), LA)
    autumn = shift_instants(datetime(2026, 10, 31, 22), datetime(2026, 11, 1, 6), LA)
    assert spring[1] - spring[0] == timedelta(hours=7)
    assert autumn[1] - autumn[0] == timedelta(hours=9)


def test_an_hour_shown_twice_is_worked_twice():
    starts, ends = shift_instants(datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 1, 30), LA)
    assert (starts, ends) == (datetime(2026, 11, 1, 8, 30, tzinfo=UTC), datetime(2026, 11, 1, 9, 30, tzinfo=UTC))


def test_a_skipped_time_is_the_instant_of_the_jump():
    jump = datetime(2026, 3, 8, 10, tzinfo=UTC)
    assert first_instant(datetime(2026, 3, 8, 2, 30), LA) == jump
    assert last_instant(datetime(2026, 3, 8, 2, 59), LA) == jump
    assert last_instant(datetime(2026, 3, 8, 3), LA) == jump


def test_an_ordinary_time_is_itself():
    assert first_instant(datetime(2026, 6, 1, 9), "Asia/Kathmandu") == datetime(2026, 6, 1, 3, 15, tzinfo=UTC)
