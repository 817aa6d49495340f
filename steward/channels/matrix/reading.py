"""Reading what a homeserver brings."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Changed,
    Closed,
    Garbled,
    Heard,
    Invited,
    Json,
    Place,
    Reacted,
    RemoteFile,
    Renamed,
    Speaker,
    TookBack,
    Typing,
    Unreadable,
    Wrote,
)

_FILES = frozenset({"m.image", "m.file", "m.video", "m.audio"})
_QUOTE = re.compile(r"\A(?:> .*\n)+\n?")


def bot_of(account: Account) -> str:
    """Give the address of the desk's own user."""
    settings = account.settings
    return f"@{settings.get('bot', 'steward')}:{settings.get('server_name', '')}"


def read(account: Account, event: Json) -> Sequence[Heard]:
    """Read one event of a room; what says nothing to the desk is nothing. Raises `Unreadable` for what no homeserver sends."""
    room, sender, kind = event.get("room_id"), event.get("sender"), event.get("type")
    event_id, content = event.get("event_id"), event.get("content")
    if not all(isinstance(one, str) and one for one in (room, sender, kind, event_id)) or not isinstance(content, dict):
        raise Unreadable(_("This is no event of a room."))
    bot = bot_of(account)
    speaker = Speaker(vendor_id=str(sender), is_bot=sender == bot)
    place = Place(chat_id=str(room))
    match kind:
        case "m.room.member":
            return _member(event, content, place, speaker, bot)
        case "m.room.message":
            return _message(account, str(event_id), content, place, speaker, bot)
        case "m.reaction" | "m.room.redaction":
            return _sign_or_redaction(event, content, place, speaker)
        case "m.room.encrypted" | "m.room.encryption" if not speaker.is_bot:
            why = _("I cannot read encrypted rooms. Open one without encryption, or ask in the portal.")
            return [Garbled(str(event_id), place, speaker, why)]
        case "m.room.tombstone":
            return [Closed(str(event_id), place, "tombstone")]
    return []


def typing_in(account: Account, passing: Any) -> Iterator[Typing]:
    """Read who writes in which room; the desk itself is nobody there."""
    for one in passing if isinstance(passing, list) else []:
        content = one.get("content") if isinstance(one, dict) and one.get("type") == "m.typing" else None
        users = content.get("user_ids") if isinstance(content, dict) else None
        if isinstance(users, list) and isinstance(one.get("room_id"), str):
            yield Typing(one["room_id"], writes=any(user != bot_of(account) for user in users))


def _sign_or_redaction(event: Json, content: Json, place: Place, speaker: Speaker) -> Sequence[Heard]:
    if event["type"] == "m.room.redaction":
        gone = content.get("redacts") or event.get("redacts")
        return [TookBack(str(gone), place, speaker)] if gone else []
    relation = _relation(content)
    target, sign = relation.get("event_id"), relation.get("key")
    return [Reacted(str(event["event_id"]), str(target), place, speaker, str(sign))] if target and sign else []


def _relation(content: Json) -> dict[str, Any]:
    relation = content.get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _member(event: Json, content: Json, place: Place, speaker: Speaker, bot: str) -> Sequence[Heard]:
    who, membership, event_id = event.get("state_key"), content.get("membership"), str(event["event_id"])
    if who == bot:
        if membership == "invite":
            direct = Place(place.chat_id, direct=content.get("is_direct") is True)
            return [Invited(event_id, direct, speaker)]
        return [Closed(event_id, place, str(membership))] if membership in {"leave", "ban"} else []
    name = content.get("displayname")
    if membership == "join" and who == speaker.vendor_id and isinstance(name, str) and name:
        return [Renamed(event_id, Speaker(vendor_id=speaker.vendor_id, name=name))]
    return []


def _message(account: Account, event_id: str, content: Json, place: Place, speaker: Speaker, bot: str) -> Sequence[Heard]:
    relation, body = _relation(content), content.get("body")
    if not isinstance(body, str):
        # Redacted already: the taking back comes, or came, on its own.
        return []
    if relation.get("rel_type") == "m.replace":
        new = content.get("m.new_content")
        words = new.get("body") if isinstance(new, dict) else None
        target = relation.get("event_id")
        return [Changed(event_id, str(target), place, speaker, words)] if target and isinstance(words, str) else []
    if content.get("msgtype") == "m.notice":
        # By convention the word of a machine, which no machine answers.
        speaker = Speaker(vendor_id=speaker.vendor_id, name=speaker.name, is_bot=True)
    answered = relation.get("m.in_reply_to")
    reply_to = str(answered.get("event_id") or "") if isinstance(answered, dict) else ""
    root = str(relation.get("event_id") or "") if relation.get("rel_type") == "m.thread" else ""
    if root and relation.get("is_falling_back") is True:
        reply_to = ""
    if reply_to:
        body = _QUOTE.sub("", body, count=1)
    files = _files(content, body)
    named = content.get("filename")
    if files and (not isinstance(named, str) or named == body):
        body = ""
    return [
        Wrote(
            vendor_id=event_id,
            place=Place(place.chat_id, root),
            speaker=speaker,
            body=_unnamed(account, body, bot),
            files=files,
            reply_to=reply_to,
            addressed=_names(account, content, body, bot),
        )
    ]


def _files(content: Json, body: str) -> tuple[RemoteFile, ...]:
    url = content.get("url")
    if content.get("msgtype") not in _FILES or not isinstance(url, str):
        return ()
    named, info = content.get("filename"), content.get("info")
    size = info.get("size") if isinstance(info, dict) else 0
    return (RemoteFile(url, named if isinstance(named, str) and named else body, size if isinstance(size, int) else 0),)


def _display_name(account: Account) -> str:
    return str(account.settings.get("bot_name") or "Steward")


def _names(account: Account, content: Json, body: str, bot: str) -> bool:
    mentions = content.get("m.mentions")
    named = mentions.get("user_ids") if isinstance(mentions, dict) else None
    if isinstance(named, list):
        return bot in named
    return bot in body or body.lower().startswith((f"{_display_name(account).lower()}:", f"@{_display_name(account).lower()}"))


def _unnamed(account: Account, body: str, bot: str) -> str:
    """Give the words without the name of the desk in front of them."""
    for name in (bot, f"@{_display_name(account)}", _display_name(account)):
        if body.lower().startswith(name.lower()):
            return body[len(name) :].lstrip(" :,") or body
    return body
