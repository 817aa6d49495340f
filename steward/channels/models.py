"""The tables of channels."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.channels.rules.kinds import ChannelKind, DeliveryState

_STATES = sorted(state.value for state in DeliveryState)


class Channel(models.Model):
    """A configured way in and out; what is switched off takes nothing in, and still delivers what is said on its tickets."""

    class Kind(models.TextChoices):
        """Which adapter carries it."""

        PORTAL = "portal", _("Portal")
        CHAT = "chat", _("Web chat")

    kind = models.TextField(choices=Kind.choices)
    name = models.TextField()
    is_active = models.BooleanField(default=True)

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


class InboundEnvelope(models.Model):
    """Something that came in, kept exactly as it came before anything is made of it.

    It has led to a message, or has a problem, or was left behind by a crash and waits to be taken in. The same event
    of the same channel is one row, however often it is sent.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    vendor_event_id = models.TextField()
    raw = models.JSONField()
    received_at = models.DateTimeField()
    message = models.ForeignKey("desk.Message", on_delete=models.PROTECT, related_name="+", null=True)
    problem = models.TextField(default="", blank=True)

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
                condition=models.Q(message=None, problem=""),
                name="channels_envelope_waiting",
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
                condition=models.Q(state="queued", sent_at=None) | ~models.Q(state="queued") & models.Q(sent_at__isnull=False),
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
