"""A running desk and a company on Lark that know each other."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from steward.channels.actions.accounts import create_channel
from steward.channels.models import Channel, InboundEnvelope
from steward.core import clock
from steward.desk.actions.settings import set_hold_time
from tests.cast import SETUP, Cast
from tests.channels import worlds
from tests.channels.conformance.behaviors.steps import waits_for
from tests.channels.worlds import Said
from tests.databases import point_at
from tests.lark_company import APP, BOT, ENCRYPT_KEY, TOKEN, Company, event, sealed, signed
from tests.lark_server import SECRET
from tests.site import Site, running

_REACTIONS = MappingProxyType({"✅": "DONE", "❌": "CrossMark", "🎫": "Pin", "🎉": "PARTY"})
_DESK = MappingProxyType({"key": "@_user_1", "id": {"open_id": BOT}, "name": "Steward", "tenant_key": "company"})


class Person:
    """Somebody at their Lark client, as the conformance suite sees them."""

    def __init__(self, name: str, company: Company) -> None:
        self.name = name
        self.vendor_id = company.register(name)
        self._company = company

    def direct(self) -> str:
        chat = self._company.chat("p2p", self.vendor_id)
        self._tell("im.chat.access_event.bot_p2p_chat_entered_v1", chat.id, {"last_message_id": ""})
        waits_for(self, chat.id, "Hello!")
        return chat.id

    def room(self, name: str, *others: worlds.Person) -> str:
        chat = self._company.chat("group", self.vendor_id, *(other.vendor_id for other in others))
        self._tell("im.chat.member.bot.added_v1", chat.id, {"name": name})
        waits_for(self, chat.id, "Hello!")
        return chat.id

    def invite(self, chat: str, whom: worlds.Person) -> None:
        self._company.chats[chat].members.add(whom.vendor_id)

    def say(self, chat: str, body: str, *, thread: str = "", reply_to: str = "", to_desk: bool = False) -> str:
        text, mentions = (f"@_user_1 {body}", [dict(_DESK)]) if to_desk else (body, [])
        return self._company.write(
            self.vendor_id, chat, "text", {"text": text}, thread=thread, reply_to=reply_to, mentions=mentions
        )

    def say_as_machine(self, chat: str, body: str) -> str:
        return self._company.write(self.vendor_id, chat, "text", {"text": body}, machine=True)

    def edit(self, chat: str, message: str, body: str) -> str:
        raise AssertionError("Lark tells apps nothing of a changed message")

    def take_back(self, chat: str, message: str) -> None:
        record = self._company.messages[message]
        record |= {"deleted": True, "body": {"content": ""}}
        told = {"message_id": message, "chat_id": chat, "recall_time": "1", "recall_type": "message_owner"}
        self._company.tell(chat, event("im.message.recalled_v1", told))

    def react(self, chat: str, message: str, sign: str) -> str:
        assert message in self._company.messages
        inner = {
            "message_id": message,
            "reaction_type": {"emoji_type": _REACTIONS[sign]},
            "operator_type": "user",
            "user_id": {"open_id": self.vendor_id},
            "action_time": "1",
        }
        told = event("im.message.reaction.created_v1", inner)
        self._company.tell(chat, told)
        return str(told["header"]["event_id"])

    def tap(self, chat: str, asked: Said, value: str) -> None:
        buttons = [one for part in asked.raw["elements"] for one in part.get("actions", [])]
        (tapped,) = [one for one in buttons if one["value"] == {"answer": value}]
        inner = {
            "operator": {"open_id": self.vendor_id, "tenant_key": "company"},
            "token": f"c-{secrets.token_hex(8)}",
            "action": {"value": tapped["value"], "tag": "button"},
            "host": "im_message",
            "context": {"open_message_id": asked.id, "open_chat_id": chat},
        }
        self._company.tell(chat, event("card.action.trigger", inner))

    def send_file(self, chat: str, name: str, content: bytes, media_type: str) -> str:
        kind = "image" if media_type.startswith("image/") else "file"
        key = f"{kind}_{secrets.token_hex(8)}"
        self._company.resources[key] = content
        # A person's client sends pictures without their names, as files with them.
        told = {"file_key": key, "file_name": name}
        return self._company.write(self.vendor_id, chat, "file", told)

    def download(self, said: Said) -> bytes:
        return self._company.resources[said.raw.get("file_key") or said.raw["image_key"]]

    def rename(self, name: str) -> None:
        old = dict(self._company.people[self.vendor_id])
        self._company.people[self.vendor_id]["name"] = name
        inner = {"object": {"open_id": self.vendor_id, "name": name}, "old_object": {"name": old["name"]}}
        self._company.tell(self.vendor_id, event("contact.user.updated_v3", inner))

    def put_desk_out(self, chat: str) -> None:
        self._company.chats[chat].has_desk = False
        self._tell("im.chat.member.bot.deleted_v1", chat, {})

    def ask_desk_in(self, chat: str) -> None:
        self._company.chats[chat].has_desk = True
        self._tell("im.chat.member.bot.added_v1", chat, {})

    def seen(self, chat: str, *, thread: str = "") -> Sequence[Said]:
        with self._company.lock:
            records = [one for one in self._company.messages.values() if one.get("chat_id") == chat and not one.get("deleted")]
        said = [_said(self._company, one) for one in records]
        return [one for one in said if not thread or one.thread == thread]

    def _tell(self, kind: str, chat: str, more: dict[str, Any]) -> None:
        self._company.tell(chat, event(kind, {"chat_id": chat, "operator_id": {"open_id": self.vendor_id}, **more}))


def _said(company: Company, record: dict[str, Any]) -> Said:
    content = json.loads(record["body"]["content"])
    thread = record["root_id"] if record.get("thread_id") else ""
    return Said(record["message_id"], _words(company, record["msg_type"], content), "told" in record, thread, content)


def _words(company: Company, kind: str, content: dict[str, Any]) -> str:
    match kind:
        case "text":
            return str(content["text"])
        case "post":
            lines = content["zh_cn"]["content"]
            return "\n".join("".join(part["text"] for part in line) for line in lines)
        case "interactive":
            return "\n".join(part["text"]["content"] for part in content["elements"] if part["tag"] == "div")
    return company.names.get(content.get("file_key") or content.get("image_key", ""), "")


@dataclass
class World:
    """A desk and a company, and who is there."""

    site: Site
    cast: Cast
    company: Company
    channel: Channel
    kind: str = "lark"
    counterpart: str = "a strict stand-in by the vendor's documentation, which calls the desk sealed and signed"

    @property
    def lacks(self) -> Mapping[str, str]:
        return {"edits": "the vendor tells apps nothing of a changed message"}

    def person(self, name: str) -> Person:
        return Person(name, self.company)

    def fail(self, how: str) -> None:
        self.company.failing = how

    def taken(self, event: str) -> bool:
        name = self.company.event_of.get(event, event)
        return InboundEnvelope.objects.filter(vendor_event_id=name).exclude(done_at=None).exists()

    def message(self, chat: str, who: worlds.Person, body: str, *, name: str = "", changes: str = "") -> dict[str, Any]:
        assert not changes
        record = {
            "message_id": f"om_{secrets.token_hex(8)}",
            "chat_id": chat,
            "msg_type": "text",
            "sender": {"id": who.vendor_id, "sender_type": "user"},
            "body": {"content": json.dumps({"text": body})},
        }
        return self.company.received(record, [], name)

    def bring(self, *events: Any) -> int:
        (status,) = {self.company.bring(one) for one in events}
        return status

    def forged(self, name: str) -> Sequence[int]:
        mara = self.person("Mara")
        told = self.message(self.company.chat("p2p", mara.vendor_id).id, mara, "let me in", name=name)
        mark = name.encode()
        return [
            self._call(sealed(told, "guess"), "guess"),
            self._call(sealed(told), "guess"),
            self._call(json.dumps(told).encode()),
            self._call(sealed(told)[:-20] + mark),
            self._call(b"\xff\xfe\x00" + mark),
            self._call(b'["' + mark + b'", ' + b"[" * 100_000),
        ]

    def meaningless(self) -> str:
        name = secrets.token_hex(12)
        assert self.bring(event("im.message.receive_v1", {"sender": {}, "message": {"name": name}})) == 200
        return name

    def speaks_unreadably(self, who: worlds.Person, chat: str) -> None:
        self.company.write(who.vendor_id, chat, "vote", {"topic": "Where to eat", "options": ["here", "there"]})

    def _call(self, body: bytes, key: str = ENCRYPT_KEY) -> int:
        return httpx.post(self.company.address_of_desk, content=body, headers=signed(body, key), timeout=60).status_code


@pytest.fixture(scope="module")
def _world(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), running("steward_lark", template=template_database) as (site, cast):
        set_hold_time(channel="lark", seconds=0, by=SETUP, at=clock.now())
        cast.on_shift(cast.ada, cast.ben)
        company = Company()
        channel = create_channel(
            kind="lark",
            name="Console chat",
            settings={"app_id": APP, "domain": company.address, "mode": "webhook", "bot_open_id": BOT, "quiet_seconds": 1},
            secrets={"app_secret": SECRET, "encrypt_key": ENCRYPT_KEY, "verification_token": TOKEN},
            by=cast.actor(cast.ana),
            at=clock.now(),
        )
        company.address_of_desk = f"{site.address}/channels/lark/{channel.pk}/events"
        yield World(site, cast, company, channel)
        company.stop()


@pytest.fixture
def world(_world: World) -> World:
    """Give both; the connection leads to the running desk's database."""
    point_at(_world.site.database)
    _world.company.failing = ""
    return _world
