"""The adapter of Matrix."""

import html
import json
from collections.abc import Sequence
from hmac import compare_digest
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Answer,
    Arrival,
    Call,
    Forged,
    Heard,
    Json,
    Later,
    Parcel,
    Place,
    Refused,
    RemoteFile,
    Speaker,
    Traits,
    Wrote,
)
from steward.channels.matrix.asked import ASKED
from steward.channels.matrix.reading import bot_of, read, typing_in

_SIGNS = {"yes": "✅", "no": "❌", "1": "1️⃣", "2": "2️⃣", "3": "3️⃣", "4": "4️⃣", "5": "5️⃣"}
_MSGTYPES = {"image": "m.image", "video": "m.video", "audio": "m.audio"}
_HISTORY = 100
# In milliseconds; a page says every eight seconds that somebody still writes.
_TYPES_FOR = 10_000


class Matrix:
    """Events come from the homeserver's transactions; what goes out goes by its client API, as the desk's own user."""

    traits = Traits(account_per_second=50, chat_per_second=20)
    asked = ASKED

    def answer(self, account: Account, call: Call) -> Answer:
        """Verify a request of the homeserver by its token; a transaction is answered once all its events are kept."""
        scheme, _space, token = call.headers.get("authorization", "").partition(" ")
        given = token if scheme.lower() == "bearer" else call.query.get("access_token", "")
        expected = str(account.secrets.get("hs_token", ""))
        if not expected or not compare_digest(given.encode(), expected.encode()):
            raise Forged(_("The token is not the homeserver's."))
        if call.method == "PUT" and "/transactions/" in call.path:
            return _transaction(account, call.body)
        if call.method == "POST" and call.path.endswith("/ping"):
            return Answer(200, {})
        return Answer(404, {"errcode": "M_NOT_FOUND", "error": "Unknown here."})

    def read(self, account: Account, raw: Json) -> Sequence[Heard]:
        """Read one event."""
        return read(account, raw)

    def profile(self, account: Account, speaker: Speaker) -> Speaker:
        """Ask what somebody is called; who has no profile is called by their address."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- an HTTP client weighs much in a web process that needs none

        try:
            found = client.ask(account, "GET", f"/_matrix/client/v3/profile/{quote(speaker.vendor_id, safe='')}")
        except Refused:
            return speaker
        return Speaker(vendor_id=speaker.vendor_id, name=str(found.get("displayname") or ""))

    def fetch(self, account: Account, file: RemoteFile, *, most: int) -> bytes:
        """Fetch a file with the desk's token; nothing is hot-linked."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- as above

        return client.download(account, file.reference, most=most)

    def history(self, account: Account, place: Place, vendor_id: str) -> Sequence[Wrote]:
        """Give a message and its thread; of a message in a thread, the thread from its root on."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- as above

        room = f"/_matrix/client/{{version}}/rooms/{quote(place.chat_id, safe='')}"
        first = client.ask(account, "GET", f"{room.format(version='v3')}/event/{quote(vendor_id, safe='')}")
        said = _said(account, place, first)
        root = said[0].place.root_id if said else ""
        if root:
            first = client.ask(account, "GET", f"{room.format(version='v3')}/event/{quote(root, safe='')}")
        path = f"{room.format(version='v1')}/relations/{quote(str(first['event_id']), safe='')}/m.thread"
        later = client.ask(account, "GET", path, params={"limit": _HISTORY, "dir": "b"}).get("chunk", [])
        events = [first, *sorted(later, key=lambda event: int(event.get("origin_server_ts", 0)))]
        return [one for event in events for one in _said(account, place, event)]

    def carry(self, account: Account, parcel: Parcel) -> str:
        """Put a text, a file or a sign into a room, or go into it when asked."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- as above

        room = parcel.place.chat_id
        if parcel.kind == "join":
            client.ask(account, "POST", f"/_matrix/client/v3/join/{quote(room, safe='')}", json={})
            return ""
        if parcel.kind == "reaction":
            return _sign(account, room, parcel.target, parcel.sign, parcel.key)
        content = _file(account, parcel) if parcel.kind == "file" else _text(parcel)
        content |= _relation(parcel.place)
        event_id = client.send_event(account, room, "m.room.message", parcel.key, content)
        for value, _label in parcel.answers:
            # The desk puts each sign there itself, so that answering is one tap.
            if value in _SIGNS:
                _sign(account, room, event_id, _SIGNS[value], f"{parcel.key}-{value}")
        return event_id

    def type(self, account: Account, place: Place) -> None:
        """Show for some seconds that the desk writes."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- as above

        path = f"/_matrix/client/v3/rooms/{quote(place.chat_id, safe='')}/typing/{quote(bot_of(account), safe='')}"
        client.ask(account, "PUT", path, json={"typing": True, "timeout": _TYPES_FOR})

    def catch_up(self, account: Account, cursor: str) -> tuple[Sequence[Arrival], str]:
        """Ask for a sign of life; what was not acknowledged the homeserver brings again by itself, in its order."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- as above

        client.ask(account, "GET", "/_matrix/client/v3/account/whoami")
        return (), cursor

    def check(self, account: Account) -> str:
        """Say whether the homeserver knows the token as that of the desk's user."""
        from steward.channels.matrix import client  # noqa: PLC0415 -- as above

        try:
            known = client.ask(account, "GET", "/_matrix/client/v3/account/whoami").get("user_id")
        except (Later, Refused) as error:
            return str(error)
        if known != bot_of(account):
            return _("The homeserver says that this token is %(other)s's, not %(bot)s's.") % {
                "other": known,
                "bot": bot_of(account),
            }
        return ""


