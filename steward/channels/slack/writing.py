"""Writing what goes out, once: Slack knows no keys, so ours goes along and is looked for where it was tried before."""

from typing import Any

from django.utils.translation import gettext as _

from steward.channels.contract import Account, Parcel, Refused
from steward.channels.slack import client
from steward.channels.slack.names import a_text, an_object, message_name, objects, parts_of
from steward.channels.slack.signs import name_of
from steward.channels.slack.words import written

# The vendor cuts at 40,000 and advises 4,000; a section of a question holds 3,000.
LONGEST = 8_000
LONGEST_QUESTION = 2_900
LOOKED_THROUGH = 200
_KEY = "steward_message"


def send(account: Account, parcel: Parcel) -> str:
    """Send a parcel, in pieces where it is too long, and give the vendor's name of the first, of a question the last."""
    if parcel.kind == "file":
        return _file(account, parcel)
    words = f"{parcel.author}: {parcel.text}" if parcel.author else parcel.text
    *pieces, last = _pieces(words, LONGEST_QUESTION if parcel.answers else LONGEST)
    sent = [_post(account, parcel, f"{parcel.key}-{place}", piece, {}) for place, piece in enumerate(pieces)]
    sent.append(_post(account, parcel, parcel.key, last, {"blocks": _question(parcel, last)} if parcel.answers else {}))
    # What is asked is answered under its buttons, which stand in the last piece.
    return sent[-1] if parcel.answers else sent[0]


def react(account: Account, parcel: Parcel) -> str:
    """Put a sign on a message; one that stands there already is as good."""
    name = name_of(parcel.sign)
    if not name:
        raise Refused(_("Slack has no such reaction: %(sign)s") % {"sign": parcel.sign})
    channel, ts = parts_of(parcel.target)
    try:
        client.ask(account, "reactions.add", {"channel": channel, "timestamp": ts, "name": name})
    except client.Rejected as error:
        if error.code != "already_reacted":
            raise
    return ""


def _post(account: Account, parcel: Parcel, key: str, words: str, more: dict[str, Any]) -> str:
    full_key = f"{account.channel_id}:{key}"
    if parcel.sent_before and (there := _sent(account, parcel, lambda one: _key_of(one) == full_key)):
        return there
    told = {
        "channel": parcel.place.chat_id,
        "text": written(words),
        "mrkdwn": False,
        "parse": "none",
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": _KEY, "event_payload": {"key": full_key}},
        **_thread(parcel),
        **more,
    }
    found = client.ask(account, "chat.postMessage", told, only_here=True)
    return message_name(str(found.get("channel") or parcel.place.chat_id), str(found["ts"]))


def _thread(parcel: Parcel) -> dict[str, str]:
    # In a private chat everything stands in the chat itself, where it is seen.
    _channel, ts = parts_of(parcel.place.root_id)
    return {"thread_ts": ts} if ts and not parcel.place.direct else {}


def _sent(account: Account, parcel: Parcel, is_it: Any) -> str:
    """Look for what may have arrived when it was tried before, among the newest of the chat or the whole of the thread."""
    chat, thread = parcel.place.chat_id, _thread(parcel)
    method = "conversations.replies" if thread else "conversations.history"
    where = {"channel": chat, "include_all_metadata": True, **({"ts": thread["thread_ts"]} if thread else {})}
    for one in client.pages(account, method, "messages", where, most=LOOKED_THROUGH):
        if is_it(one):
            return message_name(chat, a_text(one, "ts"))
    return ""


def _key_of(message: dict[str, Any]) -> str:
    metadata = an_object(message.get("metadata"))
    return a_text(an_object(metadata.get("event_payload")), "key") if metadata.get("event_type") == _KEY else ""


def _question(parcel: Parcel, words: str) -> list[dict[str, Any]]:
    buttons = [
        {
            "type": "button",
            "action_id": f"answer_{value}",
            "value": value,
            "text": {"type": "plain_text", "text": label[:75]},
            **({"style": "primary"} if place == 0 else {}),
        }
        for place, (value, label) in enumerate(parcel.answers)
    ]
    section = {"type": "section", "text": {"type": "plain_text", "text": words, "emoji": False}}
    return [section, {"type": "actions", "elements": buttons}]


def _pieces(text: str, longest: int) -> list[str]:
    pieces, rest = [], text
    while len(rest) > longest:
        at = max(rest.rfind("\n", 0, longest), rest.rfind(" ", 0, longest))
        at = at + 1 if at > longest // 2 else longest
        pieces.append(rest[:at])
        rest = rest[at:]
    return [*pieces, rest]


def _file(account: Account, parcel: Parcel) -> str:
    if not parcel.content:
        raise Refused(_("Slack takes no empty files."))
    size = len(parcel.content)

    def is_it(one: dict[str, Any]) -> bool:
        return bool(one.get("bot_id")) and any(
            file.get("name") == parcel.file_name and file.get("size") == size for file in objects(one.get("files"))
        )

    if parcel.sent_before and (there := _sent(account, parcel, is_it)):
        return there
    given = client.ask(account, "files.getUploadURLExternal", {"filename": parcel.file_name, "length": size})
    client.upload(account, str(given["upload_url"]), parcel.content, parcel.file_name)
    told = {"files": [{"id": given["file_id"], "title": parcel.file_name}], "channel_id": parcel.place.chat_id}
    client.ask(account, "files.completeUploadExternal", {**told, **_thread(parcel)}, only_here=True)
    return ""
