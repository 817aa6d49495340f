"""Carrying out to a strict stand-in of the platform, and asking it."""

import json
from collections.abc import Iterator

import pytest

from steward.channels.contract import Later, Parcel, Place, Refused, RemoteFile, Speaker
from steward.channels.lark.carrier import Lark
from tests.channels.lark.events import account
from tests.lark_server import Platform

HERE = Place("oc_1")


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform()
    yield platform
    platform.stop()


def at(platform: Platform, **more):
    return account(settings={"domain": platform.address, **more})


def content(platform: Platform, name: str):
    return json.loads(platform.messages[name]["told"]["content"])


def test_the_same_parcel_arrives_once_and_calls_nobody(platform):
    parcel = Parcel("m1", "text", HERE, text='<at user_id="all"></at>\nyes', author="Ada")
    first, second = Lark().carry(at(platform), parcel), Lark().carry(at(platform), parcel)
    assert first == second
    assert len(platform.messages) == 1
    assert platform.messages[first]["told"]["msg_type"] == "post"
    assert [part["text"] for line in content(platform, first)["zh_cn"]["content"] for part in line] == [
        "Ada: ",
        '<at user_id="all"></at>',
        "yes",
    ]
    assert sum("tenant_access_token" in one for one in platform.asked) == 1


def test_a_question_has_buttons_and_stands_in_its_thread(platform):
    root = Lark().carry(at(platform), Parcel("m1", "text", HERE, text="root"))
    asked = Lark().carry(
        at(platform), Parcel("m2", "text", Place("oc_1", root), text="Fixed?", answers=(("yes", "Fixed"), ("no", "Not fixed")))
    )
    assert platform.messages[asked]["root_id"] == root
    assert platform.messages[asked]["told"]["reply_in_thread"] is True
    assert [one["value"] for one in content(platform, asked)["elements"][1]["actions"]] == [{"answer": "yes"}, {"answer": "no"}]


def test_a_long_text_arrives_whole_in_pieces(platform):
    text = "步骤。 " * 20_000
    Lark().carry(at(platform), Parcel("m1", "text", HERE, text=text))
    assert len(platform.messages) > 1
    told = "".join(
        part["text"] for name in platform.messages for line in content(platform, name)["zh_cn"]["content"] for part in line
    )
    assert told == text


def test_a_root_that_is_gone_is_a_refusal_in_a_group_and_passed_over_in_private(platform):
    with pytest.raises(Refused, match="230011"):
        Lark().carry(at(platform), Parcel("m1", "text", Place("oc_1", "om_gone"), text="x"))
    assert Lark().carry(at(platform), Parcel("m2", "text", Place("oc_1", "om_gone", direct=True), text="x")) == "om_1"


@pytest.mark.parametrize(
    ("fails", "seconds", "only_here"),
    [
        ((429, {"code": 99991400}, {"x-ogw-ratelimit-reset": "7"}), 7, False),
        ((400, {"code": 99991400, "msg": "frequency"}, {}), None, False),
        ((400, {"code": 230020, "msg": "frequency"}, {}), None, True),
        ((200, {"code": 11232, "msg": "tenant"}, {}), None, False),
        ((500, b"oh no", {}), None, False),
        ((200, b"<html>", {}), None, False),
    ],
)
def test_too_much_and_outages_are_reasons_to_wait(platform, fails, seconds, only_here):
    parcel = Parcel("m1", "text", HERE, text="x")
    platform.fails.append(fails)
    with pytest.raises(Later) as error:
        Lark().carry(at(platform), parcel)
    assert (error.value.seconds, error.value.only_here) == (seconds, only_here)
    assert Lark().carry(at(platform), parcel) == "om_1"


def test_a_token_that_is_over_is_renewed_once(platform):
    Lark().carry(at(platform), Parcel("m1", "text", HERE, text="x"))
    platform.tokens.clear()
    assert Lark().carry(at(platform), Parcel("m2", "text", HERE, text="y")) == "om_2"


def test_files_pictures_and_profiles(platform):
    for name, media_type, kind in [("a.png", "image/png", "image"), ("a.bin", "application/octet-stream", "file")]:
        sent = Lark().carry(at(platform), Parcel(name, "file", HERE, file_name=name, media_type=media_type, content=b"123"))
        assert platform.messages[sent]["told"]["msg_type"] == kind
    with pytest.raises(Refused):
        Lark().carry(at(platform), Parcel("e", "file", HERE, file_name="e"))
    platform.resources["img_1"] = b"x" * 100
    file = RemoteFile("om_1/image/img_1", "a.png")
    assert Lark().fetch(at(platform), file, most=100) == b"x" * 100
    with pytest.raises(Refused):
        Lark().fetch(at(platform), file, most=99)
    with pytest.raises(Refused, match="234003"):
        Lark().fetch(at(platform), RemoteFile("om_1/file/none", "a"), most=99)
    platform.people["ou_mara"] = {"name": "Mara", "enterprise_email": "mara@example.com"}
    assert Lark().profile(at(platform), Speaker("ou_mara")) == Speaker("ou_mara", "Mara", "mara@example.com")
    assert Lark().profile(at(platform), Speaker("ou_far")) == Speaker("ou_far")


def test_history_is_the_thread_from_its_root(platform):
    for place, (who, text) in enumerate([("user", "slow"), ("app", "beep"), ("user", "502")]):
        platform.messages[f"om_{place}"] = {
            "message_id": f"om_{place}",
            "root_id": "om_0" if place else "",
            "thread_id": "omt_1",
            "chat_id": "oc_1",
            "msg_type": "text",
            "sender": {"id": "ou_1", "sender_type": who},
            "body": {"content": json.dumps({"text": text})},
        }
    told = Lark().history(at(platform), Place(""), "om_2")
    assert [(one.body, one.speaker.is_bot, one.place) for one in told] == [
        ("slow", False, Place("oc_1")),
        ("beep", True, Place("oc_1", "om_0")),
        ("502", False, Place("oc_1", "om_0")),
    ]


def test_the_check_says_what_is_wrong(platform):
    assert Lark().check(at(platform)) == ""
    assert "ou_bot" in Lark().check(at(platform, bot_open_id=""))
    assert "10014" in Lark().check(at(platform, app_id="other"))
