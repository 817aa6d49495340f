"""What an agent leaves behind at the end of a shift, and who has read it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.conversation import Message
from steward.desk.models.queue import Queue
from steward.desk.models.ticket import Ticket


class Handover(models.Model):
    """The end of somebody's shift: every ticket they had in hand, with what becomes of it; given by them or by a lead."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    shift = models.ForeignKey("roster.Shift", on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(default="", blank=True)
    client_token = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "client_token"], condition=~models.Q(client_token=""), name="desk_handover_given_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="desk_handover_newest"),
            models.Index(fields=["user", "-created_at"], name="desk_handover_of_user"),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk} of {self.user_id}"


class HandedTicket(models.Model):
    """One ticket of a handover: kept, passed to a colleague or its queue, or parked until a time; its note is an internal note."""

    class Choice(models.TextChoices):
        """What becomes of it."""

        KEPT = "kept", _("Kept")
        PASSED = "passed", _("Passed")
        PARKED = "parked", _("Parked")

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="tickets")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    choice = models.TextField(choices=Choice.choices)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    to_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True)
    until_at = models.DateTimeField(null=True)
    note = models.ForeignKey(Message, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "ticket"], name="desk_handedticket_once"),
            models.CheckConstraint(
                condition=(models.Q(choice="passed") & (models.Q(to_user=None) ^ models.Q(to_queue=None)))
                | (~models.Q(choice="passed") & models.Q(to_user=None, to_queue=None)),
                name="desk_handedticket_passed_to_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(choice="parked"), name="desk_handedticket_time_only_when_parked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.choice}"


class HandoverReading(models.Model):
    """Somebody of the next shift has read a handover."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["handover", "user"], name="desk_handoverreading_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.handover_id}"
