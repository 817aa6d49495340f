"""The quick choices of a snooze, in the agent's zone, also where the clocks change."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from steward.desk.rules.snoozing import AHEAD, quick_choices


def keys(at, zone="UTC"):
    return {one.key: one.until_at for one in quick_choices(at, zone)}


def test_the_choices_stand_on_the_agents_wall():
    found = keys(datetime(2026, 3, 4, 1, 0, tzinfo=UTC), "Asia/Shanghai")  # nine on a Wednesday there
    assert found == {
        "hour": datetime(2026, 3, 4, 2, 0, tzinfo=UTC),
        "afternoon": datetime(2026, 3, 4, 6, 0, tzinfo=UTC),
        "evening": datetime(2026, 3, 4, 10, 0, tzinfo=UTC),
        "tomorrow": datetime(2026, 3, 5, 1, 0, tzinfo=UTC),
        "week": datetime(2026, 3, 9, 1, 0, tzinfo=UTC),
    }


def test_what_is_over_or_almost_is_not_offered():
    assert list(keys(datetime(2026, 3, 4, 13, 30, tzinfo=UTC))) == ["hour", "evening", "tomorrow", "week"]
    assert list(keys(datetime(2026, 3, 4, 23, 0, tzinfo=UTC))) == ["hour", "tomorrow", "week"]


def test_on_a_monday_next_week_is_the_monday_after():
    assert keys(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))["week"] == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_the_morning_after_the_clocks_changed_is_nine_on_the_wall():
    assert keys(datetime(2026, 3, 28, 22, 0, tzinfo=UTC), "Europe/Berlin")["tomorrow"] == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


@given(
    # Hypothesis wants the ends without a zone and puts it on.
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Europe/Dublin", "Australia/Lord_Howe"]),
)
def test_every_choice_lies_ahead_and_the_hour_is_always_there(at, zone):
    found = keys(at, zone)
    assert "hour" in found
    assert all(until_at >= at + AHEAD for until_at in found.values())
