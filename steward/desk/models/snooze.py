"""Tickets put out of sight for a while, and what brought them back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.ticket import Ticket


class Snooze(models.Model):
    """A ticket out of its owner's lists until an instant, until their next shift, or until the requester replies.

    It is open until `ended_at`. One that time or a reply ended stands on top of the owner's list until somebody acts
    on the ticket, which settles it; one ended otherwise is settled at once. A ticket has one unsettled snooze at most.
    """

    class Until(models.TextChoices):
        """What it waits for; a reply of the requester wakes the ticket in any case."""

        TIME = "time", _("A time")
        SHIFT = "shift", _("My next shift")
        REPLY = "reply", _("The requester's reply")

    class Ended(models.TextChoices):
        """What ended it."""

        TIME = "time", _("The time came")
        REPLY = "reply", _("The requester replied")
        BY_HAND = "by_hand", _("Ended by hand")
        MOVED = "moved", _("The ticket went to somebody else")
        OVER = "over", _("The ticket was solved or closed")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.TextField(choices=Until.choices)
    until_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.TextField(choices=Ended.choices, default="", blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_as="", ended_at=None) | (~models.Q(ended_as="") & models.Q(ended_at__isnull=False)),
                name="desk_snooze_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | models.Q(ended_at__isnull=False),
                name="desk_snooze_settled_has_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(until="reply", until_at=None) | (~models.Q(until="reply") & models.Q(until_at__isnull=False)),
                name="desk_snooze_time_where_it_waits_for_one",
            ),
            models.UniqueConstraint(fields=["ticket"], condition=models.Q(settled_at=None), name="desk_snooze_one_at_a_time"),
        ]
        indexes: ClassVar = [
            models.Index("user", "ended_at", condition=models.Q(settled_at=None), name="desk_snooze_user"),
        ]

    def __str__(self) -> str:
        return f"snooze {self.pk} of {self.ticket_id}"
