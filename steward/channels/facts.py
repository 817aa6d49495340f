"""What happens to messages on their way, to the channels themselves, and to the sites of the widget."""

from dataclasses import dataclass, field
from datetime import datetime

from steward.core.facts import Fact

Changes = dict[str, tuple[str | int | bool | None, str | int | bool | None]]


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact, kind="channels.message_delivered", subject="ticket"):
    """A message of the desk is where its requester can read it."""

    ticket_id: int
    message_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class MessageNotDelivered(Fact, kind="channels.message_not_delivered", subject="ticket"):
    """A message of the desk could not be carried to its requester; somebody has to look."""

    ticket_id: int
    message_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class MessageSentAgain(Fact, kind="channels.message_sent_again", subject="ticket"):
    """Somebody had a message that did not reach its requester carried once more."""

    ticket_id: int
    message_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class MessageReacted(Fact, kind="channels.message_reacted", subject="ticket"):
    """Somebody put a sign on a message where it was said; the sign is one of a vendor's emoji."""

    ticket_id: int
    message_id: int
    sign: str


@dataclass(frozen=True, kw_only=True)
class ChannelCreated(Fact, kind="channels.channel_created", subject="channel"):
    """A way in and out was set up."""

    channel_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ChannelChanged(Fact, kind="channels.channel_changed", subject="channel"):
    """A way in and out is set up otherwise; of its secrets only the names of those that changed are kept."""

    channel_id: int
    changes: Changes = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChannelPersonLinked(Fact, kind="channels.person_linked", subject="channel"):
    """An admin said which user somebody heard on a channel is, or that they are none."""

    channel_id: int
    person_id: int
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class EnvelopeRetried(Fact, kind="channels.envelope_retried", subject="channel"):
    """What came in and could not be taken in is tried once more, on somebody's word."""

    channel_id: int
    envelope_id: int


@dataclass(frozen=True, kw_only=True)
class EnvelopeDropped(Fact, kind="channels.envelope_dropped", subject="channel"):
    """What came in and could not be taken in is let go of, on somebody's word."""

    channel_id: int
    envelope_id: int


@dataclass(frozen=True, kw_only=True)
class OutgoingRetried(Fact, kind="channels.outgoing_retried", subject="channel"):
    """What could not be carried out is tried once more, on somebody's word; so many of them."""

    channel_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class OutgoingDropped(Fact, kind="channels.outgoing_dropped", subject="channel"):
    """What could not be carried out is let go of, on somebody's word; so many of them."""

    channel_id: int
    count: int


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


Value = str | int | bool | list[str] | None


@dataclass(frozen=True, kw_only=True)
class WidgetSiteCreated(Fact, kind="channels.widget_site_created", subject="widget_site"):
    """A site that may show the widget was set up, with the values it started with."""

    widget_site_id: int
    changes: dict[str, tuple[Value, Value]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WidgetSiteChanged(Fact, kind="channels.widget_site_changed", subject="widget_site"):
    """A site of the widget was changed, closed or opened again."""

    widget_site_id: int
    changes: dict[str, tuple[Value, Value]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WidgetSecretIssued(Fact, kind="channels.widget_secret_issued", subject="widget_site"):
    """A site got a new secret; the one before it, where there was one, is believed until the instant told."""

    widget_site_id: int
    secret_id: int
    old_secret_id: int | None = None
    old_ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WidgetSecretRevoked(Fact, kind="channels.widget_secret_revoked", subject="widget_site"):
    """A secret that was still believed beside the current one is believed no longer."""

    widget_site_id: int
    secret_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookCreated(Fact, kind="channels.webhook_created", subject="webhook"):
    """A webhook was set up; it hears these kinds of facts, all where none is named."""

    webhook_id: int
    kinds: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Fact, kind="channels.webhook_changed", subject="webhook"):
    """A webhook was changed, or switched off or on; of what changed only the names are kept."""

    webhook_id: int
    changed: list[str]
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class WebhookSecretIssued(Fact, kind="channels.webhook_secret_issued", subject="webhook"):
    """A webhook got a new secret; for a day everything is signed with the one before too."""

    webhook_id: int
    secret_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookGivenUp(Fact, kind="channels.webhook_given_up", subject="webhook"):
    """A webhook that took nothing for days was switched off, and the admins were told."""

    webhook_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookReplayed(Fact, kind="channels.webhook_replayed", subject="webhook"):
    """Somebody had one sending, or all that failed, sent again."""

    webhook_id: int
    count: int
    sending_id: int | None = None
