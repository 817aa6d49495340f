"""Reading what a message of Lark holds: words, files, and what cannot be read here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from steward.channels.contract import RemoteFile

_FILES = {"image": "image", "file": "file", "audio": "file", "media": "file"}


@dataclass(frozen=True)
class Held:
    """What a message holds; `known` is false for a kind of message that cannot be read here."""

    words: str = ""
    files: tuple[RemoteFile, ...] = ()
    known: bool = True


def held(message_id: str, kind: str, content: str, names: Mapping[str, str]) -> Held:
    """Read a message's content, with the keys of those mentioned replaced by `names`. Raises `ValueError` for no content."""
    told = json.loads(content)
    if not isinstance(told, dict):
        raise ValueError("the content is no object")  # noqa: TRY004 -- a payload of somebody else's, not a type of ours
    if kind == "text":
        return Held(named(_text(told.get("text")), names))
    if kind == "post":
        return _post(message_id, told, names)
    if kind in _FILES:
        file = _file(message_id, kind, told)
        return Held(files=(file,)) if file is not None else Held(known=False)
    return _other(kind, told)


def named(words: str, names: Mapping[str, str]) -> str:
    """Put names in the place of the keys of those mentioned; the longest key first, since one may begin another."""
    for key in sorted(names, key=len, reverse=True):
        words = words.replace(key, names[key])
    return words.strip()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _file(message_id: str, kind: str, told: dict[str, Any]) -> RemoteFile | None:
    key = told.get("image_key") if kind == "image" else told.get("file_key")
    if not isinstance(key, str) or not key:
        return None
    fallback = {"image": f"{key}.png", "audio": f"{key}.opus", "media": f"{key}.mp4"}.get(kind, key)
    name = _text(told.get("file_name")) or fallback
    return RemoteFile(f"{message_id}/{_FILES[kind]}/{key}", name)


def _other(kind: str, told: dict[str, Any]) -> Held:
    match kind:
        case "sticker":
            return Held(_("[sticker]"))
        case "location":
            return Held(_("[location: %(name)s]") % {"name": _text(told.get("name"))})
        case "share_chat":
            return Held(_("[a group's card]"))
        case "share_user":
            return Held(_("[a person's card]"))
        case "interactive":
            return Held(_card(told))
    return Held(known=False)


def _card(told: dict[str, Any]) -> str:
    lines = [_text(told.get("title"))]
    elements = told.get("elements")
    for line in elements if isinstance(elements, list) else []:
        parts = line if isinstance(line, list) else [line]
        lines.append("".join(_text(part.get("text")) for part in parts if isinstance(part, dict)))
    return "\n".join(line for line in lines if line) or _("[card]")


def _post(message_id: str, told: dict[str, Any], names: Mapping[str, str]) -> Held:
    if "content" not in told:
        # What was sent by an app stands under its language.
        told = next((one for one in told.values() if isinstance(one, dict) and "content" in one), {})
    lines, files = [_text(told.get("title"))], []
    paragraphs = told.get("content")
    for paragraph in paragraphs if isinstance(paragraphs, list) else []:
        parts = [part for part in paragraph if isinstance(part, dict)] if isinstance(paragraph, list) else []
        lines.append("".join(_part(part, names) for part in parts))
        found = [_file(message_id, _text(part.get("tag")).replace("img", "image"), part) for part in parts if _is_file(part)]
        files += [file for file in found if file is not None]
    return Held("\n".join(lines).strip(), tuple(files))


def _is_file(part: dict[str, Any]) -> bool:
    return part.get("tag") in {"img", "media"}


def _part(part: dict[str, Any], names: Mapping[str, str]) -> str:
    words = _text(part.get("text"))
    match part.get("tag"):
        case "at":
            key = _text(part.get("user_id"))
            return names[key] if key in names else f"@{_text(part.get('user_name')) or key}"
        case "a":
            href = _text(part.get("href"))
            return words if not href or href == words else f"{words} ({href})"
        case "emotion":
            return f":{_text(part.get('emoji_type'))}:"
        case "code_block":
            return f"\n{words}\n"
        case "hr":
            return "---"
    return words
