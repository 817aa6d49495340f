from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from steward.web.shared import times

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW - timedelta(hours=2), "7:00"),
        (NOW - timedelta(days=3), "Feb 27"),
        (NOW - timedelta(days=400), "Jan 26, 2025"),
    ],
)
def test_an_instant_is_as_brief_as_is_clear(value: datetime, words: str) -> None:
    shown = str(times.instant(value, at=NOW))
    assert words in shown.partition(">")[2]
    assert f'datetime="{value:%Y-%m-%dT%H:%M:%SZ}"' in shown


def test_an_instant_is_told_in_the_zone_of_the_reader() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert "7:30" in str(times.instant(late, at=NOW)), "in Shanghai it is today already"
        assert "Today" in str(times.day(late, at=NOW))
    with timezone.override(ZoneInfo("America/New_York")):
        assert "Yesterday" in str(times.day(late, at=NOW))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW - timedelta(seconds=20), "now"),
        (NOW - timedelta(minutes=5), "5m ago"),
        (NOW - timedelta(hours=3), "3h ago"),
        (NOW + timedelta(hours=3), "in 3h"),
        (NOW - timedelta(days=6), "6d ago"),
    ],
)
def test_an_age_is_said_in_one_unit(value: datetime, words: str) -> None:
    assert times.ago_words(value, at=NOW) == words
    assert "data-ago" in str(times.ago(value, at=NOW))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0s"), (59, "59s"), (60, "1m"), (7_500, "2h 5m"), (86_400, "1d"), (86_700, "1d"), (93_600, "1d 2h"), (-120, "2m")],
)
def test_a_length_of_time_is_said_in_two_units(seconds: int, words: str) -> None:
    assert times.duration(seconds) == words


def test_days_have_names_near_today_and_dates_farther_off() -> None:
    assert "Tomorrow" in str(times.day(date(2026, 3, 3), at=NOW))
    assert "Fri, Mar 6" in str(times.day(date(2026, 3, 6), at=NOW))
    assert "2024" in str(times.day(date(2024, 3, 6), at=NOW))


def test_nothing_is_shown_for_no_time() -> None:
    assert times.instant(None) == times.ago(None) == times.day(None) == ""
    assert times.duration(None) == "–"


def test_times_follow_the_language_and_an_unknown_one_is_no_fault() -> None:
    with translation.override("zh-hans"):
        assert times.duration(7_500) == "2小时 5分钟"
        assert "2月27日" in str(times.instant(NOW - timedelta(days=3), at=NOW))
    with translation.override("xx"):
        assert times.duration(60) == "1m"
