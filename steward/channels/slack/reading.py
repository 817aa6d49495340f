"""Reading what Slack brings: events, and taps on the desk's own buttons."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Arrival,
    Changed,
    Closed,
    Heard,
    Invited,
    Json,
    Place,
    Reacted,
    RemoteFile,
    Renamed,
    Speaker,
    TookBack,
    Unreadable,
    Wrote,
)
from steward.channels.slack.names import DIRECT, a_text, an_object, message_name, objects, wanted
from steward.channels.slack.signs import sign_of
from steward.channels.slack.words import names_desk, plain

# Everything else that is called a message tells of the channel: who came, what it is about.
_SAID = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
_GONE = frozenset({"channel_left", "group_left", "channel_deleted", "group_deleted", "channel_archive", "group_archive"})
_NO_FILE = frozenset({"tombstone", "hidden_by_limit"})


def arrival_of(payload: Json) -> Arrival:
    """Give what came with its own name, in line with what happens in the same channel, without what is not to be kept."""
    if payload.get("type") == "block_actions":
        channel = a_text(an_object(payload.get("container")), "channel_id") or a_text(an_object(payload.get("channel")), "id")
        return Arrival(a_text(payload, "trigger_id"), _tap(payload), channel)
    event = an_object(payload.get("event"))
    kept = {key: payload.get(key) for key in ("type", "event_id", "team_id", "authorizations") if key in payload}
    kept["event"] = {key: _as_kept(key, value) for key, value in event.items()}
    return Arrival(a_text(payload, "event_id"), kept, _line_of(event))


def _as_kept(key: str, value: Any) -> Any:
    # Words that were changed or taken back are told once more with it; they are not for keeping.
    if key == "previous_message":
        return {name: a_text(an_object(value), name) for name in ("ts", "user", "thread_ts")}
    return value


def _line_of(event: Json) -> str:
    channel = event.get("channel")
    if isinstance(channel, str):
        return channel
    return (
        a_text(an_object(event.get("item")), "channel")
        or a_text(an_object(channel), "id")
        or a_text(an_object(event.get("user")), "id")
    )


def _tap(payload: Json) -> Json:
    container, message = an_object(payload.get("container")), an_object(payload.get("message"))
    return {
        "type": "block_actions",
        "trigger_id": a_text(payload, "trigger_id"),
        "team": {"id": a_text(an_object(payload.get("team")), "id")},
        "user": {"id": a_text(an_object(payload.get("user")), "id")},
        "channel": {"id": a_text(an_object(payload.get("channel")), "id")},
        "container": {key: a_text(container, key) for key in ("channel_id", "message_ts", "thread_ts")},
        "message": {"ts": a_text(message, "ts")},
        "actions": [{key: a_text(one, key) for key in ("action_id", "value")} for one in objects(payload.get("actions"))],
    }


def read(account: Account, payload: Json) -> Sequence[Heard]:
    """Read what came; what says nothing to the desk is nothing. Raises `Unreadable` for what Slack does not send."""
    if payload.get("type") == "block_actions":
        return _tapped(payload)
    event = payload.get("event")
    if payload.get("type") != "event_callback" or not isinstance(event, dict) or not a_text(payload, "event_id"):
        raise Unreadable(_("This is no event of Slack."))
    bot = bot_of(account, payload)
    kind = a_text(event, "type")
    if kind == "message":
        return _message(account, payload, event, bot)
    if kind == "reaction_added":
        return _reacted(account, payload, event, bot)
    return _around(kind, a_text(payload, "event_id"), event, bot)


def bot_of(account: Account, payload: Json) -> str:
    """Give the id of the desk's own user: as it is set, else as the vendor says with each event."""
    told = [a_text(one, "user_id") for one in objects(payload.get("authorizations")) if one.get("is_bot") is not False]
    return str(account.settings.get("bot_user_id") or "") or next((one for one in told if one), "")


def _around(kind: str, event_id: str, event: Json, bot: str) -> Sequence[Heard]:
    if kind == "app_home_opened":
        # It comes whenever somebody opens the chat with the desk: one name for all of them, so that hello is said once.
        channel = wanted(event, "channel")
        at_messages = event.get("tab", "messages") == "messages"
        return [Invited(f"entered:{channel}", Place(channel, direct=True), Speaker(wanted(event, "user")))] if at_messages else []
    if kind == "member_joined_channel":
        if not bot or a_text(event, "user") != bot:
            return []
        return [
            Invited(event_id, Place(wanted(event, "channel")), Speaker(a_text(event, "inviter"), is_bot=not event.get("inviter")))
        ]
    if kind in _GONE:
        return [Closed(event_id, Place(wanted(event, "channel")), kind)]
    if kind == "user_change":
        person = an_object(event.get("user"))
        name, user = shown_name(person), a_text(person, "id")
        return [Renamed(f"{user}:{name}", Speaker(user, name=name))] if name and user else []
    return []


