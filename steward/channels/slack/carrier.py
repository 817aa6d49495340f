"""The adapter of Slack."""

from collections.abc import Iterator, Sequence

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
from steward.channels.slack.asked import ASKED
from steward.channels.slack.names import a_text, an_object, parts_of
from steward.channels.slack.reading import arrival_of, read, said, shown_name
from steward.channels.slack.verifying import opened
from steward.core import clock

NEEDED = frozenset(
    [
        *("chat:write", "files:read", "files:write", "reactions:read", "reactions:write", "users:read", "users:read.email"),
        *("im:history", "channels:history", "groups:history", "channels:read", "groups:read", "im:read"),
    ]
)
_HISTORY = 200
# While the vendor's calls come, and are repeated, nothing has to be asked for.
_GAP, _OVERLAP = 150.0, 360.0


class Slack:
    """Events come over a connection kept open, or by requests of the vendor; what goes out goes by its Web API."""

    # One message a second into a channel, and some hundreds a minute for the whole workspace.
    traits = Traits(account_per_second=8, chat_per_second=1)
    asked = ASKED

    def answer(self, account: Account, call: Call) -> Answer:
        """Verify a request of the vendor; an event or a tap is answered once it is kept."""
        payload = opened(account, call, now=clock.now().timestamp())
        if payload.get("type") == "url_verification":
            return Answer(200, {"challenge": str(payload.get("challenge", ""))})
        if payload.get("type") not in {"event_callback", "block_actions"}:
            return Answer(200, {})
        return Answer(200, {}, arrivals=(arrival_of(payload),))

    def read(self, account: Account, raw: Json) -> Sequence[Heard]:
        """Read one event."""
        return read(account, raw)

    def profile(self, account: Account, speaker: Speaker) -> Speaker:
        """Ask for the name and the address; of people the app may not see nothing is told."""
        from steward.channels.slack import client  # noqa: PLC0415 -- an HTTP client weighs much in a web process that needs none

        try:
            person = an_object(client.ask(account, "users.info", {"user": speaker.vendor_id}).get("user"))
        except Refused:
            return speaker
        email = a_text(an_object(person.get("profile")), "email")
        is_bot = speaker.is_bot or person.get("is_bot") is True
        # A guest of another workspace has an address that this workspace does not vouch for.
        email = "" if person.get("is_stranger") is True else email
        return Speaker(speaker.vendor_id, name=shown_name(person), email=email, is_bot=is_bot)

    def fetch(self, account: Account, file: RemoteFile, *, most: int) -> bytes:
        """Fetch a file with the app's token."""
        from steward.channels.slack import client  # noqa: PLC0415 -- as above

        address = file.reference
        if address.startswith("id:"):
            told = an_object(client.ask(account, "files.info", {"file": address.removeprefix("id:")}).get("file"))
            address = a_text(told, "url_private_download") or a_text(told, "url_private")
        return client.download(account, address, most=most)

    def history(self, account: Account, place: Place, vendor_id: str) -> Sequence[Wrote]:
        """Give a message and its thread; of a message in a thread, the thread from its root on."""
        from steward.channels.slack import client  # noqa: PLC0415 -- as above

        channel, ts = parts_of(vendor_id)
        bot = str(account.settings.get("bot_user_id") or "") or str(client.ask(account, "auth.test").get("user_id") or "")
        messages = list(_thread(account, channel, ts))
        root = a_text(messages[0], "thread_ts") if messages else ""
        if root and root != ts:
            messages = list(_thread(account, channel, root))
        kind = "im" if place.direct else "channel"
        found = [said(account, {**one, "channel": channel, "channel_type": kind}, bot) for one in messages]
        return [one for one in found if one is not None]

    def carry(self, account: Account, parcel: Parcel) -> str:
        """Put a text, a question with its buttons, a file or a sign into a chat."""
        from steward.channels.slack import writing  # noqa: PLC0415 -- as above

        if parcel.kind == "join":
            # Whoever asked the desk in has put it there.
            return ""
        return writing.react(account, parcel) if parcel.kind == "reaction" else writing.send(account, parcel)

    def catch_up(self, account: Account, cursor: str) -> tuple[Sequence[Arrival], str]:
        """Ask for a sign of life and, after a gap, for what was said in it; a connection fills its gaps itself."""
        from steward.channels.slack import client  # noqa: PLC0415 -- as above
        from steward.channels.slack.missed import missed  # noqa: PLC0415 -- as above

        if self.listens(account):
            client.ask(account, "auth.test")
            return (), cursor
        now = clock.now().timestamp()
        if cursor and now - float(cursor) > _GAP:
            return list(missed(account, float(cursor) - _OVERLAP)), f"{now:.3f}"
        client.ask(account, "auth.test")
        return (), f"{now:.3f}"

    def check(self, account: Account) -> str:
        """Say whether the vendor knows the app, it may do what it needs, and the bot's id set here is its own."""
        from steward.channels.slack import client  # noqa: PLC0415 -- as above

        try:
            told, scopes = client.scopes_of(account)
            if self.listens(account):
                client.ask(account, "apps.connections.open", who="app_token")
        except (Later, Refused) as error:
            return str(error)
        if scopes and (lacking := sorted(NEEDED - scopes)):
            return _("The app lacks scopes: %(scopes)s. Add them and install the app again.") % {"scopes": ", ".join(lacking)}
        team, bot = a_text(told, "team_id"), a_text(told, "user_id")
        if account.settings.get("team_id") not in {None, "", team}:
            return _("The app is of the workspace %(team)s, not of the one set here.") % {"team": team}
        if account.settings.get("bot_user_id") != bot:
            return _("Set bot_user_id to %(bot)s, so that the desk knows when it is named in a channel.") % {"bot": bot}
        if not self.listens(account) and not account.secrets.get("signing_secret"):
            return _("The signing secret is missing: what the vendor brings is refused.")
        return ""

    def listens(self, account: Account) -> bool:
        """Tell whether events come over a connection: unless the account says that the vendor calls."""
        return account.settings.get("mode") != "http"

    def listen(self, account: Account, line: Line) -> None:
        """Stay connected with the vendor's own library. Raises `Refused` where it is not installed, and `Later`."""
        from steward.channels.slack import connection  # noqa: PLC0415 -- the vendor's library, for this process alone

        connection.stay(account, line)


def _thread(account: Account, channel: str, ts: str) -> Iterator[Json]:
    from steward.channels.slack import client  # noqa: PLC0415 -- as above

    return client.pages(account, "conversations.replies", "messages", {"channel": channel, "ts": ts}, most=_HISTORY)
