"""The tables of channels."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.channels.rules.kinds import ChannelKind, DeliveryState
from steward.channels.webhook_tables import Webhook, WebhookAttempt, WebhookSecret, WebhookSending
from steward.channels.widget_tables import WidgetPage, WidgetSecret, WidgetSite, WidgetToken

__all__ = [
    "Channel",
    "ChannelChat",
    "ChannelHealth",
    "ChannelMessage",
    "ChannelPerson",
    "ChannelThread",
    "Delivery",
    "InboundEnvelope",
    "Outgoing",
    "Webhook",
    "WebhookAttempt",
    "WebhookSecret",
    "WebhookSending",
    "WidgetPage",
    "WidgetSecret",
    "WidgetSite",
    "WidgetToken",
]


_STATES = sorted(state.value for state in DeliveryState)


class Channel(models.Model):
    """A configured way in and out; what is switched off takes nothing in, and still delivers what is said on its tickets."""

    class Kind(models.TextChoices):
        """Which adapter carries it."""

        PORTAL = "portal", _("Portal")
        CHAT = "chat", _("Web chat")
        EMAIL = "email", _("E-mail")
        WIDGET = "widget", _("Widget")
        MATRIX = "matrix", _("Matrix")
        LARK = "lark", _("Lark")
        SLACK = "slack", _("Slack")

    kind = models.TextField(choices=Kind.choices)
    name = models.TextField()
    is_active = models.BooleanField(default=True)
    settings = models.JSONField(default=dict, db_default={})
    # Never shown, never exported, never in a fact.
    secrets = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("kind", Lower("name"), name="channels_channel_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(kind.value for kind in ChannelKind)),
                name="channels_channel_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChannelPerson(models.Model):
    """Somebody as a vendor knows them: a requester once they have asked, an agent where an admin said so."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    vendor_id = models.TextField()
    name = models.TextField(default="", blank=True)
    requester = models.ForeignKey("people.Requester", on_delete=models.PROTECT, related_name="+", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "vendor_id"], name="channels_channelperson_once"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk} of channel {self.channel_id}"


class InboundEnvelope(models.Model):
    """Something that came in, kept exactly as it came before anything is made of it.

    It has led to a message, or was done with otherwise, or has a problem, or waits to be taken in. The same event
    of the same channel is one row, however often it is sent. What has one `thread_key` is taken in in the order it came;
    `due_at` is before when it is not to be looked at.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    vendor_event_id = models.TextField()
    raw = models.JSONField()
    received_at = models.DateTimeField()
    message = models.ForeignKey("desk.Message", on_delete=models.PROTECT, related_name="+", null=True)
    problem = models.TextField(default="", blank=True)
    thread_key = models.TextField(default="", db_default="", blank=True)
    person = models.ForeignKey(ChannelPerson, on_delete=models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "vendor_event_id"], name="channels_inboundenvelope_once"),
            models.CheckConstraint(
                condition=models.Q(message=None) | models.Q(problem=""),
                name="channels_inboundenvelope_message_or_problem",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(message=None, problem="", done_at=None),
                name="channels_envelope_waiting",
            ),
            models.Index(
                fields=["channel", "id"],
                condition=models.Q(message=None, problem="", done_at=None),
                name="channels_envelope_in_line",
            ),
            models.Index(
                fields=["channel", "id"],
                condition=~models.Q(problem=""),
                name="channels_envelope_parked",
            ),
            models.Index(fields=["message"], name="channels_envelope_message"),
        ]

    def __str__(self) -> str:
        return f"envelope {self.pk} of channel {self.channel_id}"


class Delivery(models.Model):
    """A message of the desk on its way to its requester; one a message.

    `mailed_at` is when the requester was told by mail that it waits.
    """

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", _("On its way")
        SENT = "sent", _("Delivered")
        SEEN = "seen", _("Seen")
        FAILED = "failed", _("Not delivered")

    message = models.OneToOneField("desk.Message", on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    state = models.TextField(choices=State.choices)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=_STATES), name="channels_delivery_known_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "failed"], sent_at=None)
                | ~models.Q(state__in=["queued", "failed"]) & models.Q(sent_at__isnull=False),
                name="channels_delivery_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="seen", seen_at__isnull=False) | ~models.Q(state="seen") & models.Q(seen_at=None),
                name="channels_delivery_seen_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "message"], name="channels_delivery_ticket"),
            models.Index(
                fields=["sent_at"],
                condition=models.Q(state="sent", mailed_at=None),
                name="channels_delivery_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id}: {self.state}"


class ChannelChat(models.Model):
    """A chat of a vendor that the desk was asked into, and whether it is one with a single person."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    chat_id = models.TextField()
    direct = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "chat_id"], name="channels_channelchat_once"),
        ]

    def __str__(self) -> str:
        return f"chat {self.pk} of channel {self.channel_id}"


