"""Reading the events of Lark's open platform, version 2."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Arrival,
    Closed,
    Garbled,
    Heard,
    Invited,
    Json,
    Place,
    Reacted,
    Renamed,
    Speaker,
    TookBack,
    Unreadable,
    Wrote,
)
from steward.channels.lark.content import held
from steward.channels.lark.signs import sign_of

CARD = "card.action.trigger"
_MACHINES = frozenset({"app", "bot"})


def arrival_of(event: Json) -> Arrival:
    """Give an event with its own name, in line with what happens in the same chat."""
    header, inner = _object(event.get("header")), _object(event.get("event"))
    chat = _object(inner.get("message")).get("chat_id") or inner.get("chat_id") or inner.get("message_id")
    return Arrival(event_id=str(header.get("event_id") or event.get("uuid") or ""), raw=event, thread_key=str(chat or ""))


def answer_to(event: Json) -> Json:
    """Give what an event is answered with: a tap gets a word that shows it was taken."""
    if _object(event.get("header")).get("event_type") == CARD:
        return {"toast": {"type": "info", "content": _("Thank you, noted.")}}
    return {}


def read(account: Account, event: Json) -> Sequence[Heard]:
    """Read one event; what says nothing to the desk is nothing. Raises `Unreadable` for what Lark does not send."""
    header, inner = event.get("header"), event.get("event")
    if not isinstance(header, dict) or not isinstance(inner, dict) or not _text(header, "event_id"):
        raise Unreadable(_("This is no event of Lark's second version."))
    event_id = _text(header, "event_id")
    match _text(header, "event_type"):
        case "im.message.receive_v1":
            return _received(account, event_id, inner)
        case "im.message.recalled_v1":
            place = Place(_wanted(inner, "chat_id"))
            return [TookBack(_wanted(inner, "message_id"), place, Speaker(vendor_id=""))]
        case "im.message.reaction.created_v1":
            return _reacted(account, event_id, inner)
        case "card.action.trigger":
            return _tapped(event_id, inner)
        case "contact.user.updated_v3":
            return _renamed(inner)
    return _chat(_text(header, "event_type"), event_id, inner)


def _chat(kind: str, event_id: str, inner: Json) -> Sequence[Heard]:
    match kind:
        case "im.chat.member.bot.added_v1":
            return [Invited(event_id, Place(_wanted(inner, "chat_id")), _operator(inner))]
        case "im.chat.access_event.bot_p2p_chat_entered_v1":
            # It comes whenever somebody opens the chat with the desk: one name for all of them, so that hello is said once.
            chat = _wanted(inner, "chat_id")
            return [Invited(f"entered:{chat}", Place(chat, direct=True), _operator(inner))]
        case "im.chat.member.bot.deleted_v1":
            return [Closed(event_id, Place(_wanted(inner, "chat_id")), "removed")]
        case "im.chat.disbanded_v1":
            return [Closed(event_id, Place(_wanted(inner, "chat_id")), "disbanded")]
    # Receipts of reading, reactions taken back, members coming and going.
    return []


def said_before(account: Account, item: Json, *, direct: bool) -> Sequence[Wrote]:
    """Read one message of a chat's history, which is written otherwise than in an event."""
    if item.get("deleted") is True:
        return []
    sender, body = _object(item.get("sender")), _object(item.get("body"))
    mentions = item.get("mentions")
    message = {
        **{key: item.get(key) for key in ("message_id", "root_id", "parent_id", "thread_id", "chat_id")},
        "message_type": item.get("msg_type"),
        "content": body.get("content"),
        "chat_type": "p2p" if direct else "group",
        "mentions": [{**one, "id": {"open_id": one.get("id")}} for one in mentions or [] if isinstance(one, dict)],
    }
    is_machine = sender.get("sender_type") in _MACHINES
    inner = {
        "sender": {"sender_id": {"open_id": sender.get("id")}, "sender_type": "app" if is_machine else "user"},
        "message": message,
    }
    return [one for one in _received(account, "history", inner) if isinstance(one, Wrote)]


