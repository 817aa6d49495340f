"""A company on Lark for tests: its people and chats on the strict stand-in of the platform, which calls the desk as the vendor does.

Events are sealed and signed, come in no order between chats, now and then twice, and again until the desk has answered within three
seconds. Shapes and codes: open.feishu.cn, "Receive message", "Message recalled", "Reaction added", "Bot added to a group", "Card callback",
"Send a message" (230002: the bot is not in the chat, 230020: too much in one chat), read on 2026-11-27.
"""

import base64
import hashlib
import json
import os
import queue
import random
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.lark_server import APP, BOT, Platform
from tests.vendor_server import Silent

ENCRYPT_KEY, TOKEN = "the key of the company", "the token of the company"
ACKNOWLEDGED_WITHIN = 3.0
CHAT_PER_SECOND = 5
_TIMES_AGAIN = 0.2


def sealed(told: object, key: str = ENCRYPT_KEY) -> bytes:
    """Seal an event as the platform does."""
    plain, start = json.dumps(told).encode(), os.urandom(16)
    fill = 16 - len(plain) % 16
    sealing = Cipher(algorithms.AES256(hashlib.sha256(key.encode()).digest()), modes.CBC(start)).encryptor()
    content = start + sealing.update(plain + bytes([fill]) * fill) + sealing.finalize()
    return json.dumps({"encrypt": base64.b64encode(content).decode()}).encode()


def signed(body: bytes, key: str = ENCRYPT_KEY) -> dict[str, str]:
    """Sign a request as the platform does."""
    stamp, nonce = str(int(time.time())), secrets.token_hex(4)
    signature = hashlib.sha256(f"{stamp}{nonce}{key}".encode() + body).hexdigest()
    return {"X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": signature}


def event(kind: str, inner: dict[str, Any], name: str = "") -> dict[str, Any]:
    """Make an event of the second version."""
    header = {
        "event_id": name or secrets.token_hex(16),
        "event_type": kind,
        "create_time": str(int(time.time() * 1000)),
        "token": TOKEN,
        "app_id": APP,
        "tenant_key": "company",
    }
    return {"schema": "2.0", "header": header, "event": inner}


@dataclass
class Chat:
    """A chat, who is in it, and whether the desk is."""

    id: str
    kind: str
    members: set[str] = field(default_factory=set)
    has_desk: bool = True
    sent_at: deque[float] = field(default_factory=lambda: deque(maxlen=CHAT_PER_SECOND))


