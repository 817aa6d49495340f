"""Calendars as people write them."""

from datetime import date

import pytest

from steward.roster.rules.business_time import Holiday, Slot
from steward.roster.rules.calendar_shape import (
    BadHours,
    Fault,
    parse_hours,
    read_hours,
    written_holidays,
    written_slots,
)

MONDAY = {"weekday": 0, "start": "09:00", "end": "17:00"}


def test_an_end_at_or_before_the_start_is_on_the_next_day():
    hours = parse_hours(
        "UTC", [{"weekday": 4, "start": "22:00", "end": "06:00"}, {"weekday": 5, "start": "08:00", "end": "08:00"}], []
    )
    assert hours.slots == (Slot(4, 22 * 60, 30 * 60), Slot(5, 8 * 60, 32 * 60))


def test_midnight_can_end_a_day():
    assert parse_hours("UTC", [{"weekday": 0, "start": "00:00", "end": "24:00"}], []).slots == (Slot(0, 0, 1440),)


def test_what_is_written_is_read_back_alike():
    slots = [MONDAY, {"weekday": 0, "start": "22:00", "end": "06:00"}, {"weekday": 6, "start": "00:00", "end": "24:00"}]
    holidays = [
        {"date": "2026-12-24", "name": "Eve", "slots": [{"start": "09:00", "end": "12:00"}]},
        {"date": "2026-12-25", "name": ""},
    ]
    hours = parse_hours("Asia/Shanghai", slots, holidays)
    assert parse_hours("Asia/Shanghai", written_slots(hours), written_holidays(hours)) == hours
    assert hours.holidays == (Holiday(date(2026, 12, 24), "Eve", ((540, 720),)), Holiday(date(2026, 12, 25)))


def test_the_same_stored_hours_are_laid_out_once():
    assert read_hours("UTC", [MONDAY], []) is read_hours("UTC", [dict(MONDAY)], [])


@pytest.mark.parametrize(
    ("zone", "slots", "holidays", "fault"),
    [
        ("Mars/Olympus", [MONDAY], [], Fault.ZONE),
        ("../etc/passwd", [MONDAY], [], Fault.ZONE),
        ("America", [MONDAY], [], Fault.ZONE),
        ("", [MONDAY], [], Fault.ZONE),
        (None, [MONDAY], [], Fault.ZONE),
        ("UTC", [], [], Fault.EMPTY),
        ("UTC", "monday", [], Fault.SHAPE),
        ("UTC", [{"weekday": 0, "start": "09:00", "end": "17:00", "colour": "red"}], [], Fault.SHAPE),
        ("UTC", [{"weekday": 7, "start": "09:00", "end": "17:00"}], [], Fault.WEEKDAY),
        ("UTC", [{"weekday": True, "start": "09:00", "end": "17:00"}], [], Fault.WEEKDAY),
        ("UTC", [{"weekday": 0, "start": "9:00", "end": "17:00"}], [], Fault.TIME),
        ("UTC", [{"weekday": 0, "start": "24:00", "end": "17:00"}], [], Fault.TIME),
        ("UTC", [{"weekday": 0, "start": "09:60", "end": "17:00"}], [], Fault.TIME),
        ("UTC", [{"weekday": 0, "start": "٠٩:٠٠", "end": "17:00"}], [], Fault.TIME),
        ("UTC", [{"weekday": 0, "start": "09:00"}], [], Fault.TIME),
        ("UTC", [MONDAY], [{"date": "2026-02-30"}], Fault.DATE),
        ("UTC", [MONDAY], [{"date": "20260230"}], Fault.DATE),
        ("UTC", [MONDAY], [{"date": "2026-02-03"}, {"date": "2026-02-03"}], Fault.TWICE),
        ("UTC", [MONDAY], [{"date": "2026-02-03", "name": "x" * 101}], Fault.NAME),
        ("UTC", [MONDAY], [{"date": "2026-02-03", "slots": [{"weekday": 1}]}], Fault.SHAPE),
        ("UTC", [MONDAY] * 201, [], Fault.TOO_MANY),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(zone, slots, holidays, fault):
    with pytest.raises(BadHours) as refused:
        parse_hours(zone, slots, holidays)
    assert refused.value.fault == fault
