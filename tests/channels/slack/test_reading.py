"""Reading what Slack brings, as its documentation shows it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.channels.contract import Changed, Closed, Invited, Place, Reacted, Renamed, Speaker, TookBack, Unreadable, Wrote
from steward.channels.slack.reading import arrival_of, read
from steward.channels.slack.signs import name_of, sign_of
from steward.channels.slack.words import plain, written
from tests.channels.slack.events import account, event, message, tap
from tests.slack_server import BOT

DIRECT = {"channel": "D1", "channel_type": "im"}


def heard(payload):
    return read(account(), arrival_of(payload).raw)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        (f"<@{BOT}> help", "help"),
        (f"hey <@{BOT}|steward> help", "hey  help"),
        ("<@U2> and <@U3|iris>", "@U2 and @iris"),
        ("see <#C9|console> and <#C8>", "see #console and #C8"),
        ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
        ("<https://a.example|the log>", "the log (https://a.example)"),
        ("<https://a.example|https://a.example>", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@ops>", "@ops"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("2 < 3 and <no end", "2 < 3 and <no end"),
    ],
)
def test_words_are_read_as_they_are_shown(text, words):
    assert plain(text, bot=BOT) == words


@given(st.text())
def test_what_is_written_is_read_as_it_was_and_calls_nobody(words):
    assert "<" not in written(words)
    assert plain(written(words), bot=BOT) == words.strip()


def test_a_message_to_the_desk_in_a_channel_and_one_that_is_not():
    (to_desk,) = heard(message(f"<@{BOT}> it is slow"))
    assert to_desk == Wrote("C1:1700000000.000100", Place("C1"), Speaker("U1"), "it is slow", addressed=True)
    (aside,) = heard(message("lunch?"))
    assert not aside.addressed


def test_a_reply_in_a_thread_and_one_in_a_private_chat():
    (inside,) = heard(message("more", thread_ts="1690000000.000001"))
    assert (inside.place, inside.reply_to) == (Place("C1", "C1:1690000000.000001"), "")
    (root,) = heard(message("root", thread_ts="1700000000.000100"))
    assert root.place == Place("C1")
    (private,) = heard(message("more", thread_ts="1690000000.000001", **DIRECT))
    assert (private.place, private.reply_to, private.addressed) == (Place("D1", direct=True), "D1:1690000000.000001", True)


@pytest.mark.parametrize("machine", [{"bot_id": "B1"}, {"subtype": "bot_message", "bot_id": "B1", "user": None}, {"user": BOT}])
def test_machines_are_known(machine):
    (said,) = heard(message("beep", **machine))
    assert said.speaker.is_bot


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "message_replied", "pinned_item", "assistant_app_thread"])
def test_what_a_channel_tells_of_itself_is_nothing(subtype):
    assert heard(message("joined", subtype=subtype)) == []


def test_files_are_named_and_what_is_no_file_is_left_out():
    files = [
        {"id": "F1", "name": "a.png", "size": 3, "mode": "hosted", "url_private_download": "https://files.slack.com/a.png"},
        {"id": "F2", "mode": "tombstone"},
        {"id": "F3", "name": "b.txt", "mode": "hosted", "file_access": "check_file_info"},
    ]
    (said,) = heard(message("", subtype="file_share", files=files))
    assert [(one.reference, one.name, one.size) for one in said.files] == [
        ("https://files.slack.com/a.png", "a.png", 3),
        ("id:F3", "b.txt", 0),
    ]


def test_an_edit_a_preview_and_what_is_taken_back():
    new = {"user": "U1", "ts": "1700000000.000100", "text": "now", "edited": {"user": "U1", "ts": "1.1"}}
    change = message(subtype="message_changed", ts="1700000009.000100", message=new, previous_message={**new, "text": "secret"})
    assert "secret" not in json.dumps(arrival_of(change).raw)
    assert heard(change) == [Changed("Ev1", "C1:1700000000.000100", Place("C1"), Speaker("U1"), "now")]
    preview = {key: value for key, value in new.items() if key != "edited"}
    assert heard(message(subtype="message_changed", message=preview, previous_message=preview)) == []
    gone = message(subtype="message_deleted", deleted_ts="1700000000.000100", previous_message={**new, "text": "secret"})
    assert "secret" not in json.dumps(arrival_of(gone).raw)
    assert heard(gone) == [TookBack("C1:1700000000.000100", Place("C1"), Speaker("U1"))]
    empty = {"subtype": "tombstone", "ts": "1700000000.000100", "text": "This message was deleted."}
    assert heard(message(subtype="message_changed", message=empty, previous_message=new)) == [
        TookBack("C1:1700000000.000100", Place("C1"), Speaker("U1"))
    ]


def test_reactions_and_taps():
    item = {"type": "message", "channel": "C1", "ts": "1700000000.000100"}
    reacted = event("reaction_added", user="U1", reaction="ticket", item=item)
    assert heard(reacted) == [Reacted("Ev1", "C1:1700000000.000100", Place("C1"), Speaker("U1"), "🎫")]
    assert heard(event("reaction_added", user=BOT, reaction="eyes", item=item)) == []
    assert heard(event("reaction_added", user="U1", reaction="x", item={"type": "file", "file": "F1"})) == []
    kept = arrival_of(tap("no"))
    assert "secret" not in json.dumps(kept.raw)
    assert "Is it fixed?" not in json.dumps(kept.raw)
    assert (kept.event_id, kept.thread_key) == ("13345.98", "C1")
    assert read(account(), kept.raw) == [Reacted("13345.98", "C1:1700000000.000200", Place("C1"), Speaker("U1"), "no")]
    assert heard(tap(actions=[])) == []


def test_signs():
    assert [sign_of(one) for one in ("white_check_mark", "+1::skin-tone-3", "ticket", "parrot")] == ["✅", "👍", "🎫", ":parrot:"]
    assert sign_of("helpme", ticket=":helpme:") == "🎫"
    assert sign_of("ticket", ticket="helpme") == ":ticket:"
    assert name_of("✅") == "white_check_mark"


def test_chats_come_and_go_and_people_are_renamed():
    assert heard(event("app_home_opened", user="U1", channel="D1", tab="messages")) == [
        Invited("entered:D1", Place("D1", direct=True), Speaker("U1"))
    ]
    assert heard(event("app_home_opened", user="U1", channel="D1", tab="home")) == []
    assert heard(event("member_joined_channel", user=BOT, channel="C1", inviter="U1")) == [
        Invited("Ev1", Place("C1"), Speaker("U1"))
    ]
    assert heard(event("member_joined_channel", user="U2", channel="C1")) == []
    for kind in ("channel_left", "group_left", "channel_deleted", "channel_archive"):
        assert heard(event(kind, channel="C1")) == [Closed("Ev1", Place("C1"), kind)]
    person = {"id": "U1", "name": "mara", "profile": {"display_name": "", "real_name": "Mara Lind"}}
    assert heard(event("user_change", user=person)) == [Renamed("U1:Mara Lind", Speaker("U1", name="Mara Lind"))]
    assert heard(event("team_join", user=person)) == []


def test_the_bot_is_known_by_what_comes_along_where_it_is_not_set():
    (said,) = read(account(settings={"bot_user_id": ""}), message(f"<@{BOT}> hi"))
    assert said.addressed


@pytest.mark.parametrize(
    "wrong",
    [{}, {"type": "event_callback"}, {"type": "event_callback", "event_id": "E", "event": []}, event("message"), message(ts=None),
     event("reaction_added", user="U1", reaction="x", item={"type": "message"}), event("app_home_opened", tab="messages")],
)  # fmt: skip
def test_what_is_none_of_slacks_is_unreadable(wrong):
    with pytest.raises(Unreadable):
        read(account(), wrong)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "channel",
    "user",
    "ts",
    "text",
    "subtype",
    "files",
    "message",
    "previous_message",
    "item",
    "thread_ts",
    "edited",
    "inviter",
    "tab",
)


@given(
    st.sampled_from(["message", "reaction_added", "member_joined_channel", "user_change", "app_home_opened", "channel_left"]),
    st.dictionaries(st.sampled_from(KEYS), JSON),
)
def test_whatever_stands_in_an_event_it_is_read_or_unreadable(kind, inner):
    payload = event(kind, **inner)
    with contextlib.suppress(Unreadable):
        read(account(), arrival_of(payload).raw)
