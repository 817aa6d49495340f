"""A running desk and a company on Slack that know each other."""

import json
import re
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
from tests.site import Site, running
from tests.slack_company import Company, signed, wrapped
from tests.slack_server import BOT, BOT_ID, BOT_TOKEN, SECRET, TEAM

_NAMES = MappingProxyType({"✅": "white_check_mark", "❌": "x", "🎫": "ticket", "🎉": "tada"})


def _ts(message: str) -> str:
    return message.partition(":")[2]


def _written(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Person:
    """Somebody at their Slack client, as the conformance suite sees them."""

    def __init__(self, name: str, company: Company) -> None:
        self.name = name
        self.vendor_id = company.register(name)
        self._company = company

    def direct(self) -> str:
        chat = self._company.channel(direct=True)
        self._tell("app_home_opened", chat, {"user": self.vendor_id, "tab": "messages"})
        waits_for(self, chat, "Hello!")
        return chat

    def room(self, name: str, *others: worlds.Person) -> str:
        chat = self._company.channel()
        self.ask_desk_in(chat)
        waits_for(self, chat, "Hello!")
        return chat

    def invite(self, chat: str, whom: worlds.Person) -> None:
        self._tell("member_joined_channel", chat, {"user": whom.vendor_id, "inviter": self.vendor_id})

    def say(self, chat: str, body: str, *, thread: str = "", reply_to: str = "", to_desk: bool = False) -> str:
        text = f"<@{BOT}> {_written(body)}" if to_desk else _written(body)
        return f"{chat}:{self._company.write(self.vendor_id, chat, text, thread=_ts(thread or reply_to))}"

    def say_as_machine(self, chat: str, body: str) -> str:
        return f"{chat}:{self._company.write(self.vendor_id, chat, body, machine=True)}"

    def edit(self, chat: str, message: str, body: str) -> str:
        with self._company.lock:
            before = dict(self._company.channels[chat]["messages"][_ts(message)])
            after = {**before, "text": _written(body), "edited": {"user": self.vendor_id, "ts": self._company.instant()}}
            self._company.channels[chat]["messages"][_ts(message)] = after
        more = {"subtype": "message_changed", "hidden": True, "message": after, "previous_message": before}
        return self._tell("message", chat, {"ts": self._company.instant(), **more})

    def take_back(self, chat: str, message: str) -> None:
        with self._company.lock:
            before = self._company.channels[chat]["messages"].pop(_ts(message))
        more = {"subtype": "message_deleted", "hidden": True, "deleted_ts": before["ts"], "previous_message": before}
        self._tell("message", chat, {"ts": self._company.instant(), **more})

    def react(self, chat: str, message: str, sign: str) -> str:
        item = {"type": "message", "channel": chat, "ts": _ts(message)}
        told = wrapped({"type": "reaction_added", "user": self.vendor_id, "reaction": _NAMES[sign], "item_user": BOT, "item": item})
        self._company.tell(chat, told)
        return str(told["event_id"])

    def tap(self, chat: str, asked: Said, value: str) -> None:
        buttons = [one for block in asked.raw["blocks"] if block["type"] == "actions" for one in block["elements"]]
        (tapped,) = [one for one in buttons if one["value"] == value]
        container = {"type": "message", "message_ts": _ts(asked.id), "channel_id": chat, "is_ephemeral": False}
        told = {
            "type": "block_actions",
            "user": {"id": self.vendor_id, "team_id": TEAM},
            "api_app_id": "A0DESK",
            "token": "deprecated-token",
            "container": container,
            "trigger_id": secrets.token_hex(12),
            "team": {"id": TEAM, "domain": "company"},
            "channel": {"id": chat, "name": "console"},
            "message": {"type": "message", "ts": _ts(asked.id), "text": asked.text, "bot_id": BOT_ID},
            "response_url": "https://hooks.slack.com/actions/x",
            "actions": [{**tapped, "block_id": "b1", "action_ts": "1.000001"}],
        }
        self._company.tell(chat, told)

    def send_file(self, chat: str, name: str, content: bytes, media_type: str) -> str:
        file = self._company.add_file(name, content)
        return f"{chat}:{self._company.write(self.vendor_id, chat, '', files=[{**file, 'mimetype': media_type}])}"

    def download(self, said: Said) -> bytes:
        return self._company.contents[said.raw["files"][0]["id"]]

    def rename(self, name: str) -> None:
        person = self._company.people[self.vendor_id]
        person["profile"]["display_name"] = name
        self._company.tell(self.vendor_id, wrapped({"type": "user_change", "user": person}))

    def put_desk_out(self, chat: str) -> None:
        self._company.channels[chat]["has_desk"] = False
        self._tell("channel_left", chat, {"actor_id": self.vendor_id})

    def ask_desk_in(self, chat: str) -> None:
        self._company.channels[chat]["has_desk"] = True
        self._tell("member_joined_channel", chat, {"user": BOT, "inviter": self.vendor_id, "channel_type": "C"})

    def seen(self, chat: str, *, thread: str = "") -> Sequence[Said]:
        with self._company.lock:
            messages = sorted(self._company.channels[chat]["messages"].values(), key=lambda one: one["ts"])
        said = [_said(chat, one) for one in messages]
        return [one for one in said if not thread or one.thread == thread]

    def _tell(self, kind: str, chat: str, more: dict[str, Any]) -> str:
        direct = self._company.channels[chat]["is_im"]
        told = wrapped({"type": kind, "channel": chat, "channel_type": "im" if direct else "channel", **more})
        self._company.tell(chat, told)
        return str(told["event_id"])


def _said(chat: str, message: dict[str, Any]) -> Said:
    text = re.sub(r"<@(\w+)>", r"@\1", message["text"]).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = text or " ".join(file["name"] for file in message.get("files", ()))
    thread = message.get("thread_ts", "")
    return Said(f"{chat}:{message['ts']}", text, message.get("user") == BOT, f"{chat}:{thread}" if thread else "", message)


@dataclass
class World:
    """A desk and a company, and who is there."""

    site: Site
    cast: Cast
    company: Company
    channel: Channel
    kind: str = "slack"
    counterpart: str = "a strict stand-in by the vendor's documentation, which calls the desk signed"

    @property
    def lacks(self) -> Mapping[str, str]:
        return {"unreadable": "whatever is said there has words"}

    def person(self, name: str) -> Person:
        return Person(name, self.company)

    def fail(self, how: str) -> None:
        self.company.failing = how

    def taken(self, event: str) -> bool:
        name = self.company.event_of.get(event, event)
        return InboundEnvelope.objects.filter(vendor_event_id=name).exclude(done_at=None).exists()

    def message(self, chat: str, who: worlds.Person, body: str, *, name: str = "", changes: str = "") -> dict[str, Any]:
        ts = self._instants.setdefault(name or changes or secrets.token_hex(8), self.company.instant())
        message = {"type": "message", "user": who.vendor_id, "text": _written(body), "ts": ts, "team": TEAM}
        if changes:
            after = {**message, "edited": {"user": who.vendor_id, "ts": self.company.instant()}}
            event = {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": after,
                "ts": self.company.instant(),
            }
            return wrapped(self.company.event(chat, {**event, "previous_message": {**message, "text": "before"}}))
        return wrapped(self.company.event(chat, message), "" if not name else f"Ev{name}")

    @property
    def _instants(self) -> dict[str, str]:
        return self.__dict__.setdefault("_known", {})

    def bring(self, *events: Any) -> int:
        (status,) = {self.company.bring(one) for one in events}
        return status

    def forged(self, name: str) -> Sequence[int]:
        mara = self.person("Mara")
        body = json.dumps(self.message(self.company.channel(direct=True), mara, "let me in", name=name)).encode()
        other = json.dumps({**json.loads(body), "team_id": "T0OTHER"}).encode()
        mark = name.encode()
        return [
            self._call(body, signed(body, "guess")),
            self._call(body, signed(body, at=1_600_000_000)),
            self._call(body, {}),
            self._call(body + b" ", signed(body)),
            self._call(other, signed(other)),
            self._call(body[:-20], signed(body[:-20])),
            self._call(b"\xff\xfe\x00" + mark, signed(b"\xff\xfe\x00" + mark)),
            self._call(b'["' + mark + b'", ' + b"[" * 100_000, signed(b'["' + mark + b'", ' + b"[" * 100_000)),
        ]

    def meaningless(self) -> str:
        name = secrets.token_hex(12)
        assert self.bring(wrapped({"type": "message", "name": name})) == 200
        return name

    def speaks_unreadably(self, who: worlds.Person, chat: str) -> None:
        raise AssertionError("whatever is said on Slack has words")

    def _call(self, body: bytes, headers: dict[str, str]) -> int:
        return httpx.post(self.company.address_of_desk, content=body, headers=headers, timeout=60).status_code


@pytest.fixture(scope="module")
def _world(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), running("steward_slack", template=template_database) as (site, cast):
        set_hold_time(channel="slack", seconds=0, by=SETUP, at=clock.now())
        cast.on_shift(cast.ada, cast.ben)
        company = Company()
        channel = create_channel(
            kind="slack",
            name="Console chat",
            settings={"mode": "http", "api_url": company.api, "team_id": TEAM, "bot_user_id": BOT, "quiet_seconds": 1},
            secrets={"bot_token": BOT_TOKEN, "signing_secret": SECRET},
            by=cast.actor(cast.ana),
            at=clock.now(),
        )
        company.address_of_desk = f"{site.address}/channels/slack/{channel.pk}/events"
        yield World(site, cast, company, channel)
        company.stop()


@pytest.fixture
def world(_world: World) -> World:
    """Give both; the connection leads to the running desk's database."""
    point_at(_world.site.database)
    _world.company.failing = ""
    return _world