def _received(account: Account, event_id: str, inner: Json) -> Sequence[Heard]:
    message, sender = _object(inner.get("message")), _object(inner.get("sender"))
    kind, message_id, chat_id = _text(message, "message_type"), _wanted(message, "message_id"), _wanted(message, "chat_id")
    who = _object(sender.get("sender_id"))
    speaker = Speaker(_wanted(who, "open_id"), is_bot=sender.get("sender_type") in _MACHINES)
    direct = message.get("chat_type") == "p2p"
    root, parent = _text(message, "root_id"), _text(message, "parent_id")
    in_thread = bool(_text(message, "thread_id")) and not direct and root != message_id
    place = Place(chat_id, root if in_thread else "", direct=direct)
    if kind == "system":
        return []
    mentions = [one for one in message.get("mentions") or [] if isinstance(one, dict)]
    try:
        found = held(message_id, kind, _text(message, "content"), _names(account, mentions))
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("The message has no content that can be read.")) from error
    if not found.known:
        why = _("I cannot read messages of this kind (%(kind)s). Please write it as text.") % {"kind": kind}
        return [Garbled(event_id, place, speaker, why)] if direct and not speaker.is_bot else []
    answered = parent or root
    return [
        Wrote(
            vendor_id=message_id,
            place=place,
            speaker=speaker,
            body=found.words,
            files=found.files,
            reply_to="" if in_thread and answered == root else answered,
            addressed=direct or any(is_desk(account, one) for one in mentions),
        )
    ]


def is_desk(account: Account, mention: Mapping[str, Any]) -> bool:
    """Tell whether a mention names the desk: by its id where that is set, else any bot, since few are told of others' mentions."""
    bot = str(account.settings.get("bot_open_id") or "")
    open_id = _text(_object(mention.get("id")), "open_id")
    if bot:
        return open_id == bot
    return mention.get("mentioned_type") == "bot" or (bool(mention.get("key")) and mention.get("name") == _bot_name(account))


def _bot_name(account: Account) -> str:
    return str(account.settings.get("bot_name") or "Steward")


def _names(account: Account, mentions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Give what stands in the place of each mention: the name, and for the desk itself nothing."""
    return {_text(one, "key"): "" if is_desk(account, one) else f"@{_text(one, 'name')}" for one in mentions if _text(one, "key")}


def _reacted(account: Account, event_id: str, inner: Json) -> Sequence[Heard]:
    if inner.get("operator_type") == "app":
        return []
    who = Speaker(_wanted(_object(inner.get("user_id")), "open_id"))
    reaction = _text(_object(inner.get("reaction_type")), "emoji_type")
    sign = sign_of(reaction, ticket=str(account.settings.get("ticket_reaction") or ""))
    # Lark does not say in which chat; the message does.
    return [Reacted(event_id, _wanted(inner, "message_id"), Place(""), who, sign)]


def _tapped(event_id: str, inner: Json) -> Sequence[Heard]:
    context, action = _object(inner.get("context")), _object(inner.get("action"))
    answer = _text(_object(action.get("value")), "answer")
    target = _text(context, "open_message_id")
    if not answer or not target:
        return []
    who = Speaker(_wanted(_object(inner.get("operator")), "open_id"))
    return [Reacted(event_id, target, Place(_text(context, "open_chat_id")), who, answer)]


def _renamed(inner: Json) -> Sequence[Heard]:
    person = _object(inner.get("object"))
    name, open_id = _text(person, "name"), _text(person, "open_id")
    return [Renamed(f"{open_id}:{name}", Speaker(open_id, name=name))] if name and open_id else []


def _operator(inner: Json) -> Speaker:
    return Speaker(_wanted(_object(inner.get("operator_id")), "open_id"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _wanted(found: Mapping[str, Any], key: str) -> str:
    value = _text(found, key)
    if not value:
        raise Unreadable(_("The event lacks %(key)s.") % {"key": key})
    return value
