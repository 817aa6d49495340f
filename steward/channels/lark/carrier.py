"""The adapter of Lark and Feishu."""

from collections.abc import Sequence
from urllib.parse import quote

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Answer,
    Arrival,
    Call,
    Heard,
    Json,
    Later,
    Line,
    Parcel,
    Place,
    Refused,
    RemoteFile,
    Speaker,
    Traits,
    Wrote,
)
from steward.channels.lark.asked import ASKED
from steward.channels.lark.reading import answer_to, arrival_of, read, said_before
from steward.channels.lark.signs import reaction_of
from steward.core import clock

_MESSAGES = "/open-apis/im/v1/messages"
_HISTORY = 50


class Lark:
    """Events come over a connection kept open, or by requests of the vendor; what goes out goes by the open platform's API."""

    # The platform takes 1,000 a minute from an app and 5 a second into a chat, which all bots there share.
    traits = Traits(account_per_second=15, chat_per_second=4)
    asked = ASKED

    def answer(self, account: Account, call: Call) -> Answer:
        """Verify a request of the vendor; an event is answered once it is kept, a tap with a word of thanks."""
        from steward.channels.lark.verifying import opened  # noqa: PLC0415 -- a cipher weighs much in a web process that needs none

        event = opened(account, call, now=clock.now().timestamp())
        if event.get("type") == "url_verification":
            return Answer(200, {"challenge": str(event.get("challenge", ""))})
        return Answer(200, answer_to(event), arrivals=(arrival_of(event),))

    def read(self, account: Account, raw: Json) -> Sequence[Heard]:
        """Read one event."""
        return read(account, raw)

    def profile(self, account: Account, speaker: Speaker) -> Speaker:
        """Ask for the name and, where the app may see it, the address; of people of other companies nothing is told."""
        from steward.channels.lark import client  # noqa: PLC0415 -- an HTTP client weighs much in a web process that needs none

        path = f"/open-apis/contact/v3/users/{quote(speaker.vendor_id, safe='')}"
        try:
            found = client.ask(account, "GET", path, params={"user_id_type": "open_id"}).get("user")
        except Refused:
            return speaker
        person = found if isinstance(found, dict) else {}
        email = str(person.get("enterprise_email") or person.get("email") or "")
        return Speaker(speaker.vendor_id, name=str(person.get("name") or ""), email=email, is_bot=speaker.is_bot)

    def fetch(self, account: Account, file: RemoteFile, *, most: int) -> bytes:
        """Fetch a file of a message with the app's token."""
        from steward.channels.lark import client  # noqa: PLC0415 -- as above

        message, kind, key = [*file.reference.split("/", 2), "", ""][:3]
        if not message or not key:
            raise Refused("no address of a file")
        path = f"{_MESSAGES}/{quote(message, safe='')}/resources/{quote(key, safe='')}"
        return client.download(account, path, most=most, type=kind)

    def history(self, account: Account, place: Place, vendor_id: str) -> Sequence[Wrote]:
        """Give a message and its thread; of a message in a thread, the thread from its root on."""
        from steward.channels.lark import client  # noqa: PLC0415 -- as above

        items = client.ask(account, "GET", f"{_MESSAGES}/{quote(vendor_id, safe='')}").get("items") or []
        thread = next((str(one.get("thread_id") or "") for one in items), "")
        if thread:
            items = _thread(account, thread)
        return [one for item in items for one in said_before(account, item, direct=place.direct)]

    def carry(self, account: Account, parcel: Parcel) -> str:
        """Put a text, a question with its buttons, a file or a sign into a chat."""
        from steward.channels.lark import client, writing  # noqa: PLC0415 -- as above

        if parcel.kind == "join":
            # Whoever asked the desk in has put it there.
            return ""
        if parcel.kind == "reaction":
            reaction = reaction_of(parcel.sign)
            if not reaction:
                raise Refused(_("Lark has no such reaction: %(sign)s") % {"sign": parcel.sign})
            path = f"{_MESSAGES}/{quote(parcel.target, safe='')}/reactions"
            return str(client.ask(account, "POST", path, json={"reaction_type": {"emoji_type": reaction}}).get("reaction_id", ""))
        return writing.send(account, parcel)

    def catch_up(self, account: Account, cursor: str) -> tuple[Sequence[Arrival], str]:
        """Ask for a sign of life; what was not acknowledged the vendor brings again by itself, for some six hours."""
        from steward.channels.lark import client  # noqa: PLC0415 -- as above

        client.ask(account, "GET", "/open-apis/bot/v3/info")
        return (), cursor

    def check(self, account: Account) -> str:
        """Say whether the platform knows the app, its bot is on, and the bot's id set here is its own."""
        from steward.channels.lark import client  # noqa: PLC0415 -- as above

        try:
            told = client.ask(account, "GET", "/open-apis/bot/v3/info").get("bot")
        except (Later, Refused) as error:
            return str(error)
        bot = str(told.get("open_id", "")) if isinstance(told, dict) else ""
        if not bot:
            return _("The app has no bot. Switch the bot on in the developer console and publish a version.")
        if account.settings.get("bot_open_id") != bot:
            return _("Set bot_open_id to %(bot)s, so that the desk knows when it is named in a group.") % {"bot": bot}
        return ""

    def listens(self, account: Account) -> bool:
        """Tell whether events come over a connection: unless the account says that the vendor calls."""
        return account.settings.get("mode") != "webhook"

    def listen(self, account: Account, line: Line) -> None:
        """Stay connected with the vendor's own library. Raises `Refused` where it is not installed, and `Later`."""
        from steward.channels.lark import connection  # noqa: PLC0415 -- the vendor's library weighs a hundred megabytes

        connection.stay(account, line)


def _thread(account: Account, thread: str) -> list[Json]:
    from steward.channels.lark import client  # noqa: PLC0415 -- as above

    asked = {"container_id_type": "thread", "container_id": thread, "sort_type": "ByCreateTimeAsc", "page_size": _HISTORY}
    items: list[Json] = []
    more = ""
    while True:
        found = client.ask(account, "GET", _MESSAGES, params={**asked, **({"page_token": more} if more else {})})
        items += [one for one in found.get("items") or [] if isinstance(one, dict)]
        more = str(found.get("page_token") or "")
        if not found.get("has_more") or not more or len(items) >= 4 * _HISTORY:
            return items
