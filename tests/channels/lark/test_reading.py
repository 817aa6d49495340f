"""What an event of Lark says."""

import pytest

from steward.channels.contract import Closed, Garbled, Invited, Place, Reacted, Speaker, TookBack, Unreadable
from steward.channels.lark.carrier import Lark
from tests.channels.lark.events import account, event, message

DESK = {"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "Steward"}
TOM = {"key": "@_user_10", "id": {"open_id": "ou_tom"}, "name": "Tom"}


def read(raw, **settings):
    return Lark().read(account(settings=settings), raw)


def test_naming_the_desk_in_a_group_is_said_to_it_without_its_name():
    (said,) = read(message({"text": "@_user_1 ask @_user_10 too"}, mentions=[DESK, TOM]))
    assert (said.body, said.addressed, said.place, said.speaker.vendor_id) == ("ask @Tom too", True, Place("oc_1"), "ou_mara")
    assert not read(message({"text": "@_user_10 hello"}, mentions=[TOM]))[0].addressed


def test_a_private_chat_is_direct_and_a_reply_names_what_it_answers():
    (said,) = read(message({"text": "hi"}, chat_type="p2p", root_id="om_0", parent_id="om_9", thread_id="omt_1"))
    assert (said.addressed, said.place, said.reply_to) == (True, Place("oc_1", direct=True), "om_9")


def test_a_thread_is_its_root_and_a_plain_reply_is_not_in_one():
    (said,) = read(message({"text": "more"}, root_id="om_0", parent_id="om_0", thread_id="omt_1"))
    assert (said.place, said.reply_to) == (Place("oc_1", "om_0"), "")
    (said,) = read(message({"text": "more"}, root_id="om_0", parent_id="om_5"))
    assert (said.place, said.reply_to) == (Place("oc_1"), "om_5")


def test_a_post_keeps_its_words_links_names_and_pictures():
    line = [
        {"tag": "text", "text": "see "},
        {"tag": "a", "text": "log", "href": "https://x.y"},
        {"tag": "at", "user_id": "@_user_10"},
    ]
    (said,) = read(message({"title": "Slow", "content": [line, [{"tag": "img", "image_key": "img_1"}]]}, "post", mentions=[TOM]))
    assert said.body == "Slow\nsee log (https://x.y)@Tom"
    assert [(file.reference, file.name) for file in said.files] == [("om_1/image/img_1", "img_1.png")]


@pytest.mark.parametrize(
    ("kind", "content", "reference"),
    [
        ("image", {"image_key": "img_1"}, "om_1/image/img_1"),
        ("file", {"file_key": "f1", "file_name": "a.txt"}, "om_1/file/f1"),
        ("audio", {"file_key": "f1", "duration": 2000}, "om_1/file/f1"),
        ("media", {"file_key": "f1", "image_key": "i", "file_name": "a.mp4"}, "om_1/file/f1"),
    ],
)
def test_files_are_named_by_their_message(kind, content, reference):
    assert read(message(content, kind))[0].files[0].reference == reference


def test_what_cannot_be_read_is_told_in_private_only():
    assert isinstance(read(message({"topic": "x"}, "vote", chat_type="p2p"))[0], Garbled)
    assert read(message({"topic": "x"}, "vote")) == []


def test_machines_are_known():
    assert read(message({"text": "beep"}, sender_type="app"))[0].speaker.is_bot


def test_taking_back_reactions_taps_and_chats():
    assert read(event("im.message.recalled_v1", {"message_id": "om_1", "chat_id": "oc_1"})) == [
        TookBack("om_1", Place("oc_1"), Speaker(""))
    ]
    reaction = {
        "message_id": "om_1",
        "reaction_type": {"emoji_type": "Pin"},
        "operator_type": "user",
        "user_id": {"open_id": "ou_mara"},
    }
    assert read(event("im.message.reaction.created_v1", reaction)) == [Reacted("e1", "om_1", Place(""), Speaker("ou_mara"), "🎫")]
    assert read(event("im.message.reaction.created_v1", reaction), ticket_reaction="OnIt")[0].sign == "Pin"
    tap = {
        "operator": {"open_id": "ou_mara"},
        "action": {"value": {"answer": "yes"}},
        "context": {"open_message_id": "om_2", "open_chat_id": "oc_1"},
    }
    assert read(event("card.action.trigger", tap)) == [Reacted("e1", "om_2", Place("oc_1"), Speaker("ou_mara"), "yes")]
    member = {"chat_id": "oc_1", "operator_id": {"open_id": "ou_mara"}}
    assert isinstance(read(event("im.chat.member.bot.added_v1", member))[0], Invited)
    assert read(event("im.chat.member.bot.deleted_v1", member)) == [Closed("e1", Place("oc_1"), "removed")]
    assert read(event("im.chat.disbanded_v1", member)) == [Closed("e1", Place("oc_1"), "disbanded")]
    assert read(event("im.message.message_read_v1", {"reader": {}})) == []


@pytest.mark.parametrize(
    "raw", [{}, {"header": 1, "event": {}}, event("im.message.receive_v1", {}), message("no object"), {"uuid": "v1", "event": {}}]
)
def test_what_lark_does_not_send_is_parked(raw):
    with pytest.raises(Unreadable):
        read(raw)
