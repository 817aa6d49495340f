"""Carrying out to a strict stand-in of the vendor's API, and asking it."""

import time
from collections.abc import Iterator

import pytest

from steward.channels.contract import Later, Parcel, Place, Refused, RemoteFile, Speaker
from steward.channels.slack.carrier import Slack
from tests.channels.slack.events import account
from tests.slack_server import BOT, SECRET, Workspace


@pytest.fixture
def space() -> Iterator[Workspace]:
    space = Workspace()
    for number, direct in (("C1", False), ("D1", True)):
        space.channels[number] = {
            "id": number, "is_im": direct, "is_mpim": False, "is_private": False, "has_desk": True, "messages": {}
        }  # fmt: skip
    space.people["U1"] = {"id": "U1", "name": "mara", "profile": {"display_name": "Mara", "email": "mara@example.com"}}
    yield space
    space.stop()


HERE = Place("C1")


def at(space: Workspace, **more):
    return account(settings={"api_url": space.api, **more})


def say(space: Workspace, channel: str = "C1", **more) -> str:
    ts = space.instant()
    space.channels[channel]["messages"][ts] = {"type": "message", "ts": ts, "user": "U1", "text": "hi", **more}
    return ts


def stands(space: Workspace, channel: str = "C1") -> list[dict]:
    return sorted(space.channels[channel]["messages"].values(), key=lambda one: one["ts"])


def test_words_are_carried_as_they_are_and_call_nobody(space):
    name = Slack().carry(at(space), Parcel("m1", "text", HERE, text="<!channel> *now* & <@U1>", author="Ada"))
    (one,) = stands(space)
    assert name == f"C1:{one['ts']}"
    assert one["text"] == "Ada: &lt;!channel&gt; *now* &amp; &lt;@U1&gt;"


def test_what_was_tried_before_is_looked_for_and_stands_there_once(space):
    parcel = Parcel("m1", "text", HERE, text="It is fixed.")
    first = Slack().carry(at(space), parcel)
    for _other in range(120):
        say(space)
    again = Parcel("m1", "text", HERE, text="It is fixed.", sent_before=True)
    assert Slack().carry(at(space), again) == first
    other = Parcel("m2", "text", HERE, text="It is fixed.", sent_before=True)
    assert Slack().carry(at(space), other) != first
    assert sum(one["text"] == "It is fixed." for one in stands(space)) == 2


def test_in_a_thread_it_is_looked_for_there_and_in_a_private_chat_everything_is_flat(space):
    root = say(space)
    place = Place("C1", f"C1:{root}")
    first = Slack().carry(at(space), Parcel("m1", "text", place, text="yes"))
    assert Slack().carry(at(space), Parcel("m1", "text", place, text="yes", sent_before=True)) == first
    assert [one.get("thread_ts") for one in stands(space) if one["text"] == "yes"] == [root]
    asked = say(space, "D1")
    Slack().carry(at(space), Parcel("m2", "text", Place("D1", f"D1:{asked}", direct=True), text="yes"))
    assert "thread_ts" not in stands(space, "D1")[-1]


def test_a_question_has_buttons(space):
    answers = (("yes", "Yes, it is fixed"), ("no", "No, not yet"))
    Slack().carry(at(space), Parcel("m1", "text", HERE, text="Is it fixed?", answers=answers))
    section, actions = stands(space)[-1]["blocks"]
    assert section["text"] == {"type": "plain_text", "text": "Is it fixed?", "emoji": False}
    assert [(one["value"], one["text"]["text"]) for one in actions["elements"]] == list(answers)


def test_a_long_text_arrives_whole_in_pieces_each_once(space):
    text = "步骤。 " * 6_000
    Slack().carry(at(space), Parcel("m1", "text", HERE, text=text))
    count = len(stands(space))
    assert count > 2
    assert "".join(one["text"] for one in stands(space)) == text
    space.channels["C1"]["messages"].pop(stands(space)[-1]["ts"])
    Slack().carry(at(space), Parcel("m1", "text", HERE, text=text, sent_before=True))
    assert "".join(one["text"] for one in stands(space)) == text


def test_a_long_question_keeps_its_buttons_under_its_end(space):
    name = Slack().carry(at(space), Parcel("m1", "text", HERE, text="Is it? " * 1_000, answers=(("yes", "Yes"),)))
    assert name == f"C1:{stands(space)[-1]['ts']}"
    assert [("blocks" in one) for one in stands(space)] == [False, False, True]


def test_a_file_is_put_there_once(space):
    parcel = Parcel("f1", "file", HERE, file_name="日志.txt", media_type="text/plain", content=b"log")
    Slack().carry(at(space), parcel)
    Slack().carry(at(space), Parcel("f1", "file", HERE, file_name="日志.txt", content=b"log", sent_before=True))
    (one,) = stands(space)
    assert space.contents[one["files"][0]["id"]] == b"log"
    with pytest.raises(Refused):
        Slack().carry(at(space), Parcel("f2", "file", HERE, file_name="empty", content=b""))


def test_a_reaction_and_one_that_stands_there(space):
    ts = say(space)
    for _time in range(2):
        Slack().carry(at(space), Parcel("r1", "reaction", HERE, target=f"C1:{ts}", sign="👀"))
    assert stands(space)[-1]["signs"] == ["eyes"]
    with pytest.raises(Refused):
        Slack().carry(at(space), Parcel("r2", "reaction", HERE, target=f"C1:{ts}", sign="🦜"))


