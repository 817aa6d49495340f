"""The kinds of channels there are."""

from enum import StrEnum


class ChannelKind(StrEnum):
    """A way in and out; each has its adapter."""

    PORTAL = "portal"
    CHAT = "chat"


class DeliveryState(StrEnum):
    """How far a message of the desk has come: on its way, where it can be read, read."""

    QUEUED = "queued"
    SENT = "sent"
    SEEN = "seen"


NAMES = {ChannelKind.PORTAL: "Portal", ChannelKind.CHAT: "Web chat"}


def kind_of(channel: str) -> ChannelKind:
    """Give the kind that carries replies to a ticket; what came in otherwise can be read in the portal."""
    return ChannelKind(channel) if channel in set(ChannelKind) else ChannelKind.PORTAL
