from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.channels.rules.kinds import ChannelKind, kind_of
from steward.channels.rules.names import first_name
from steward.channels.rules.notices import is_of_the_past, mail_is_due
from steward.channels.rules.raw import digest_of, restored, storable

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = st.text(alphabet=st.characters(codec=None, categories=None), max_size=20)


@given(st.dictionaries(st.text(max_size=5), st.one_of(TEXT, st.integers(), st.none(), st.lists(TEXT, max_size=3)), max_size=4))
def test_whatever_came_in_comes_back_the_same(raw):
    kept = storable({"said": raw})
    written = str(kept)
    assert "\x00" not in written or "\\x00" in repr(written)
    assert restored(kept) == {"said": raw}


def test_a_nul_and_half_a_character_are_kept_as_bytes():
    assert storable("a\x00b") == {"base64": "YQBi"}
    assert restored(storable(["\ud83d", "fine"])) == ["\ud83d", "fine"]


def test_the_same_payload_has_the_same_name():
    assert digest_of({"a": 1, "b": "x"}) == digest_of({"b": "x", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


@pytest.mark.parametrize(
    ("waited", "mailed", "here", "due"),
    [
        (4, None, None, False),
        (5, None, None, True),
        (60 * 24 * 2, None, None, True),
        (60 * 24 * 2 + 1, None, None, False),
        (10, 30, None, False),
        (10, 30, 40, False),
        (10, 30, 20, True),
        (10, 60 * 4, None, True),
        (10, 60 * 4 - 1, None, False),
    ],
)
def test_one_mail_for_each_burst(waited, mailed, here, due):
    ago = lambda minutes: AT - timedelta(minutes=minutes) if minutes is not None else None
    assert mail_is_due(waiting_since=ago(waited), mailed_at=ago(mailed), here_at=ago(here), at=AT) is due


def test_what_was_recorded_long_after_it_happened_is_of_the_past():
    assert is_of_the_past(occurred_at=AT - timedelta(days=3), recorded_at=AT)
    assert not is_of_the_past(occurred_at=AT - timedelta(minutes=5), recorded_at=AT)


def test_replies_to_what_came_in_otherwise_are_read_in_the_portal():
    assert kind_of("chat") == ChannelKind.CHAT
    assert kind_of("import") == ChannelKind.PORTAL


@pytest.mark.parametrize(("name", "first"), [("Ada Brandt", "Ada"), ("王小明", "王小明"), ("  ", ""), ("", "")])
def test_requesters_know_agents_by_their_first_name(name, first):
    assert first_name(name) == first
