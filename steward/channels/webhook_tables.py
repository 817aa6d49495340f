"""The tables of webhooks: the endpoints, what they sign with, what is sent to them, and how each attempt ended."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Webhook(models.Model):
    """An address of another system that wants to hear facts as they happen; it hears what its owner may see.

    `kinds` are the facts it hears, all where there are none. `failing_since` is when it last began to fail.
    """

    name = models.TextField()
    address = models.TextField()
    kinds = ArrayField(models.TextField(), default=list, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="channels_webhook_name"),
            models.CheckConstraint(
                condition=models.Q(given_up_at=None) | models.Q(is_active=False), name="channels_webhook_given_up_is_off"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookSecret(models.Model):
    """What a webhook is signed with, and until when beside its successor."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="secrets")
    secret = models.TextField(unique=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook"], condition=models.Q(ends_at=None), name="channels_webhooksecret_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"secret {self.pk} of webhook {self.webhook_id}"


class WebhookSending(models.Model):
    """An event on its way to a webhook, once; `key` is its id there, the same in every attempt."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("On its way")
        SENT = "sent", _("Delivered")
        FAILED = "failed", _("Failed")

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, db_index=False)
    event_id = models.BigIntegerField()
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+")
    key = models.TextField(unique=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="channels_webhooksending_once"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", due_at__isnull=False) | ~models.Q(state="waiting") & models.Q(due_at=None),
                name="channels_webhooksending_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent") & models.Q(sent_at=None),
                name="channels_webhooksending_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["failed", "sent", "waiting"]), name="channels_webhooksending_known_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "-id"], name="channels_sending_newest"),
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="channels_sending_due"),
            models.Index(fields=["webhook", "id"], condition=models.Q(state="failed"), name="channels_sending_failed"),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} to webhook {self.webhook_id}: {self.state}"


class WebhookAttempt(models.Model):
    """One attempt: what was answered, or why nothing was. Of the answer the beginning is kept for a month."""

    sending = models.ForeignKey(WebhookSending, on_delete=models.PROTECT, related_name="attempts")
    tried_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tried_at"], condition=~models.Q(answer=""), name="channels_attempt_answers"),
        ]

    def __str__(self) -> str:
        return f"attempt at {self.sending_id}: {self.status or self.problem}"
