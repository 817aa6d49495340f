"""The kinds of channels there are."""

from enum import StrEnum


class ChannelKind(StrEnum):
    """A way in and out; each has its adapter."""

    PORTAL = "portal"
    CHAT = "chat"
    EMAIL = "email"
    WIDGET = "widget"
    MATRIX = "matrix"
    LARK = "lark"
    SLACK = "slack"


class DeliveryState(StrEnum):
    """How far a message of the desk has come: on its way, where it can be read, read; or it could not be carried."""

    QUEUED = "queued"
    SENT = "sent"
    SEEN = "seen"
    FAILED = "failed"


NAMES = {
    ChannelKind.PORTAL: "Portal",
    ChannelKind.CHAT: "Web chat",
    ChannelKind.EMAIL: "E-mail",
    ChannelKind.WIDGET: "Widget",
    ChannelKind.MATRIX: "Matrix",
    ChannelKind.LARK: "Lark",
    ChannelKind.SLACK: "Slack",
}
# What is said on these lies on pages of the desk itself; everything else is carried elsewhere.
PAGES = frozenset({ChannelKind.PORTAL, ChannelKind.CHAT, ChannelKind.WIDGET})


def kind_of(channel: str) -> ChannelKind:
    """Give the page that shows what is said on a ticket; what came in otherwise can be read in the portal."""
    return ChannelKind(channel) if channel in PAGES else ChannelKind.PORTAL
