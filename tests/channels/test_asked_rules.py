"""What an admin is asked for: nothing else is taken, and what cannot be is said at its field."""

import pytest

from steward.channels.adapters import carried_kinds, carrier_for
from steward.channels.rules.asked import Setting, checked, missing, split
from steward.core.errors import Invalid

ASKED = (
    Setting("url", "Address", form="address", is_needed=True),
    Setting("pause", "Pause", form="number", usual=30),
    Setting("mode", "How", form="choice", choices=(("a", "A"), ("b", "B")), usual="a"),
    Setting("all", "All", form="yes"),
    Setting("name", "Name"),
    Setting("token", "Token", is_secret=True, is_needed=True),
)


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("url", " https://chat.example/ ", "https://chat.example"),
        ("url", "http://127.0.0.1:8008", "http://127.0.0.1:8008"),
        ("url", "", ""),
        ("pause", "5", 5),
        ("pause", "1.5", 1.5),
        ("pause", 0, 0),
        ("pause", "", 30),
        ("mode", "b", "b"),
        ("mode", "", ""),
        ("all", "on", True),
        ("all", "no", False),
        ("all", True, True),
        ("name", " x\x00y ", "xy"),
    ],
)
def test_what_is_given_is_kept_in_its_form(name, given, kept):
    assert checked(ASKED, {name: given}) == {name: kept}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("url", "chat.example"),
        ("url", "ftp://chat.example"),
        ("url", "http://"),
        ("url", "http://[::1"),
        ("url", "http://a b"),
        ("url", "http://a:99999999"),
        ("pause", "soon"),
        ("pause", "-1"),
        ("pause", "nan"),
        ("pause", "inf"),
        ("pause", "1e9"),
        ("mode", "c"),
        ("name", "two\nlines"),
        ("name", "x" * 2_001),
        ("nothing", "x"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(name, given):
    with pytest.raises(Invalid) as refused:
        checked(ASKED, {name: given})
    assert refused.value.field == name


def test_the_first_that_is_needed_and_not_there_is_named():
    assert missing(ASKED, {"token": "t"}).name == "url"
    assert missing(ASKED, {"url": "https://x.example", "token": "  "}).name == "token"
    assert missing(ASKED, {"url": "https://x.example", "token": "t"}) is None


def test_every_adapter_asks_for_names_that_differ_and_secrets_apart():
    for kind in carried_kinds():
        asked = carrier_for(kind).asked
        shown, hidden = split(asked)
        assert len({one.name for one in asked}) == len(asked)
        assert hidden
        assert all(one.form == "line" for one in hidden)
        for one in shown:
            assert one.form != "choice" or one.usual in {key for key, _label in one.choices}
