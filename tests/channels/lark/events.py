"""Events in the shape of the documentation: open.feishu.cn, "Receive message", "Reaction added", "Card callback"."""

import json
from typing import Any

from steward.channels.contract import Account
from steward.channels.rules.kinds import ChannelKind


def account(**more: Any) -> Account:
    settings = {"app_id": "cli_test", "bot_open_id": "ou_bot", **more.pop("settings", {})}
    return Account(7, ChannelKind.LARK, "Lark", settings, {"app_secret": "app-secret", **more.pop("secrets", {})})


def event(kind: str, inner: dict[str, Any], event_id: str = "e1", token: str = "token") -> dict[str, Any]:
    header = {"event_id": event_id, "event_type": kind, "create_time": "1608725989000", "token": token, "app_id": "cli_test"}
    return {"schema": "2.0", "header": header, "event": inner}


def message(content: Any, kind: str = "text", *, event_id: str = "e1", **more: Any) -> dict[str, Any]:
    sender = {"sender_id": {"open_id": "ou_mara", "union_id": "on_1"}, "sender_type": more.pop("sender_type", "user")}
    told = {
        "message_id": "om_1",
        "chat_id": "oc_1",
        "chat_type": "group",
        "message_type": kind,
        "content": json.dumps(content),
        **more,
    }
    return event("im.message.receive_v1", {"sender": sender, "message": told}, event_id)
