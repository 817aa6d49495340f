"""What was said while nobody listened: taken from the histories of the chats the desk is in."""

from collections.abc import Iterator
from datetime import timedelta

from steward.channels.contract import Account, Arrival, Json, Refused
from steward.channels.slack import client
from steward.channels.slack.names import a_text

_KINDS = "public_channel,private_channel,mpim,im"
MOST_CHATS, MOST_MESSAGES, MOST_REPLIES = 1_000, 1_000, 200
# A thread that was begun longer ago is not looked into.
OLDEST_THREAD = timedelta(days=3).total_seconds()


def missed(account: Account, since: float) -> Iterator[Arrival]:
    """Give what people said since an instant, chat by chat, oldest first; what came meanwhile too is known.

    Raises `Later`.
    """
    bot = str(client.ask(account, "auth.test").get("user_id") or "")
    for chat in client.pages(
        account, "users.conversations", "channels", {"types": _KINDS, "exclude_archived": True}, most=MOST_CHATS
    ):
        yield from _of_chat(account, chat, bot, since)


def _of_chat(account: Account, chat: Json, bot: str, since: float) -> Iterator[Arrival]:
    found: list[Json] = []
    channel = a_text(chat, "id")
    try:
        oldest = f"{max(0.0, since - OLDEST_THREAD):.6f}"
        rows = client.pages(
            account, "conversations.history", "messages", {"channel": channel, "oldest": oldest}, most=MOST_MESSAGES
        )
        for message in rows:
            if _instant(message.get("ts")) >= since:
                found.append(message)
            if _instant(message.get("latest_reply")) >= since:
                found += _replies(account, channel, a_text(message, "ts"), since)
    except Refused:
        # A chat the desk was taken out of meanwhile has nothing more to tell.
        return
    for said in sorted(found, key=lambda one: _instant(one.get("ts"))):
        if a_text(said, "user") and not said.get("bot_id") and said.get("user") != bot:
            yield _arrival(account, said, channel, _kind_of(chat), bot)


def _replies(account: Account, channel: str, root: str, since: float) -> list[Json]:
    where = {"channel": channel, "ts": root, "oldest": f"{since:.6f}"}
    rows = client.pages(account, "conversations.replies", "messages", where, most=MOST_REPLIES)
    # The root comes along with every page.
    return [one for one in rows if a_text(one, "ts") != root and _instant(one.get("ts")) >= since]


def _instant(value: object) -> float:
    try:
        return float(value) if isinstance(value, str) else 0.0
    except ValueError:
        return 0.0


def _kind_of(chat: Json) -> str:
    if chat.get("is_im"):
        return "im"
    if chat.get("is_mpim"):
        return "mpim"
    return "group" if chat.get("is_private") else "channel"


def _arrival(account: Account, message: Json, channel: str, kind: str, bot: str) -> Arrival:
    name = f"missed:{channel}:{a_text(message, 'ts')}"
    event = {**message, "type": "message", "channel": channel, "channel_type": kind}
    told = {"type": "event_callback", "event_id": name, "event": event, "authorizations": [{"user_id": bot, "is_bot": True}]}
    team = str(account.settings.get("team_id") or "")
    return Arrival(name, {**told, "team_id": team} if team else told, channel)