class ChannelThread(models.Model):
    """A thread of a vendor and the conversation it carries; or, in a triage room, the ticket it is about.

    After a follow-up ticket the same thread goes on with the new conversation. `closed_at` is when the vendor said that
    nothing can be carried there any more.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    chat_id = models.TextField()
    root_id = models.TextField()
    direct = models.BooleanField(default=False)
    conversation = models.ForeignKey("desk.Conversation", on_delete=models.PROTECT, related_name="+", null=True)
    triage_of = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "chat_id", "root_id"], name="channels_channelthread_once"),
            models.CheckConstraint(
                condition=models.Q(conversation=None) ^ models.Q(triage_of=None), name="channels_channelthread_carries_one"
            ),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk} of channel {self.channel_id}"


class ChannelMessage(models.Model):
    """A message as a vendor knows it, and what it is here; what the desk only told (a receipt, say) is no message here."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    vendor_id = models.TextField()
    thread = models.ForeignKey(ChannelThread, on_delete=models.PROTECT)
    message = models.ForeignKey("desk.Message", on_delete=models.PROTECT, related_name="+", null=True)
    envelope = models.ForeignKey(InboundEnvelope, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "vendor_id"], name="channels_channelmessage_once"),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id} on channel {self.channel_id}"


class Outgoing(models.Model):
    """Something on its way out to a vendor: kept before it is tried, carried once under its key.

    A message's words are not kept here but read when it is carried, so that what is erased meanwhile goes nowhere.
    """

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Dropped")

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    key = models.TextField()
    kind = models.TextField()
    chat_id = models.TextField()
    root_id = models.TextField(default="", blank=True)
    direct = models.BooleanField(default=False)
    thread = models.ForeignKey(ChannelThread, on_delete=models.PROTECT, null=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True)
    person = models.ForeignKey(ChannelPerson, on_delete=models.PROTECT, related_name="+", null=True)
    message = models.ForeignKey("desk.Message", on_delete=models.PROTECT, related_name="+", null=True)
    attachment = models.ForeignKey("desk.Attachment", on_delete=models.PROTECT, related_name="+", null=True)
    payload = models.JSONField(default=dict)
    state = models.TextField(choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    vendor_id = models.TextField(default="", blank=True)
    problem = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "key"], name="channels_outgoing_once"),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent") & models.Q(sent_at=None),
                name="channels_outgoing_sent_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "id"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="channels_outgoing_in_line",
            ),
            models.Index(fields=["channel", "id"], condition=models.Q(state="failed"), name="channels_outgoing_failed"),
            models.Index(fields=["channel", "chat_id", "sent_at"], condition=models.Q(state="sent"), name="channels_outgoing_pace"),
        ]

    def __str__(self) -> str:
        return f"outgoing {self.pk}: {self.state}"


class ChannelHealth(models.Model):
    """How a channel fares, beside it so that noting it locks nothing else.

    `cursor` is how far its history was caught up; `listened_at` is when a process last said that it listens on it.
    """

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="health")
    heard_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.TextField(default="", blank=True)
    paused_until = models.DateTimeField(null=True)
    cursor = models.TextField(default="", blank=True)
    listened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"health of channel {self.channel_id}"
