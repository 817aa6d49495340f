"""Lengths of time and opening hours as people type them."""

import pytest

from steward.core.errors import Invalid
from steward.web.settings.hours_text import read_holidays, read_slots, week_words, written_day, written_holidays
from steward.web.settings.spans import read_span, written_span


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("15m", 900),
        ("4h", 14_400),
        ("1h 30m", 5_400),
        ("1:30", 5_400),
        ("2d", 172_800),
        ("1d4h", 100_800),
        ("90 min", 5_400),
        ("90s", 90),
    ],
)
def test_a_length_of_time_is_read(typed: str, seconds: int) -> None:
    assert read_span(typed, field="x") == seconds
    assert read_span(written_span(seconds), field="x") == seconds
    assert read_span(written_span(seconds, days=False), field="x", days=False) == seconds


@pytest.mark.parametrize("typed", ["", "5", "soon", "-4h", "1.5h", "4h 4h", "h", "٣h" * 9, "1:99", "9" * 60 + "h"])
def test_anything_else_is_no_length_of_time(typed: str) -> None:
    with pytest.raises(Invalid):
        read_span(typed, field="x")


def test_a_day_of_business_time_has_no_known_length() -> None:
    with pytest.raises(Invalid):
        read_span("1d", field="x", days=False)


def test_hours_are_read_in_the_ways_people_write_them() -> None:
    slots = read_slots({0: "9-12, 13:00 – 18:00", 6: "22.00-6.00；00:00-24:00"})
    assert written_day(slots, 0) == "09:00-12:00, 13:00-18:00"
    assert written_day(slots, 6) == "22:00-06:00, 00:00-24:00"
    assert read_slots({day: written_day(slots, day) for day in range(7)}) == slots


def test_days_alike_are_said_together() -> None:
    slots = read_slots({**dict.fromkeys(range(5), "09:00-17:00"), 6: "10:00-12:00"})
    assert week_words(slots) == "Mon–Fri 09:00–17:00; Sun 10:00–12:00"


def test_holidays_come_back_as_they_were_typed() -> None:
    typed = "2026-12-24 Christmas Eve 09:00-12:00, 13:00-14:00\n2026-12-25 Christmas\n2026-12-31"
    assert written_holidays(read_holidays(f"\n{typed}\n\n")) == typed


def test_a_long_paste_is_over_soon() -> None:
    assert read_holidays("2026-12-24 " + "09:00-12:00 " * 40 + "x")[0]["slots"] == []
    with pytest.raises(Invalid):
        read_holidays("2026-12-24 " + "09:00-12:00 " * 1_500 + "x")
    with pytest.raises(Invalid):
        read_slots({0: " " * 30_000 + "x"})
