"""Which adapter carries which kind of channel."""

from typing import Protocol

from steward.channels.models import Delivery
from steward.channels.rules.kinds import ChannelKind
from steward.channels.webchat import deliver as webchat


class Adapter(Protocol):
    """What carries messages of one kind of channel to requesters."""

    def deliver(self, delivery: Delivery) -> None:
        """Carry one message; asked again for the same delivery, carry it no second time."""


_ADAPTERS: dict[ChannelKind, Adapter] = {
    ChannelKind.PORTAL: webchat.Page(),
    ChannelKind.CHAT: webchat.Page(),
}


def adapter_for(kind: str) -> Adapter:
    """Give the adapter of a kind of channel."""
    return _ADAPTERS[ChannelKind(kind)]
