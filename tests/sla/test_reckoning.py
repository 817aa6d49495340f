"""Due instants from the log of intervals, held to the laws of business time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.roster.rules.business_time import Hours, Slot, always, between
from steward.sla.rules.reckoning import Span, due, elapsed, warn_seconds

NIGHT = datetime(2026, 3, 28, 22, tzinfo=UTC)  # before Berlin's clocks go forward
OFFICE = Hours("Europe/Berlin", tuple(Slot(day, 8 * 60, 18 * 60) for day in range(7)))
NIGHTS = Hours("Europe/Berlin", tuple(Slot(day, 22 * 60, 30 * 60) for day in range(7)))


@st.composite
def logs(draw):
    """Draw a log without gaps that ends running."""
    at, running, spans = NIGHT, True, []
    for length in draw(st.lists(st.integers(0, 30 * 3600), max_size=7)):
        end = at + timedelta(seconds=length)
        spans.append(Span(at, end, running, draw(st.sampled_from([OFFICE, NIGHTS, always()]))))
        at, running = end, draw(st.booleans())
    return [*spans, Span(at, None, True, draw(st.sampled_from([OFFICE, NIGHTS, always()])))]


@settings(max_examples=200, deadline=None)
@given(log=logs(), target=st.integers(60, 400 * 3600))
def test_a_running_clock_has_run_for_its_target_when_it_is_due(log, target):
    due_at = due(log, target, promised_at=NIGHT)
    last = log[-1].started_at
    if elapsed(log, last) < target:
        assert elapsed(log, due_at) == target
    else:
        assert due_at == last


@settings(max_examples=100, deadline=None)
@given(log=logs(), at=st.integers(0, 300 * 3600), target=st.integers(60, 400 * 3600))
def test_cutting_an_interval_in_two_changes_nothing(log, at, target):
    last = log[-1]
    cut = last.started_at + timedelta(seconds=at)
    halves = [*log[:-1], Span(last.started_at, cut, True, last.hours), Span(cut, None, True, last.hours)]
    later = cut + timedelta(hours=50)
    assert elapsed(halves, later) == elapsed(log, later)
    assert due(halves, target, promised_at=NIGHT) == max(due(log, target, promised_at=NIGHT), cut)


@settings(max_examples=100, deadline=None)
@given(log=logs(), hours=st.lists(st.integers(0, 300), min_size=2, max_size=2).map(sorted))
def test_what_has_run_never_shrinks(log, hours):
    early, late = (NIGHT + timedelta(hours=n) for n in hours)
    assert 0 <= elapsed(log, early) <= elapsed(log, late)


def test_a_clock_that_stands_still_is_not_due():
    assert due([Span(NIGHT, NIGHT, True, OFFICE), Span(NIGHT, None, False, OFFICE)], 60, promised_at=NIGHT) is None
    assert due([Span(NIGHT, NIGHT + timedelta(hours=1), True, OFFICE)], 60, promised_at=NIGHT) is None
    assert due([], 60, promised_at=NIGHT) is None


def test_a_promise_is_never_due_before_it_was_made():
    later = NIGHT + timedelta(hours=9)
    assert due([Span(NIGHT, None, True, always())], 3600, promised_at=later) == later


def test_hours_of_then_count_for_what_ran_then():
    hour = timedelta(hours=1)
    log = [Span(NIGHT, NIGHT + 4 * hour, True, always()), Span(NIGHT + 4 * hour, None, True, OFFICE)]
    opens = datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert due(log, 5 * 3600, promised_at=NIGHT) == opens + hour
    assert elapsed(log, opens + hour) == 4 * 3600 + between(OFFICE, opens, opens + hour)


@pytest.mark.parametrize(("share", "seconds"), [(0.75, 2700), (None, None)])
def test_the_warning_comes_after_its_share_of_the_target(share, seconds):
    assert warn_seconds(3600, share) == seconds