@pytest.mark.parametrize(
    ("answer", "seconds", "only_here"),
    [
        ((429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}), 7, True),
        ((200, {"ok": False, "error": "internal_error"}, {}), None, False),
        ((200, {"ok": False, "error": "token_revoked"}, {}), None, False),
        ((200, {"ok": False, "error": "missing_scope", "needed": "chat:write"}, {}), None, False),
        ((503, b"oh no", {}), None, False),
        ((200, b"<html>", {}), None, False),
        ((200, [], {}), None, False),
    ],
)
def test_what_passes_or_can_be_set_right_is_tried_later(space, answer, seconds, only_here):
    space.fails.append(answer)
    with pytest.raises(Later) as later:
        Slack().carry(at(space), Parcel("m1", "text", HERE, text="hi"))
    assert (later.value.seconds, later.value.only_here) == (seconds, only_here)


def test_what_never_passes_is_refused(space):
    with pytest.raises(Refused, match="channel_not_found"):
        Slack().carry(at(space), Parcel("m1", "text", Place("C9"), text="hi"))
    space.channels["C1"]["has_desk"] = False
    with pytest.raises(Refused, match="not_in_channel"):
        Slack().carry(at(space), Parcel("m1", "text", HERE, text="hi"))


def test_nobody_there_is_later():
    with pytest.raises(Later):
        Slack().carry(account(settings={"api_url": "http://127.0.0.1:9/api"}), Parcel("m1", "text", HERE, text="hi"))


def test_a_file_is_fetched_and_its_token_shown_to_nobody_else(space):
    file = space.add_file("a.txt", b"12345")
    fetch = lambda reference, most=10: Slack().fetch(at(space), RemoteFile(reference, "a.txt"), most=most)
    assert fetch(file["url_private_download"]) == b"12345"
    assert fetch(f"id:{file['id']}") == b"12345"
    with pytest.raises(Refused, match="larger"):
        fetch(file["url_private_download"], 4)
    for elsewhere in (
        "https://files.example/a.txt",
        "https://slack.com.example/a",
        "http://files.slack.com/a",
        "ftp://x",
        "//x",
        "",
    ):
        with pytest.raises(Refused):
            fetch(elsewhere)
    space.contents.clear()
    with pytest.raises(Refused):
        fetch(file["url_private_download"])


def test_who_may_not_have_a_file_is_shown_a_page_and_that_is_no_file(space):
    file = space.add_file("a.txt", b"12345")
    other = account(settings={"api_url": space.api}, secrets={"bot_token": "xoxb-other"})
    with pytest.raises(Refused):
        Slack().fetch(other, RemoteFile(file["url_private_download"], "a.txt"), most=10)


def test_people_and_threads(space):
    found = Slack().profile(at(space), Speaker("U1"))
    assert (found.name, found.email) == ("Mara", "mara@example.com")
    assert Slack().profile(at(space), Speaker("U9")) == Speaker("U9")
    space.people["U1"]["is_stranger"] = True
    assert Slack().profile(at(space), Speaker("U1")).email == ""
    root = say(space, text=f"<@{BOT}> slow")
    replies = [say(space, text=f"reply {number}", thread_ts=root) for number in range(3)]
    for asked in (root, replies[1]):
        told = Slack().history(at(space), HERE, f"C1:{asked}")
        assert [one.body for one in told] == ["slow", "reply 0", "reply 1", "reply 2"]
    assert {one.place.root_id for one in told[1:]} == {f"C1:{root}"}
    with pytest.raises(Refused):
        Slack().history(at(space), HERE, "C1:1.000001")


def test_after_a_gap_what_was_said_in_it_is_taken_from_the_histories(space):
    carrier, called = Slack(), at(space, mode="http")
    old = say(space, text="old root")
    space.channels["C1"]["messages"][old]["ts"] = old
    arrivals, cursor = carrier.catch_up(called, "")
    assert (arrivals, float(cursor) > time.time() - 60) == ((), True)
    assert carrier.catch_up(called, cursor)[0] == ()
    reply = say(space, text="in the thread", thread_ts=old)
    new, private = say(space, text="new"), say(space, "D1", text="private")
    say(space, bot_id="B1", text="a machine")
    space.channels["C2"] = {"id": "C2", "is_im": False, "is_mpim": False, "is_private": True, "has_desk": False, "messages": {}}
    arrivals, _cursor = carrier.catch_up(called, str(time.time() - 200))
    assert {one.event_id for one in arrivals} == {
        *(f"missed:C1:{ts}" for ts in (old, reply, new)), f"missed:D1:{private}"
    }  # fmt: skip
    heard = {one.event_id: carrier.read(called, one.raw)[0] for one in arrivals}
    assert heard[f"missed:C1:{reply}"].place.root_id == f"C1:{old}"
    assert heard[f"missed:D1:{private}"].place.direct


def test_the_check_says_what_is_wrong(space):
    carrier = Slack()
    assert carrier.check(at(space)) == ""
    assert carrier.check(at(space, mode="http")) == ""
    space.scopes = "chat:write"
    assert "files:read" in carrier.check(at(space))
    space.scopes = ""
    assert BOT in carrier.check(at(space, bot_user_id=""))
    assert "T0DESK" in carrier.check(at(space, team_id="T0OTHER"))
    wrong = account(settings={"api_url": space.api, "mode": "http"}, secrets={"signing_secret": ""})
    assert SECRET not in carrier.check(wrong)
    assert "signing" in carrier.check(wrong)
    assert "invalid_auth" in carrier.check(account(settings={"api_url": space.api}, secrets={"app_token": "xapp-other"}))
