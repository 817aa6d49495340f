"""Doing the same to many tickets: the run, and what became of each ticket in it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.ticket import Ticket


class BulkRun(models.Model):
    """The same calls done to many tickets, in short transactions; prepared, started, and perhaps taken back by another run.

    `due_at` is the instant from which somebody should look after it: the end of its hold, the next batch of its
    messages, or a while after its last sign of life, so that a run whose worker was lost is taken up again.
    """

    class State(models.TextChoices):
        """Where it is."""

        PREPARED = "prepared", _("Being prepared")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        ENDED = "ended", _("Ended")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    calls = models.JSONField(default=list)
    speaks = models.BooleanField(default=False)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    state = models.TextField(choices=State.choices, default=State.PREPARED)
    came_from = models.TextField(default="", blank=True)
    client_token = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="prepared") | models.Q(started_at__isnull=False),
                name="desk_bulkrun_started_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(due_at__isnull=False),
                name="desk_bulkrun_running_is_looked_after",
            ),
            models.UniqueConstraint(
                fields=["user", "client_token"],
                condition=~models.Q(client_token=""),
                name="desk_bulkrun_prepared_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="running"), name="desk_bulkrun_due"),
            models.Index(fields=["user", "-id"], name="desk_bulkrun_user"),
        ]

    def __str__(self) -> str:
        return f"bulk:{self.pk}"


class BulkRow(models.Model):
    """One ticket of a run: what became of it, why, and what takes it back.

    It changes in the transaction that changes the ticket: after a crash no ticket was done twice, none is forgotten.
    """

    class State(models.TextChoices):
        """What became of the ticket."""

        PENDING = "pending", _("Waiting")
        DONE = "done", _("Done")
        NOTHING = "nothing", _("Was so already")
        LEFT = "left", _("Left out")
        FAILED = "failed", _("Not done")

    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, related_name="rows")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    state = models.TextField(choices=State.choices, default=State.PENDING)
    reason = models.TextField(default="", blank=True)
    done = models.JSONField(default=list)
    seen_message_id = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "ticket"], name="desk_bulkrow_once")]
        indexes: ClassVar = [models.Index(fields=["run", "state", "ticket"], name="desk_bulkrow_state")]

    def __str__(self) -> str:
        return f"{self.ticket_id} in bulk:{self.run_id}"
