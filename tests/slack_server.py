"""A strict stand-in of Slack's Web API on loopback: an unknown method, argument or form is refused as its documentation says.

Sources: docs.slack.dev, "chat.postMessage", "conversations.history", "conversations.replies", "users.conversations", "users.info",
"auth.test", "reactions.add", "files.getUploadURLExternal", "files.completeUploadExternal", "apps.connections.open", "Rate limits",
"Message metadata"; read on 2026-11-28.
"""

import json
import secrets
import threading
import time
from collections import deque
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from tests.vendor_server import StandIn

TEAM, BOT, BOT_ID = "T0DESK", "U0BOT", "B0BOT"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-test", "xapp-test", "the secret of the app"
SCOPES = (
    "chat:write,files:read,files:write,reactions:read,reactions:write,users:read,users:read.email,im:history,channels:history,"
    "groups:history,channels:read,groups:read,im:read"
)
# What each method takes, beside what is needed; everything else is refused.
_TAKES: dict[str, tuple[set[str], set[str]]] = {
    "auth.test": (set(), set()),
    "apps.connections.open": (set(), set()),
    "users.info": ({"user"}, set()),
    "users.conversations": (set(), {"types", "exclude_archived", "limit", "cursor"}),
    "conversations.history": ({"channel"}, {"oldest", "latest", "inclusive", "limit", "cursor", "include_all_metadata"}),
    "conversations.replies": ({"channel", "ts"}, {"oldest", "limit", "cursor", "include_all_metadata"}),
    "chat.postMessage": (
        {"channel", "text"},
        {"mrkdwn", "parse", "unfurl_links", "unfurl_media", "metadata", "thread_ts", "blocks"},
    ),
    "reactions.add": ({"channel", "timestamp", "name"}, set()),
    "files.info": ({"file"}, set()),
    "files.getUploadURLExternal": ({"filename", "length"}, set()),
    "files.completeUploadExternal": ({"files", "channel_id"}, {"thread_ts"}),
}
_OBJECTS = {"chat.postMessage", "files.completeUploadExternal"}
PAGE = 100