def shown_name(person: Mapping[str, Any]) -> str:
    """Give what somebody is called where they are shown."""
    profile = an_object(person.get("profile"))
    return a_text(profile, "display_name") or a_text(profile, "real_name") or a_text(person, "real_name") or a_text(person, "name")


def place_of(event: Json) -> Place:
    """Give where something was said: in a channel a thread or the channel itself, in a private chat always the chat."""
    channel, thread = wanted(event, "channel"), a_text(event, "thread_ts")
    direct = event.get("channel_type") == DIRECT or (not event.get("channel_type") and channel.startswith("D"))
    in_thread = bool(thread) and thread != a_text(event, "ts") and not direct
    return Place(channel, message_name(channel, thread) if in_thread else "", direct=direct)


def _message(account: Account, payload: Json, event: Json, bot: str) -> Sequence[Heard]:
    subtype, channel = a_text(event, "subtype"), wanted(event, "channel")
    if subtype == "message_changed":
        return _changed(payload, event, channel, bot)
    if subtype == "message_deleted":
        before = an_object(event.get("previous_message"))
        gone = a_text(event, "deleted_ts") or a_text(before, "ts")
        return [TookBack(message_name(channel, gone), place_of(event), Speaker(a_text(before, "user")))] if gone else []
    if subtype not in _SAID:
        return []
    found = said(account, event, bot)
    return [found] if found is not None else []


def said(account: Account, event: Json, bot: str) -> Wrote | None:
    """Read a message as an event tells it, or the history with its channel put in; nothing where it is of nobody."""
    channel, ts, user = wanted(event, "channel"), wanted(event, "ts"), a_text(event, "user")
    is_machine = bool(event.get("bot_id") or event.get("bot_profile") or event.get("subtype") == "bot_message") or (
        user == bot != ""
    )
    if not user and not is_machine:
        return None
    place, text, thread = place_of(event), a_text(event, "text"), a_text(event, "thread_ts")
    return Wrote(
        vendor_id=message_name(channel, ts),
        place=place,
        speaker=Speaker(user or a_text(event, "bot_id"), is_bot=is_machine),
        body=plain(text, bot=bot),
        files=_files(event),
        reply_to=message_name(channel, thread) if place.direct and thread and thread != ts else "",
        addressed=place.direct or names_desk(account, text, bot=bot),
    )


def _files(event: Json) -> tuple[RemoteFile, ...]:
    found = []
    for file in objects(event.get("files")):
        address = a_text(file, "url_private_download") or a_text(file, "url_private")
        if file.get("mode") in _NO_FILE or not (address or a_text(file, "id")):
            continue
        size = file.get("size")
        name = a_text(file, "name") or a_text(file, "title") or a_text(file, "id")
        # Without an address it is one of another workspace, which has to be asked for.
        found.append(RemoteFile(address or f"id:{a_text(file, 'id')}", name, size if isinstance(size, int) else 0))
    return tuple(found)


def _changed(payload: Json, event: Json, channel: str, bot: str) -> Sequence[Heard]:
    message = an_object(event.get("message"))
    ts, user, edited = wanted(message, "ts"), a_text(message, "user"), an_object(message.get("edited"))
    name, place = message_name(channel, ts), place_of({**message, "channel": channel, "channel_type": event.get("channel_type")})
    if message.get("subtype") == "tombstone":
        # What others answered to stays as an empty place.
        return [TookBack(name, place, Speaker(a_text(an_object(event.get("previous_message")), "user")))]
    # Without a mark of its author's it is a preview of a link, or a count of replies.
    if not edited or message.get("bot_id"):
        return []
    who = Speaker(a_text(edited, "user") or user)
    return [Changed(a_text(payload, "event_id"), name, place, who, plain(a_text(message, "text"), bot=bot))]


def _reacted(account: Account, payload: Json, event: Json, bot: str) -> Sequence[Heard]:
    item, user = an_object(event.get("item")), wanted(event, "user")
    if item.get("type") != "message" or (bot and user == bot):
        return []
    channel, ts = wanted(item, "channel"), wanted(item, "ts")
    sign = sign_of(wanted(event, "reaction"), ticket=str(account.settings.get("ticket_reaction") or ""))
    place = Place(channel, direct=channel.startswith("D"))
    return [Reacted(a_text(payload, "event_id"), message_name(channel, ts), place, Speaker(user), sign)]


def _tapped(payload: Json) -> Sequence[Heard]:
    container = an_object(payload.get("container"))
    channel = a_text(container, "channel_id") or a_text(an_object(payload.get("channel")), "id")
    ts = a_text(container, "message_ts") or a_text(an_object(payload.get("message")), "ts")
    answer = next((a_text(one, "value") for one in objects(payload.get("actions")) if a_text(one, "value")), "")
    if not channel or not ts or not answer:
        return []
    who = Speaker(wanted(an_object(payload.get("user")), "id"))
    place = Place(channel, direct=channel.startswith("D"))
    return [Reacted(wanted(payload, "trigger_id"), message_name(channel, ts), place, who, answer)]
