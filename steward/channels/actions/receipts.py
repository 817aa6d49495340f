"""Telling somebody where they asked that their question has arrived, and what to expect."""

from datetime import datetime

from steward.channels.actions.outbox import put
from steward.channels.actions.receipt_words import receipt_of
from steward.channels.contract import Account, Place
from steward.channels.models import ChannelPerson, ChannelThread
from steward.desk.models import Message


def tell_received(
    account: Account,
    place: Place,
    message: Message,
    *,
    key: str,
    at: datetime,
    thread: ChannelThread | None = None,
    person: ChannelPerson | None = None,
    when_sent: bool = False,
) -> None:
    """Say the number, who answers, the place in line and the expected time, in the requester's language and zone.

    With `when_sent` the words are found as it goes out, and taking in what came does not wait for them.
    """
    ticket = message.ticket_id
    said = {"receipt": True} if when_sent else {"text": receipt_of(ticket, at=at)}
    put(
        channel_id=account.channel_id,
        place=place,
        kind="text",
        key=key,
        payload={**said, "ticket": ticket},
        thread=thread,
        person=person,
        at=at,
    )