class Workspace(StandIn):
    """Its people, channels with their messages by instant, and files; what may go wrong next, and what it was asked."""

    def __init__(self, *, per_second: float = 1000) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, bytes] = {}
        self.scopes, self.endpoint = SCOPES, ""
        self.lock = threading.RLock()
        self._per_second, self._sent_at = per_second, {}
        self._last = 0
        super().__init__()
        self.api = f"{self.address}/api"

    def instant(self) -> str:
        """Give the next instant, by which a message is named."""
        with self.lock:
            self._last = max(self._last + 1, int(time.time() * 1_000_000))
            return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def answer(self, method: str, path: str, query: Any, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        self.asked.append(path)
        if path.startswith("/upload/"):
            return self._upload(path.removeprefix("/upload/"), body, headers)
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if path.startswith("/files/"):
            return self._download(path, token)
        name = path.removeprefix("/api/")
        return self.fails.pop(0) if self.fails else self._called(method, name, token, body, headers)

    def _called(self, method: str, name: str, token: str, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        if method != "POST" or name not in _TAKES:
            return 200, {"ok": False, "error": "unknown_method"}, {}
        if token != (APP_TOKEN if name == "apps.connections.open" else BOT_TOKEN):
            return 200, {"ok": False, "error": "invalid_auth"}, {}
        told = self._told(name, body, headers)
        needed, more = _TAKES[name]
        assert needed <= set(told) <= needed | more, (
            f"{name} takes no {sorted(set(told) - needed - more)}, or lacks one of {needed}"
        )
        with self.lock:
            given = getattr(self, "_" + name.replace(".", "_"))(told)
        answer, extra = given if isinstance(given, tuple) else (given, {})
        if isinstance(answer, str):
            return (429 if answer == "ratelimited" else 200), {"ok": False, "error": answer}, extra
        return 200, {"ok": True, **answer}, extra

    def _told(self, name: str, body: bytes, headers: Any) -> dict[str, Any]:
        kind = headers.get("Content-Type", "")
        if name in _OBJECTS:
            assert kind.startswith("application/json"), f"{name} with blocks or lists wants an object, not {kind}"
            found: dict[str, Any] = json.loads(body)
            return found
        assert not body or kind.startswith("application/x-www-form-urlencoded"), f"{name} wants a form, not {kind}"
        return dict(parse_qsl(body.decode()))

    # The methods.

    def _auth_test(self, _told: dict[str, Any]) -> Any:
        return {"team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID}, {"x-oauth-scopes": self.scopes}

    def _apps_connections_open(self, _told: dict[str, Any]) -> Any:
        return {"url": self.endpoint}

    def _users_info(self, told: dict[str, Any]) -> Any:
        person = self.people.get(told["user"])
        return {"user": person} if person else "user_not_found"

    def _users_conversations(self, told: dict[str, Any]) -> Any:
        rows = [
            {key: one[key] for key in ("id", "is_im", "is_mpim", "is_private")} for one in self.channels.values() if one["has_desk"]
        ]
        return self._page(rows, told, "channels")

    def _conversations_history(self, told: dict[str, Any]) -> Any:
        if self._refuses(told["channel"]):
            return self._refuses(told["channel"])
        rows = [one for one in self._messages(told) if one.get("thread_ts", one["ts"]) == one["ts"]]
        return self._page(sorted(rows, key=lambda one: one["ts"], reverse=True), told, "messages")

    def _conversations_replies(self, told: dict[str, Any]) -> Any:
        if self._refuses(told["channel"]):
            return self._refuses(told["channel"])
        everything = self.channels[told["channel"]]["messages"]
        asked = everything.get(told["ts"])
        if asked is None:
            return "thread_not_found"
        if asked.get("thread_ts", asked["ts"]) != asked["ts"]:
            return {"messages": [self._shown(asked, told)], "has_more": False}
        rows = [one for one in self._messages(told) if one.get("thread_ts") == told["ts"] and one["ts"] != told["ts"]]
        return self._page([self._shown(asked, told), *sorted(rows, key=lambda one: one["ts"])], told, "messages")

    def _messages(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        found = self.channels[told["channel"]]["messages"].values()
        return [self._shown(one, told) for one in found if float(one["ts"]) > float(told.get("oldest", 0))]

    def _shown(self, message: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        replies = [
            one["ts"]
            for one in self.channels[told["channel"]]["messages"].values()
            if one.get("thread_ts") == message["ts"] and one["ts"] != message["ts"]
        ]
        shown = {
            **message,
            **({"thread_ts": message["ts"], "latest_reply": max(replies), "reply_count": len(replies)} if replies else {}),
        }
        return (
            shown
            if told.get("include_all_metadata") == "true"
            else {key: value for key, value in shown.items() if key != "metadata"}
        )

    def _page(self, rows: list[dict[str, Any]], told: dict[str, Any], key: str) -> dict[str, Any]:
        start = int(told.get("cursor") or 0)
        size = min(int(told.get("limit") or PAGE), PAGE)
        more = str(start + size) if len(rows) > start + size else ""
        return {key: rows[start : start + size], "has_more": bool(more), "response_metadata": {"next_cursor": more}}

    def _refuses(self, channel: str) -> str:
        chat = self.channels.get(channel)
        return "channel_not_found" if chat is None else "" if chat["has_desk"] else "not_in_channel"

    def _chat_postMessage(self, told: dict[str, Any]) -> Any:
        assert told["mrkdwn"] is False, "words would be obeyed"
        assert told["parse"] == "none", "words would be obeyed"
        if not self._may_send(told["channel"]):
            return "ratelimited", {"Retry-After": "1"}
        if refused := self._refuses(told["channel"]):
            return refused
        if len(told["text"]) > 40_000:
            return "msg_too_long"
        for block in told.get("blocks", ()):
            assert block["type"] in {"section", "actions"}
            if block["type"] == "section" and len(block["text"]["text"]) > 3_000:
                return "invalid_blocks"
        chat, ts = self.channels[told["channel"]], self.instant()
        thread = told.get("thread_ts")
        if thread and thread not in chat["messages"]:
            return "thread_not_found"
        message = {"type": "message", "ts": ts, "user": BOT, "bot_id": BOT_ID, "text": told["text"], "team": TEAM}
        message |= {key: told[key] for key in ("blocks", "metadata", "thread_ts") if key in told}
        chat["messages"][ts] = message
        self.spoke(told["channel"], message)
        return {"channel": told["channel"], "ts": ts, "message": message}

    def _may_send(self, channel: str) -> bool:
        sent = self._sent_at.setdefault(channel, deque(maxlen=max(1, round(self._per_second))))
        now = time.monotonic()
        if len(sent) == sent.maxlen and now - sent[0] < 1:
            return False
        sent.append(now)
        return True

    def spoke(self, channel: str, message: dict[str, Any]) -> None:
        """Hear of what the desk said; a company tells the desk of it."""

    def _reactions_add(self, told: dict[str, Any]) -> Any:
        message = self.channels.get(told["channel"], {}).get("messages", {}).get(told["timestamp"])
        if message is None:
            return "message_not_found"
        if told["name"] in message.setdefault("signs", []):
            return "already_reacted"
        message["signs"].append(told["name"])
        return {}

    def _files_info(self, told: dict[str, Any]) -> Any:
        return {"file": self.files[told["file"]]} if told["file"] in self.files else "file_not_found"

    def _files_getUploadURLExternal(self, told: dict[str, Any]) -> Any:
        assert int(told["length"]) > 0
        file = self.add_file(told["filename"], b"", int(told["length"]))
        return {"upload_url": f"{self.address}/upload/{file['id']}", "file_id": file["id"]}

    def _files_completeUploadExternal(self, told: dict[str, Any]) -> Any:
        if refused := self._refuses(told["channel_id"]):
            return refused
        files = [self.files[one["id"]] for one in told["files"]]
        assert all(self.contents[file["id"]] for file in files), "a file is completed that was not uploaded"
        ts = self.instant()
        message = {"type": "message", "subtype": "file_share", "ts": ts, "user": BOT, "bot_id": BOT_ID, "text": "", "files": files}
        message |= {"thread_ts": told["thread_ts"]} if "thread_ts" in told else {}
        self.channels[told["channel_id"]]["messages"][ts] = message
        return {"files": [{"id": file["id"], "title": file["name"]} for file in files]}

    # Files.

    def add_file(self, name: str, content: bytes, size: int = 0) -> dict[str, Any]:
        number = f"F{secrets.token_hex(5).upper()}"
        address = f"{self.address}/files/{number}/{name}"
        self.files[number] = {
            "id": number,
            "name": name,
            "size": size or len(content),
            "mode": "hosted",
            "url_private_download": address,
        }
        self.contents[number] = content
        return self.files[number]

    def _upload(self, number: str, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        form = message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=HTTP)
        (part,) = list(form.iter_parts())
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert len(content) == self.files[number]["size"], "not as long as was said"
        self.contents[number] = content
        return 200, b"OK - 1", {}

    def _download(self, path: str, token: str) -> tuple[int, Any, dict[str, str]]:
        number = path.split("/")[2]
        if token != BOT_TOKEN:
            return 200, b"<html>Sign in</html>", {"Content-Type": "text/html; charset=utf-8"}
        return (200, self.contents[number], {}) if number in self.contents else (404, b"", {})
