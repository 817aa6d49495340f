"""A running desk and a running homeserver that know each other."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from steward.channels.actions.accounts import create_channel
from steward.channels.models import Channel, InboundEnvelope
from steward.core import clock
from steward.desk.actions.settings import set_hold_time
from tests.between import Between
from tests.cast import SETUP, Cast
from tests.channels.conformance.behaviors.steps import waits_for
from tests.channels.worlds import Said
from tests.databases import point_at
from tests.homeserver import BOT, NAME, Homeserver, served
from tests.homeserver import Person as Client
from tests.site import Site, running

_SIGNS = {"yes": "✅", "no": "❌"}


class Person:
    """Somebody at their Matrix client, as the conformance suite sees them."""

    def __init__(self, name: str, client: Client) -> None:
        self.name = name
        self.vendor_id = client.user_id
        self.client = client

    def direct(self) -> str:
        chat = self.client.direct()
        waits_for(self, chat, "Hello!")
        return chat

    def room(self, name: str, *others: "Person") -> str:
        room = self.client.room(name, BOT, *(other.vendor_id for other in others))
        for other in others:
            other.client.join(room)
        waits_for(self, room, "Hello!")
        return room

    def invite(self, chat: str, whom: "Person") -> None:
        self.client.ask("POST", f"/rooms/{quote(chat)}/invite", json={"user_id": whom.vendor_id})
        whom.client.join(chat)

    def say(self, chat: str, body: str, *, thread: str = "", reply_to: str = "", to_desk: bool = False) -> str:
        named = {"m.mentions": {"user_ids": [BOT]}} if to_desk else {}
        return self.client.say(chat, f"{BOT}: {body}" if to_desk else body, thread=thread, reply_to=reply_to, **named)

    def say_as_machine(self, chat: str, body: str) -> str:
        return self.client.put(chat, "m.room.message", {"msgtype": "m.notice", "body": body})

    def edit(self, chat: str, message: str, body: str) -> str:
        return self.client.edit(chat, message, body)

    def take_back(self, chat: str, message: str) -> None:
        self.client.take_back(chat, message)

    def react(self, chat: str, message: str, sign: str) -> str:
        return self.client.react(chat, message, sign)

    def tap(self, chat: str, asked: Said, value: str) -> None:
        # The desk has put each sign under its question: tapping one is giving it, too.
        self.client.react(chat, asked.id, _SIGNS[value])

    def send_file(self, chat: str, name: str, content: bytes, media_type: str) -> str:
        return self.client.send_file(chat, name, content, media_type)

    def download(self, said: Said) -> bytes:
        return self.client.download(said.raw["content"]["url"])

    def rename(self, name: str) -> None:
        self.client.ask("PUT", f"/profile/{quote(self.vendor_id)}/displayname", json={"displayname": name})

    def put_desk_out(self, chat: str) -> None:
        self.client.ask("POST", f"/rooms/{quote(chat)}/kick", json={"user_id": BOT})

    def ask_desk_in(self, chat: str) -> None:
        self.client.ask("POST", f"/rooms/{quote(chat)}/invite", json={"user_id": BOT})

    def seen(self, chat: str, *, thread: str = "") -> Sequence[Said]:
        said = [_said(one) for one in self.client.events(chat) if one["type"] == "m.room.message" and "body" in one["content"]]
        return [one for one in said if not thread or one.thread == thread]


def _said(event: dict[str, Any]) -> Said:
    content = event["content"]
    root = content.get("m.relates_to", {}).get("event_id", "")
    return Said(event["event_id"], str(content["body"]), event["sender"] == BOT, root, event)


@dataclass
class World:
    """A desk and a homeserver, and who is there."""

    site: Site
    cast: Cast
    server: Homeserver
    channel: Channel
    between: Between
    kind: str = "matrix"
    counterpart: str = "a real server: Synapse 1.163.2"

    @property
    def lacks(self) -> Mapping[str, str]:
        return {}

    def person(self, name: str) -> Person:
        return Person(name, self.server.person(name))

    def fail(self, how: str) -> None:
        self.between.fails = how

    def taken(self, event: str) -> bool:
        return InboundEnvelope.objects.filter(vendor_event_id=event).exclude(done_at=None).exists()

    def message(self, chat: str, who: Person, body: str, *, name: str = "", changes: str = "") -> dict[str, Any]:
        content: dict[str, Any] = {"msgtype": "m.text", "body": body}
        if changes:
            content |= {"m.new_content": {"body": body}, "m.relates_to": {"rel_type": "m.replace", "event_id": f"${changes}"}}
        return {
            "type": "m.room.message",
            "event_id": f"${name or secrets.token_hex(12)}",
            "room_id": chat,
            "sender": who.vendor_id,
            "origin_server_ts": int(time.time() * 1000),
            "content": content,
        }

    def bring(self, *events: Any) -> int:
        return self._call(json.dumps({"events": list(events)}).encode())

    def forged(self, name: str) -> Sequence[int]:
        said, mark = self.message("!a:b", self.person("Mara"), "let me in", name=name), name.encode()
        return [
            self._call(json.dumps({"events": [said]}).encode(), token="guess"),
            self._call(b'{"events": [{"event_id": "$' + mark + b'", "type": "m.room.mess'),
            self._call(b"\xff\xfe\x00" + mark),
            self._call(b'{"events": ["' + mark + b'", ' + b"[" * 100_000),
        ]

    def meaningless(self) -> str:
        name = secrets.token_hex(12)
        event = {"event_id": f"${name}", "type": "m.room.message", "content": "no object", "room_id": "!x:y", "sender": "@z:y"}
        assert self.bring(event) == 200
        return name

    def speaks_unreadably(self, who: Person, chat: str) -> None:
        told = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s", "device_id": "d"}
        who.client.put(chat, "m.room.encrypted", told)

    def _call(self, body: bytes, *, token: str = "") -> int:
        path = f"/channels/matrix/{self.channel.pk}/_matrix/app/v1/transactions/{secrets.token_hex(6)}"
        headers = {"Authorization": f"Bearer {token or self.server.hs_token}"}
        return httpx.put(f"{self.site.address}{path}", content=body, headers=headers, timeout=60).status_code


@pytest.fixture(scope="module")
def _world(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("synapse")
    with django_db_blocker.unblock(), running("steward_matrix", template=template_database) as (site, cast):
        set_hold_time(channel="matrix", seconds=0, by=SETUP, at=clock.now())
        cast.on_shift(cast.ada, cast.ben)
        made: list[Channel] = []

        fronts: list[Between] = []

        def desk(server: Homeserver) -> str:
            fronts.append(Between(server.address))
            channel = create_channel(
                kind="matrix",
                name="Console chat",
                settings={"homeserver_url": fronts[0].address, "server_name": NAME, "bot": "steward", "quiet_seconds": 1},
                secrets={"as_token": server.as_token, "hs_token": server.hs_token},
                by=cast.actor(cast.ana),
                at=clock.now(),
            )
            made.append(channel)
            return f"{site.address}/channels/matrix/{channel.pk}"

        with served(folder, desk) as server:
            yield World(site, cast, server, made[0], fronts[0])
            fronts[0].stop()


@pytest.fixture
def world(_world: World) -> World:
    """Give both; the connection leads to the running desk's database."""
    point_at(_world.site.database)
    _world.between.fails = ""
    return _world
