"""A real Matrix homeserver for tests: Synapse in an environment and a folder of its own, on loopback, ended by its number."""

import hashlib
import hmac
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import yaml

from tests.site import ROOT, wait_for

PYTHON = ROOT / ".venv" / "synapse" / "bin" / "python"
NAME = "steward.test"
BOT = f"@steward:{NAME}"
_FREELY = {"per_second": 10_000, "burst_count": 10_000}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Homeserver:
    """Where it answers, and what the desk and it know each other by."""

    folder: Path
    port: int = field(default_factory=free_port)
    as_token: str = field(default_factory=lambda: secrets.token_hex(16))
    hs_token: str = field(default_factory=lambda: secrets.token_hex(16))
    shared: str = field(default_factory=lambda: secrets.token_hex(16))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configure(self, desk: str) -> None:
        """Write its configuration, with the desk as its application service."""
        self.folder.mkdir(parents=True, exist_ok=True)
        service = {
            "id": "steward",
            "url": desk,
            "as_token": self.as_token,
            "hs_token": self.hs_token,
            "sender_localpart": "steward",
            "rate_limited": False,
            "receive_ephemeral": True,
            "namespaces": {"users": [], "rooms": [], "aliases": []},
        }
        (self.folder / "appservice.yaml").write_text(yaml.safe_dump(service))
        settings = {
            "server_name": NAME,
            "public_baseurl": f"{self.address}/",
            "listeners": [
                {
                    "bind_addresses": ["127.0.0.1"],
                    "port": self.port,
                    "type": "http",
                    "tls": False,
                    "resources": [{"names": ["client"], "compress": False}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "log_config": str(self.folder / "log.yaml"),
            "pid_file": str(self.folder / "homeserver.pid"),
            "registration_shared_secret": self.shared,
            "macaroon_secret_key": self.shared,
            "form_secret": self.shared,
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "app_service_config_files": [str(self.folder / "appservice.yaml")],
            "bcrypt_rounds": 4,
            "encryption_enabled_by_default_for_room_type": "off",
            "rc_message": _FREELY,
            "rc_registration": _FREELY,
            "rc_login": {"address": _FREELY, "account": _FREELY, "failed_attempts": _FREELY},
            "rc_joins": {"local": _FREELY, "remote": _FREELY},
            "rc_invites": {"per_room": _FREELY, "per_user": _FREELY, "per_issuer": _FREELY},
            "rc_room_creation": _FREELY,
        }
        (self.folder / "homeserver.yaml").write_text(yaml.safe_dump(settings))
        handlers = {"file": {"class": "logging.FileHandler", "filename": str(self.folder / "homeserver.log")}}
        log = {"version": 1, "handlers": handlers, "root": {"level": "WARNING", "handlers": ["file"]}}
        (self.folder / "log.yaml").write_text(yaml.safe_dump(log))

    def start(self) -> None:
        base = [str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(self.folder / "homeserver.yaml")]
        clean = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder)}
        subprocess.run([*base, "--generate-keys"], cwd=self.folder, env=clean, check=True, capture_output=True)
        with (self.folder / "said.log").open("ab") as said:
            self.process = subprocess.Popen(base, cwd=self.folder, env=clean, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        assert wait_for(self.answers, 90), (self.folder / "said.log").read_text()[-2_000:]

    def answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.address}/health", timeout=3).status_code == 200
        return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def person(self, name: str) -> "Person":
        """Register somebody."""
        localpart = f"{name.lower()}{secrets.token_hex(3)}"
        with httpx.Client(base_url=self.address, timeout=30) as client:
            nonce = client.get("/_synapse/admin/v1/register").json()["nonce"]
            parts = [nonce, localpart, "secret", "notadmin"]
            mac = hmac.new(self.shared.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
            told = {"nonce": nonce, "username": localpart, "displayname": name, "password": "secret", "admin": False, "mac": mac}
            answer = client.post("/_synapse/admin/v1/register", json=told)
            answer.raise_for_status()
        return Person(self, answer.json()["user_id"], answer.json()["access_token"])


class Person:
    """Somebody at their Matrix client."""

    def __init__(self, server: Homeserver, user_id: str, token: str) -> None:
        self.user_id = user_id
        self.http = httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.http.request(method, f"/_matrix/client/v3{path}", **more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def direct(self, whom: str = BOT) -> str:
        told = {"is_direct": True, "preset": "private_chat", "invite": [whom]}
        return str(self.ask("POST", "/createRoom", json=told)["room_id"])

    def room(self, name: str, *whom: str) -> str:
        told = {"name": name, "preset": "private_chat", "invite": list(whom)}
        return str(self.ask("POST", "/createRoom", json=told)["room_id"])

    def join(self, room: str) -> None:
        self.ask("POST", f"/join/{quote(room)}", json={})

    def put(self, room: str, kind: str, content: dict[str, Any]) -> str:
        path = f"/rooms/{quote(room)}/send/{kind}/{secrets.token_hex(8)}"
        return str(self.ask("PUT", path, json=content)["event_id"])

    def say(self, room: str, body: str, *, thread: str = "", reply_to: str = "", **more: Any) -> str:
        content: dict[str, Any] = {"msgtype": "m.text", "body": body, **more}
        if thread:
            falling = {"is_falling_back": True, "m.in_reply_to": {"event_id": thread}}
            content["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread, **falling}
        elif reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return self.put(room, "m.room.message", content)

    def edit(self, room: str, event: str, body: str) -> str:
        new = {"msgtype": "m.text", "body": body}
        relation = {"rel_type": "m.replace", "event_id": event}
        return self.put(room, "m.room.message", {**new, "body": f"* {body}", "m.new_content": new, "m.relates_to": relation})

    def react(self, room: str, event: str, sign: str) -> str:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": sign}
        return self.put(room, "m.reaction", {"m.relates_to": relation})

    def take_back(self, room: str, event: str) -> None:
        self.ask("PUT", f"/rooms/{quote(room)}/redact/{quote(event)}/{secrets.token_hex(8)}", json={})

    def send_file(self, room: str, name: str, content: bytes, media_type: str, *, thread: str = "") -> str:
        answer = self.http.post(
            "/_matrix/media/v3/upload", params={"filename": name}, content=content, headers={"Content-Type": media_type}
        )
        kind = "m.image" if media_type.startswith("image/") else "m.file"
        told = {"msgtype": kind, "url": answer.json()["content_uri"], "filename": name, "info": {"size": len(content)}}
        return self.say(room, name, thread=thread, **told)

    def download(self, uri: str) -> bytes:
        return self.http.get(f"/_matrix/client/v1/media/download/{uri.removeprefix('mxc://')}").content

    def events(self, room: str) -> list[dict[str, Any]]:
        found = self.ask("GET", f"/rooms/{quote(room)}/messages", params={"dir": "b", "limit": 200})["chunk"]
        return list(reversed(found))

    def texts(self, room: str, *, thread: str = "") -> list[str]:
        """What stands in a room, or in one of its threads, as plain words."""
        said = [one for one in self.events(room) if one["type"] == "m.room.message" and "body" in one["content"]]
        if thread:
            said = [one for one in said if one["content"].get("m.relates_to", {}).get("event_id") == thread]
        return [str(one["content"]["body"]) for one in said]

    def waits_for(self, room: str, words: str, *, thread: str = "", seconds: float = 30) -> dict[str, Any]:
        """Wait until something with these words stands there, and give the event."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for one in reversed(self.events(room)):
                said = one["content"].get("body", "") if one["type"] == "m.room.message" else ""
                relation = one["content"].get("m.relates_to", {})
                if words in said and (not thread or relation.get("event_id") == thread):
                    return one
            time.sleep(0.1)
        raise AssertionError(f"{words!r} is not among {self.texts(room, thread=thread)}")


@contextmanager
def served(folder: Path, desk: Callable[[Homeserver], str]) -> Iterator[Homeserver]:
    """Run a homeserver whose application service is at the address given for it."""
    server = Homeserver(folder)
    server.configure(desk(server))
    try:
        server.start()
        yield server
    finally:
        server.stop()
