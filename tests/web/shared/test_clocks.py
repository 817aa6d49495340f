from datetime import UTC, datetime, timedelta

import pytest

from steward.web.shared.clocks import chip, full_name

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "due_at", "warn_at", "reason", "breached", "tone", "words"),
    [
        ("running", NOW + 2 * HOUR, NOW + HOUR, "", False, "ok", "2h left"),
        ("running", NOW + HOUR, NOW, "", False, "warn", "1h left"),
        ("running", NOW, NOW - HOUR, "", False, "late", "0s over"),
        ("running", NOW - HOUR, None, "", True, "late", "1h over"),
        ("paused", None, None, "requester", False, "paused", "waiting for the requester"),
        ("paused", None, None, "", False, "paused", "paused"),
        ("paused", None, None, "the bank", False, "paused", "the bank"),
        ("met", None, None, "", False, "done", "met"),
        ("met", None, None, "", True, "late", "missed"),
        ("missed_closed", None, None, "", False, "late", "missed"),
        ("cancelled", None, None, "", False, "done", "stopped"),
    ],
)
def test_a_clock_says_where_it_stands(state, due_at, warn_at, reason, breached, tone, words) -> None:
    shown = chip("first_response", state, due_at, warn_at, reason, breached=breached, at=NOW)
    assert (shown.tone, shown.words, shown.name) == (tone, words, "First reply")


def test_only_a_running_clock_ticks_in_the_browser() -> None:
    assert chip("resolution", "running", NOW + HOUR, NOW, at=NOW).due == "2026-03-02T10:00:00Z"
    assert chip("resolution", "met", NOW + HOUR, NOW, at=NOW).due == ""


def test_a_kind_of_clock_has_a_full_name_too() -> None:
    assert full_name("next_response") == "Next response"
    assert full_name("other") == "other"
