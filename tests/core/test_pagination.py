"""A page token leads back to where it was written, and a made-up one is refused."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.core.errors import Invalid
from steward.core.pagination import from_token, to_token

PART = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=50),
)


@given(st.lists(PART, max_size=4), st.booleans())
def test_a_token_leads_back_to_its_key(key, backwards):
    assert from_token(to_token(key, backwards=backwards), length=len(key)) == (tuple(key), backwards)


def written(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "%%%",
        "ünïcode",
        "\x00",
        "W10",
        written(None),
        written(5),
        written({"a": 1, "b": 2, "c": 3}),
        written([False]),
        written([False, 1]),
        written([False, 1, 2, 3]),
        written(["no", "2026-03-02T09:00:00+00:00", 1]),
        written([False, True, 1]),
        written([False, 1.5, 1]),
        written([False, [], 1]),
        written([False, "2026-03-02T09:00:00+00:00", 2**63]),
        written([False, "2026-03-02T09:00:00", 1]),
        written([False, "2026-W10-1T09:00:00+00:00", 1]),
        written([False, "yesterday", 1]),
        written([False, "2026-03-02T09:00:00+00:00", "1"]),
        written([False, "a\x00b", 1]),
        base64.urlsafe_b64encode(b"[" * 1_400).decode(),
        "A" * 5_000,
    ],
)
def test_a_token_that_was_cut_or_made_up_is_refused(token):
    with pytest.raises(Invalid, match="page of the list") as refused:
        from_token(token, length=2, kinds=(datetime, int))
    assert refused.value.field == "page"


@given(st.text(max_size=200))
def test_no_text_at_all_brings_it_down(token):
    with suppress(Invalid):
        from_token(token, length=2, kinds=(datetime, int))


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1))
def test_instants_come_back_as_they_were_written(at, number):
    key = (at.isoformat(), number)
    assert from_token(to_token(key), length=2, kinds=(datetime, int)) == (key, False)