def _transaction(account: Account, body: bytes) -> Answer:
    try:
        told = json.loads(body)
        arrivals = tuple(_arrival(event) for event in told.get("events", []) if isinstance(event, dict))
        passing = told.get("ephemeral") or told.get("de.sorunome.msc2409.ephemeral") or []
        return Answer(200, {}, arrivals=arrivals, typing=tuple(typing_in(account, passing)))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Forged(_("This is no transaction of a homeserver.")) from error


def _arrival(event: dict[str, Any]) -> Arrival:
    return Arrival(event_id=str(event.get("event_id", "")), raw=event, thread_key=str(event.get("room_id", "")))


def _said(account: Account, place: Place, event: Json) -> list[Wrote]:
    heard = read(account, {"room_id": place.chat_id, **event})
    return [one for one in heard if isinstance(one, Wrote)]


def _relation(place: Place) -> dict[str, Any]:
    if not place.root_id:
        return {}
    if place.direct:
        # With one person there is one line of talk; the answer names what it answers.
        return {"m.relates_to": {"m.in_reply_to": {"event_id": place.root_id}}}
    relation = {"rel_type": "m.thread", "event_id": place.root_id, "is_falling_back": True}
    return {"m.relates_to": {**relation, "m.in_reply_to": {"event_id": place.root_id}}}


def _text(parcel: Parcel) -> dict[str, Any]:
    lines = [parcel.text]
    if parcel.answers:
        lines.append("\n".join(f"{_SIGNS.get(value, value)} {label}" for value, label in parcel.answers))
    words = "\n\n".join(lines)
    if not parcel.author:
        return {"msgtype": "m.notice" if parcel.about and not parcel.answers else "m.text", "body": words}
    safe = html.escape(words).replace("\n", "<br>")
    return {
        "msgtype": "m.text",
        "body": f"{parcel.author}: {words}",
        "format": "org.matrix.custom.html",
        "formatted_body": f"<strong>{html.escape(parcel.author)}</strong>: {safe}",
    }


def _file(account: Account, parcel: Parcel) -> dict[str, Any]:
    from steward.channels.matrix import client  # noqa: PLC0415 -- as above

    found = client.ask(
        account,
        "POST",
        "/_matrix/media/v3/upload",
        params={"filename": parcel.file_name},
        content=parcel.content,
        headers={"Content-Type": parcel.media_type or "application/octet-stream"},
    )
    info = {"mimetype": parcel.media_type, "size": len(parcel.content)}
    kind = _MSGTYPES.get(parcel.media_type.partition("/")[0], "m.file")
    return {"msgtype": kind, "body": parcel.file_name, "filename": parcel.file_name, "url": found["content_uri"], "info": info}


def _sign(account: Account, room: str, target: str, sign: str, key: str) -> str:
    from steward.channels.matrix import client  # noqa: PLC0415 -- as above

    content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": sign}}
    try:
        return client.send_event(account, room, "m.reaction", key, content)
    except Refused as error:
        if client.is_duplicate(error):
            return ""
        raise
