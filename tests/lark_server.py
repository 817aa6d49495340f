"""A strict stand-in of Lark's open platform on loopback: what its documentation does not allow is refused as it says.

Sources: open.feishu.cn, "Send a message", "Reply to a message", "Get tenant_access_token", and the length, rate and error codes listed there.
"""

import json
import secrets
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

from tests.vendor_server import StandIn

APP, SECRET, BOT = "cli_test", "app-secret", "ou_bot"


class Platform(StandIn):
    """Its messages by id, what may go wrong next (`fails`: pairs of status, answer and headers), and what it was asked."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.by_uuid: dict[str, str] = {}
        self.people: dict[str, dict[str, str]] = {}
        self.resources: dict[str, bytes] = {}
        # The name each uploaded file was given, by its key.
        self.names: dict[str, str] = {}
        self.tokens: set[str] = set()
        self.endpoint = ""
        super().__init__()

    def answer(self, method: str, path: str, query: Any, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        self.asked.append(f"{method} {path}")
        if path == "/callback/ws/endpoint":
            told = json.loads(body)
            known = (told["AppID"], told["AppSecret"]) == (APP, SECRET)
            config = {"ReconnectCount": 0, "ReconnectInterval": 1, "ReconnectNonce": 0, "PingInterval": 1}
            return (
                200,
                {"code": 0, "data": {"URL": self.endpoint, "ClientConfig": config}} if known else {"code": 403, "msg": "no"},
                {},
            )
        if path == "/open-apis/auth/v3/tenant_access_token/internal":
            if json.loads(body) != {"app_id": APP, "app_secret": SECRET}:
                return 200, {"code": 10014, "msg": "app secret invalid"}, {}
            token = f"t-{len(self.tokens)}-{len(self.asked)}"
            self.tokens.add(token)
            return 200, {"code": 0, "tenant_access_token": token, "expire": 7200}, {}
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 400, {"code": 99991663, "msg": "token invalid"}, {}
        if self.fails:
            return self.fails.pop(0)
        return self._api(method, path.removeprefix("/open-apis"), query, body, headers)

    def _upload(self, path: str, body: bytes, headers: Any) -> str:
        """Take a file and give its key."""
        form = message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=HTTP)
        parts = {str(part.get_param("name", header="content-disposition")): part for part in form.iter_parts()}
        kind, wanted = ("image", {"image_type", "image"}) if "images" in path else ("file", {"file_type", "file_name", "file"})
        assert set(parts) == wanted, set(parts)
        key = f"{kind}_{secrets.token_hex(8)}"
        content = parts[kind].get_payload(decode=True)
        assert isinstance(content, bytes)
        self.resources[key] = content
        self.names[key] = parts[kind].get_filename() or ""
        return key

    def _api(self, method: str, path: str, query: Any, body: bytes, headers: Any) -> tuple[int, Any, dict[str, str]]:
        parts = path.strip("/").split("/")
        if path == "/bot/v3/info":
            return 200, {"code": 0, "msg": "ok", "bot": {"open_id": BOT, "activate_status": 2}}, {}
        if path.startswith("/contact/v3/users/"):
            person = self.people.get(parts[-1])
            return (200, {"code": 0, "data": {"user": person}}, {}) if person else (400, {"code": 41050, "msg": "no authority"}, {})
        if path in {"/im/v1/images", "/im/v1/files"}:
            key = "image_key" if "images" in path else "file_key"
            return 200, {"code": 0, "data": {key: self._upload(path, body, headers)}}, {}
        if "resources" in parts:
            assert query["type"][0] in {"image", "file"}
            return (200, self.resources[parts[-1]], {}) if parts[-1] in self.resources else (400, {"code": 234003}, {})
        if path.startswith("/im/v1/messages"):
            return self._messages(method, parts[3:], query, body)
        return 404, {"code": 404, "msg": "unknown"}, {}

    def _messages(self, method: str, parts: list[str], query: Any, body: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "GET":
            if not parts:
                found = [one for one in self.messages.values() if one.get("thread_id") == query["container_id"][0]]
                return 200, {"code": 0, "data": {"items": found, "has_more": False}}, {}
            one = self.messages.get(parts[0])
            return (200, {"code": 0, "data": {"items": [one]}}, {}) if one else (400, {"code": 230110, "msg": "deleted"}, {})
        told = json.loads(body)
        root = parts[0] if parts else ""
        allowed = {"msg_type", "content", "uuid"} | ({"reply_in_thread"} if root else {"receive_id"})
        if set(told) - allowed or len(told.get("uuid", "")) > 50 or not isinstance(told.get("content"), str):
            return 400, {"code": 230001, "msg": "invalid param"}, {}
        if len(told["content"].encode()) > 30 * 1024:
            return 400, {"code": 230025, "msg": "too long"}, {}
        if not root:
            assert query["receive_id_type"] == ["chat_id"]
        elif root not in self.messages:
            return 400, {"code": 230011, "msg": "recalled"}, {}
        if told["uuid"] not in self.by_uuid:
            name = f"om_{len(self.messages) + 1}"
            self.by_uuid[told["uuid"]] = name
            self.messages[name] = {"message_id": name, "root_id": root, "told": told}
        return 200, {"code": 0, "data": {"message_id": self.by_uuid[told["uuid"]]}}, {}