class Company(Platform):
    """The platform with chats, and the desk it calls."""

    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.failing = ""
        self.address_of_desk = ""
        # Which event told of a message, by the message.
        self.event_of: dict[str, str] = {}
        self.lock = threading.RLock()
        self._lines: dict[str, queue.Queue[dict[str, Any] | None]] = {}
        self._desk = httpx.Client(timeout=ACKNOWLEDGED_WITHIN)
        self._ended = threading.Event()
        super().__init__()

    def stop(self) -> None:
        self._ended.set()
        for line in self._lines.values():
            line.put(None)
        super().stop()

    # What the desk asks.

    def answer(self, method: str, path: str, query: Any, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        if self.failing == "silent":
            raise Silent
        failures: dict[str, tuple[int, Any, dict[str, str]]] = {
            "limited": (429, {"code": 99991400, "msg": "request trigger frequency limit"}, {"x-ogw-ratelimit-reset": "1"}),
            "broken": (500, b"oh no", {}),
            "garbage": (200, b"<html>no such thing", {}),
        }
        if self.failing in failures:
            return failures[self.failing]
        with self.lock:
            return super().answer(method, path, query, body, headers)

    def _messages(self, method: str, parts: list[str], query: Any, body: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "GET":
            return super()._messages(method, parts, query, body)
        told = json.loads(body)
        if parts[1:] == ["reactions"]:
            assert set(told) == {"reaction_type"}, told
            known = parts[0] in self.messages
            return (200, {"code": 0, "data": {"reaction_id": secrets.token_hex(8)}}, {}) if known else (400, {"code": 231003}, {})
        assert not parts or parts[1:] == ["reply"], parts
        root = self.messages.get(parts[0]) if parts else None
        if root is not None and root.get("deleted"):
            return 400, {"code": 230011, "msg": "The message was withdrawn"}, {}
        chat = self.chats.get(root["chat_id"] if root else str(told.get("receive_id")))
        if chat is None or not chat.has_desk:
            return 400, {"code": 230002, "msg": "The bot can not be outside the group."}, {}
        if told.get("uuid") not in self.by_uuid and not self._may_send(chat):
            return 400, {"code": 230020, "msg": "This operation triggers the frequency limit."}, {}
        answer = super()._messages(method, parts, query, body)
        if answer[0] == 200:
            self._complete(answer[1]["data"]["message_id"], chat, root, told)
        return answer

    def _may_send(self, chat: Chat) -> bool:
        now = time.monotonic()
        if len(chat.sent_at) == CHAT_PER_SECOND and now - chat.sent_at[0] < 1:
            return False
        chat.sent_at.append(now)
        return True

    def _complete(self, name: str, chat: Chat, root: dict[str, Any] | None, told: dict[str, Any]) -> None:
        record = self.messages[name]
        if "chat_id" in record:
            return
        record |= {
            "chat_id": chat.id,
            "msg_type": told["msg_type"],
            "sender": {"id": APP, "id_type": "app_id", "sender_type": "app"},
            "body": {"content": told["content"]},
        }
        if root is not None:
            record |= {"root_id": root["root_id"] or root["message_id"], "parent_id": root["message_id"]}
            if told.get("reply_in_thread"):
                record["thread_id"] = self._thread(record["root_id"])

    def _thread(self, root: str) -> str:
        first = self.messages[root]
        first.setdefault("thread_id", f"omt_{root}")
        return str(first["thread_id"])

    # What people do.

    def register(self, name: str) -> str:
        """Take somebody into the company; give their id for the app."""
        open_id = f"ou_{secrets.token_hex(12)}"
        self.people[open_id] = {"name": name, "enterprise_email": f"{name.lower()}.{open_id[3:11]}@example.com", "open_id": open_id}
        return open_id

    def chat(self, kind: str, *members: str) -> Chat:
        """Open a chat with the desk in it."""
        chat = Chat(f"oc_{secrets.token_hex(12)}", kind, set(members))
        self.chats[chat.id] = chat
        return chat

    def write(
        self,
        who: str,
        chat_id: str,
        kind: str,
        content: dict[str, Any],
        *,
        thread: str = "",
        reply_to: str = "",
        mentions: list[dict[str, Any]] | None = None,
        machine: bool = False,
    ) -> str:
        """Have somebody write in a chat; give the message."""
        chat = self.chats[chat_id]
        assert who in chat.members, "whoever is not in a chat cannot write there"
        with self.lock:
            name = f"om_{len(self.messages) + 1}"
            parent = thread or reply_to
            record: dict[str, Any] = {
                "message_id": name,
                "root_id": (self.messages[parent]["root_id"] or parent) if parent else "",
                "parent_id": parent,
                "chat_id": chat_id,
                "msg_type": kind,
                "sender": {"id": who, "id_type": "open_id", "sender_type": "app" if machine else "user"},
                "body": {"content": json.dumps(content)},
                "mentions": [{**one, "id": one["id"]["open_id"]} for one in mentions or []],
            }
            if thread:
                record["thread_id"] = self._thread(thread)
            self.messages[name] = record
        if chat.has_desk:
            told = self.received(record, mentions or [])
            self.event_of[name] = told["header"]["event_id"]
            self.tell(chat_id, told)
        return name

    def received(self, record: dict[str, Any], mentions: list[dict[str, Any]], name: str = "") -> dict[str, Any]:
        """Make the event that tells of a message."""
        message = {
            **{key: record[key] for key in ("message_id", "root_id", "parent_id", "thread_id", "chat_id") if record.get(key)},
            "create_time": str(int(time.time() * 1000)),
            "chat_type": self.chats[record["chat_id"]].kind,
            "message_type": record["msg_type"],
            "content": record["body"]["content"],
            "mentions": mentions,
        }
        sender = {"sender_id": {"open_id": record["sender"]["id"]}, "sender_type": record["sender"]["sender_type"]}
        return event("im.message.receive_v1", {"sender": {**sender, "tenant_key": "company"}, "message": message}, name)

    # The vendor's calls.

    def tell(self, chat_id: str, told: dict[str, Any]) -> None:
        """Bring an event to the desk, in line with what happens in the same chat."""
        with self.lock:
            line = self._lines.get(chat_id)
            if line is None:
                line = self._lines[chat_id] = queue.Queue()
                threading.Thread(target=self._bring_all, args=(line,), daemon=True).start()
        line.put(told)

    def _bring_all(self, line: "queue.Queue[dict[str, Any] | None]") -> None:
        while (told := line.get()) is not None:
            time.sleep(random.random() / 20)
            pause = 0.3
            while not self._ended.is_set() and self.bring(told) != 200:
                self._ended.wait(pause)
                pause = min(pause * 2, 5)
            if random.random() < _TIMES_AGAIN and not self._ended.is_set():
                self.bring(told)

    def bring(self, told: dict[str, Any]) -> int:
        """Bring an event once; give the status it is answered with, or 0 for no answer in time."""
        body = sealed(told)
        try:
            return self._desk.post(self.address_of_desk, content=body, headers=signed(body)).status_code
        except httpx.TransportError:
            return 0


__all__ = ["APP", "BOT", "ENCRYPT_KEY", "TOKEN", "Company", "Silent", "event", "sealed", "signed"]
