"""What is covered, and how looking is counted: pure arithmetic."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from steward.desk.rules.care import Care, Carefulness, Harm, Limits, Looked, Verdict, after_beat, looked_for, verdict_on

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("care", "restricted", "harm", "from_requester", "strict"),
    list(product(Care, (False, True), (Harm.NONE, Harm.VIOLENCE), (False, True), (False, True))),
)
def test_a_picture_is_covered_where_anything_asks_for_it(care, restricted, harm, from_requester, strict):
    asked = restricted or harm != Harm.NONE or strict or care == Care.ALL or (care == Care.REQUESTERS and from_requester)
    found = Carefulness(care, restricted, harm).covers("image/png", from_requester=from_requester, strict=strict)
    assert found is asked


@pytest.mark.parametrize(
    ("media_type", "covered"),
    [
        ("image/heic", True),
        ("video/mp4", True),
        ("audio/ogg", True),
        ("application/pdf", True),
        ("text/plain", False),
        ("application/zip", False),
        ("application/octet-stream", False),
    ],
)
def test_what_shows_or_plays_something_is_covered(media_type, covered):
    assert Carefulness(restricted=True).covers(media_type, from_requester=True) is covered


@pytest.mark.parametrize(("seconds", "counted"), [(0, 0), (10, 10), (20, 20), (20.4, 0), (3600, 0), (-5, 0)])
def test_a_beat_counts_what_lies_between_it_and_the_last_unless_something_lay_asleep(seconds, counted):
    assert looked_for(AT, AT + timedelta(seconds=seconds)) == counted


def test_the_first_beat_counts_nothing():
    assert looked_for(None, AT) == 0


def test_a_stretch_ends_with_a_rest_that_is_long_enough():
    limits = Limits(rest_for=timedelta(minutes=10))
    looked = Looked(seconds=600, stretch=600)
    soon = after_beat(looked, last_beat_at=AT, at=AT + timedelta(minutes=9), limits=limits)
    late = after_beat(looked, last_beat_at=AT, at=AT + timedelta(minutes=10), limits=limits)
    assert (soon.seconds, soon.stretch) == (600, 600)
    assert (late.seconds, late.stretch) == (600, 0)


@pytest.mark.parametrize(
    ("looked", "verdict"),
    [
        (Looked(0, 0), Verdict.GO_ON),
        (Looked(1199, 1199), Verdict.GO_ON),
        (Looked(1200, 1200), Verdict.REST),
        (Looked(3000, 100), Verdict.GO_ON),
        (Looked(3600, 0), Verdict.STOP),
        (Looked(3600, 0, allowed=1), Verdict.GO_ON),
        (Looked(4500, 1300, allowed=900), Verdict.STOP),
    ],
)
def test_whoever_looks_goes_on_rests_or_stops(looked, verdict):
    assert verdict_on(looked, Limits()) == verdict
