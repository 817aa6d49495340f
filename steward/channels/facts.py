"""What happens to a message on its way out; every fact here stands on the stream `ticket:<number>`."""

from dataclasses import dataclass

from steward.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact, kind="channels.message_delivered", subject="ticket"):
    """A message of the desk is where its requester can read it."""

    ticket_id: int
    message_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class MessageSeen(Fact, kind="channels.message_seen", subject="ticket"):
    """The requester has seen everything the desk said, up to and including this message."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class RequesterMailed(Fact, kind="channels.requester_mailed", subject="ticket"):
    """The requester, who had not looked, was told by mail that an answer waits; the message is the newest it told of."""

    ticket_id: int
    message_id: int
