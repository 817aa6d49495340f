"""Writing what goes out in Lark's forms, and sending it once under its key."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from steward.channels.contract import Account, Parcel, Refused
from steward.channels.lark import client

MESSAGES = "/open-apis/im/v1/messages"
_LONGEST = 30 * 1024 - 2048
_PARAGRAPHS = 100
_LARGEST_PICTURE = 10 * 1024 * 1024
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"})
_FILE_TYPES = {"application/pdf": "pdf", "video/mp4": "mp4", "audio/ogg": "opus", "audio/opus": "opus"}
# The message answered is gone: taken back, or no more to be seen.
_ROOT_IS_GONE = frozenset({230011, 230110, 231003})


def send(account: Account, parcel: Parcel) -> str:
    """Send a parcel, in pieces where it is too long, and give the vendor's id of the first. Raises `Later` and `Refused`."""
    if parcel.kind == "file":
        return _deliver(account, parcel, parcel.key, *_file(account, parcel))
    *pieces, last = _pieces(parcel.text)
    sent = [_deliver(account, parcel, f"{parcel.key}-{place}", "post", _post(parcel, piece)) for place, piece in enumerate(pieces)]
    form = ("interactive", _card(parcel, last)) if parcel.answers else ("post", _post(parcel, last, named=not pieces))
    sent.append(_deliver(account, parcel, parcel.key, *form))
    # What is asked is answered under its buttons, which stand in the last piece.
    return sent[-1] if parcel.answers else sent[0]


def _deliver(account: Account, parcel: Parcel, key: str, kind: str, content: dict[str, Any]) -> str:
    # The platform sends at most one message under one uuid within an hour.
    told = {"msg_type": kind, "content": json.dumps(content, ensure_ascii=False), "uuid": _uuid(account, key)}
    root, chat = parcel.place.root_id, parcel.place.chat_id
    if root:
        path = f"{MESSAGES}/{quote(root, safe='')}/reply"
        try:
            return str(client.ask(account, "POST", path, json={**told, "reply_in_thread": not parcel.place.direct})["message_id"])
        except client.Rejected as error:
            if error.code not in _ROOT_IS_GONE or not parcel.place.direct:
                raise
    found = client.ask(account, "POST", MESSAGES, params={"receive_id_type": "chat_id"}, json={**told, "receive_id": chat})
    return str(found["message_id"])


def _uuid(account: Account, key: str) -> str:
    return hashlib.sha256(f"steward-{account.settings.get('app_id')}-{account.channel_id}-{key}".encode()).hexdigest()[:48]


def _pieces(text: str) -> list[str]:
    pieces, rest = [], text
    while len(rest.encode()) > _LONGEST:
        cut = rest.encode()[:_LONGEST].decode(errors="ignore")
        at = max(cut.rfind("\n"), cut.rfind(" "))
        cut = cut[: at + 1] if at > len(cut) // 2 else cut
        pieces.append(cut)
        rest = rest[len(cut) :]
    return [*pieces, rest]


def _post(parcel: Parcel, text: str, *, named: bool = True) -> dict[str, Any]:
    """Write words as a post: in a plain text message, tags such as those that call everybody would be obeyed."""
    first, *more = text.split("\n", _PARAGRAPHS)
    author = [{"tag": "text", "text": f"{parcel.author}: ", "style": ["bold"]}] if parcel.author and named else []
    lines = [[*author, {"tag": "text", "text": first}], *([{"tag": "text", "text": line}] for line in more)]
    return {"zh_cn": {"title": "", "content": lines}}


def _card(parcel: Parcel, text: str) -> dict[str, Any]:
    words = f"{parcel.author}: {text}" if parcel.author else text
    buttons = [
        {
            "tag": "button",
            "text": {"tag": "plain_text", "content": label},
            "type": "primary" if place == 0 else "default",
            "value": {"answer": value},
        }
        for place, (value, label) in enumerate(parcel.answers)
    ]
    elements = [{"tag": "div", "text": {"tag": "plain_text", "content": words}}, {"tag": "action", "actions": buttons}]
    return {"config": {"wide_screen_mode": True}, "elements": elements}


def _file(account: Account, parcel: Parcel) -> tuple[str, dict[str, Any]]:
    if not parcel.content:
        raise Refused("Lark takes no empty files")
    if parcel.media_type in _PICTURES and len(parcel.content) <= _LARGEST_PICTURE:
        files = {"image": (parcel.file_name, parcel.content)}
        found = client.ask(account, "POST", "/open-apis/im/v1/images", data={"image_type": "message"}, files=files)
        return "image", {"image_key": found["image_key"]}
    told = {"file_type": _FILE_TYPES.get(parcel.media_type, "stream"), "file_name": parcel.file_name}
    files = {"file": (parcel.file_name, parcel.content)}
    return "file", {"file_key": client.ask(account, "POST", "/open-apis/im/v1/files", data=told, files=files)["file_key"]}
