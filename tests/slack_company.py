"""A company on Slack for tests: its people and channels on the strict stand-in, which calls the desk as the vendor does.

Events are signed, come in no order between channels, now and then twice, and again where the desk has not answered within three
seconds: at once, then after pauses (the vendor's own are a minute and five; here they are shorter and go on, so that an outage can be tested).
Shapes: docs.slack.dev, "message", "message_changed", "message_deleted", "reaction_added", "app_home_opened", "member_joined_channel",
"member_left_channel", "user_change", "block_actions payload"; read on 2026-11-28.
"""

import hashlib
import hmac
import json
import queue
import random
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.slack_server import BOT, SECRET, TEAM, Workspace
from tests.vendor_server import Silent

ACKNOWLEDGED_WITHIN = 3.0
_TIMES_AGAIN = 0.2


def signed(body: bytes, secret: str = SECRET, *, at: float | None = None) -> dict[str, str]:
    """Sign a request as the vendor does."""
    stamp = str(int(at or time.time()))
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}


def wrapped(event: dict[str, Any], name: str = "") -> dict[str, Any]:
    """Put an event into the vendor's wrapper."""
    return {
        "token": "deprecated-token",
        "team_id": TEAM,
        "api_app_id": "A0DESK",
        "event": {**event, "event_ts": event.get("event_ts") or event.get("ts", "1.000001")},
        "type": "event_callback",
        "event_id": name or f"Ev{secrets.token_hex(8)}",
        "event_time": int(time.time()),
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}],
    }


class Company(Workspace):
    """The workspace, and the desk it calls."""

    def __init__(self) -> None:
        self.failing = ""
        self.address_of_desk = ""
        # Which event told of a message, by the message.
        self.event_of: dict[str, str] = {}
        self._lines: dict[str, queue.Queue[dict[str, Any] | None]] = {}
        self._desk = httpx.Client(timeout=ACKNOWLEDGED_WITHIN)
        self._ended = threading.Event()
        super().__init__(per_second=4)

    def stop(self) -> None:
        self._ended.set()
        for line in self._lines.values():
            line.put(None)
        super().stop()

    def answer(self, method: str, path: str, query: Any, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        if self.failing == "silent":
            raise Silent
        failures: dict[str, tuple[int, Any, dict[str, str]]] = {
            "limited": (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}),
            "broken": (503, b"oh no", {}),
            "garbage": (200, b"<html>no such thing", {}),
        }
        return failures[self.failing] if self.failing in failures else super().answer(method, path, query, body, headers)

    # What people do.

    def register(self, name: str) -> str:
        """Take somebody in; give their id."""
        number = f"U{secrets.token_hex(5).upper()}"
        email = f"{name.lower()}.{number.lower()}@example.com"
        self.people[number] = {
            "id": number,
            "name": name.lower(),
            "is_bot": False,
            "profile": {"display_name": name, "email": email},
        }
        return number

    def channel(self, *, direct: bool = False) -> str:
        """Open a channel, or a private chat with the desk."""
        number = f"{'D' if direct else 'C'}{secrets.token_hex(5).upper()}"
        self.channels[number] = {
            "id": number,
            "is_im": direct,
            "is_mpim": False,
            "is_private": False,
            "has_desk": True,
            "messages": {},
        }
        return number

    def write(self, who: str, channel: str, text: str, *, thread: str = "", machine: bool = False, files: Any = ()) -> str:
        """Have somebody write; give the message's instant."""
        with self.lock:
            ts = self.instant()
            message: dict[str, Any] = {"type": "message", "user": who, "text": text, "ts": ts, "team": TEAM}
            message |= {"thread_ts": thread} if thread else {}
            message |= {"bot_id": "B0OTHER", "subtype": "bot_message"} if machine else {}
            message |= {"files": list(files), "subtype": "file_share"} if files else {}
            self.channels[channel]["messages"][ts] = message
            self._tell_of(channel, message)
        return ts

    def spoke(self, channel: str, message: dict[str, Any]) -> None:
        # The desk is told of its own words too.
        self._tell_of(channel, message)

    def _tell_of(self, channel: str, message: dict[str, Any]) -> None:
        if self.channels[channel]["has_desk"]:
            told = wrapped(self.event(channel, {key: value for key, value in message.items() if key != "metadata"}))
            self.event_of[f"{channel}:{message['ts']}"] = told["event_id"]
            self.tell(channel, told)

    def event(self, channel: str, message: dict[str, Any]) -> dict[str, Any]:
        """Give a message as an event tells of it."""
        return {**message, "channel": channel, "channel_type": "im" if self.channels[channel]["is_im"] else "channel"}

    # The vendor's calls.

    def tell(self, channel: str, told: dict[str, Any]) -> None:
        """Bring something to the desk, in line with what happens in the same channel."""
        with self.lock:
            line = self._lines.get(channel)
            if line is None:
                line = self._lines[channel] = queue.Queue()
                threading.Thread(target=self._bring_all, args=(line,), daemon=True).start()
            line.put(told)

    def _bring_all(self, line: "queue.Queue[dict[str, Any] | None]") -> None:
        while (told := line.get()) is not None:
            time.sleep(random.random() / 20)
            pause = 0.0
            while not self._ended.is_set() and self.bring(told) != 200:
                self._ended.wait(pause)
                pause = min(pause * 2 or 0.3, 5)
            if random.random() < _TIMES_AGAIN and not self._ended.is_set():
                self.bring(told)

    def bring(self, told: dict[str, Any]) -> int:
        """Bring something once; give the status it is answered with, or 0 for no answer in time."""
        body, kind = json.dumps(told).encode(), "application/json"
        if told.get("type") == "block_actions":
            body, kind = urlencode({"payload": json.dumps(told)}).encode(), "application/x-www-form-urlencoded"
        try:
            headers = {**signed(body), "Content-Type": kind, "X-Slack-Retry-Num": "1"}
            return self._desk.post(self.address_of_desk, content=body, headers=headers).status_code
        except httpx.TransportError:
            return 0
