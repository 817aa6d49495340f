"""A desk with a mailbox in one process: letters are kept and taken in at once, as the worker would."""

from datetime import datetime

from steward.channels.actions.accounts import create_channel
from steward.channels.actions.arriving import keep
from steward.channels.actions.hearing import hear
from steward.channels.contract import Account
from steward.channels.email.addressing import message_id, reply_address
from steward.channels.email.letters import arrival_of
from steward.channels.email.mailbox import key
from steward.channels.models import Channel, InboundEnvelope
from steward.channels.rules.kinds import ChannelKind
from steward.core import clock
from steward.desk.models import Message, Ticket
from tests.cast import Cast
from tests.mail_servers import PASSWORD, settings_for


def mailbox(cast: Cast, *, imap=None, smtp=None, **settings: str) -> Channel:
    """Set up a channel for e-mail."""
    return create_channel(
        kind="email",
        name="Help",
        settings=settings_for(imap, smtp, **settings),
        secrets={"imap_password": PASSWORD},
        by=cast.actor(cast.ana),
        at=clock.now(),
    )


def account(**settings: str) -> Account:
    """Give an account that is in no database."""
    return Account(1, ChannelKind.EMAIL, "Help", settings_for(None, None, **settings), {})


def take(channel: Channel, *letters: bytes, at: datetime) -> InboundEnvelope:
    """Keep letters and take them in; give the envelope of the last."""
    keep(channel_id=channel.pk, arrivals=[arrival_of(one) for one in letters], at=at)
    hear(channel_id=channel.pk, now=lambda: at)
    return InboundEnvelope.objects.filter(channel=channel).latest("id")


def opened(channel: Channel, letter: bytes, *, at: datetime) -> Ticket:
    """Take in a letter that opens a ticket, and give that."""
    envelope = take(channel, letter, at=at)
    assert envelope.message is not None, envelope.problem
    return Ticket.objects.get(pk=envelope.message.ticket_id)


def signed(ticket: Ticket, address: str = "help@desk.example") -> str:
    """Give the address that leads to a ticket."""
    return reply_address(address, ticket=ticket.pk, key=key())


def own_id(message: Message) -> str:
    """Give the id a message of the desk goes out under."""
    return message_id(ticket=message.conversation.ticket_id, message=message.pk, host="desk.example", key=key())


def said(ticket: Ticket) -> list[str]:
    """Give what was said on a ticket, notes and what nobody wrote left out."""
    found = Message.objects.filter(ticket=ticket, kind="message", automatic=False)
    return list(found.order_by("id").values_list("body", flat=True))


def notes(ticket: Ticket) -> list[str]:
    """Give the notes on a ticket."""
    return list(Message.objects.filter(ticket=ticket, kind="note").order_by("id").values_list("body", flat=True))
