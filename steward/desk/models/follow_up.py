"""What is to be done later: promises people made, and timers the desk set itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.ticket import Ticket


class FollowUp(models.Model):
    """A promise to come back to a ticket: who, what, by when, when its owner was told that it is due, and how it ended."""

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done", _("Done")
        NO_ANSWER = "no_answer", _("No answer")
        DROPPED = "dropped", _("No longer needed")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome.choices, default="", blank=True)
    done_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome="", done_at=None) | (~models.Q(outcome="") & models.Q(done_at__isnull=False)),
                name="desk_followup_outcome_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index("owner", "due_at", condition=models.Q(done_at=None), name="desk_followup_due"),
            models.Index("ticket", name="desk_followup_ticket"),
            models.Index("due_at", condition=models.Q(done_at=None, told_at=None), name="desk_followup_untold"),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class Timer(models.Model):
    """Something the desk will do to a ticket at an instant, unless it is cancelled before; swept by one worker."""

    class Kind(models.TextChoices):
        """What it will do."""

        REMIND = "remind_confirmation", _("Remind the requester")
        CLOSE = "close_unconfirmed", _("Close unconfirmed")
        WAKE = "wake", _("End a snooze")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    kind = models.TextField(choices=Kind.choices)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="desk_timer_one_waiting_a_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index("due_at", condition=models.Q(done_at=None, cancelled_at=None), name="desk_timer_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id} at {self.due_at}"
