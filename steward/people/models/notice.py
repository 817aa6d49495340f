"""What a user is told on screen."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from steward.people.models.user import User
from steward.people.rules import NoticeRule, Told


class Notice(models.Model):
    """Something a user is told once: its kind, what it is about, and the small values to say it with.

    `ticket_id` and `queue_id` are plain numbers, since tickets and queues stand above people; `queue_id` says who may
    read it, so it follows the ticket when the ticket moves. `first` is the notice that began the batch this one joined.
    What came off shift is `quiet` and uncounted; `summed_at` is when the next shift's summary counted it in.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    ticket_id = models.BigIntegerField(null=True)
    queue_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    loud = models.BooleanField(default=False)
    quiet = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    summed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ticket_id=None) | models.Q(queue_id__isnull=False),
                name="people_notice_ticket_has_queue",
            ),
            models.CheckConstraint(condition=models.Q(loud=False) | models.Q(quiet=False), name="people_notice_loud_or_quiet"),
            models.CheckConstraint(condition=models.Q(summed_at=None) | models.Q(quiet=True), name="people_notice_sums_quiet"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="people_notice_newest"),
            models.Index("user", Coalesce("first", "id").desc(), name="people_notice_batch"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="people_notice_unread"),
            models.Index(
                fields=["user"],
                condition=models.Q(read_at=None, quiet=True, summed_at=None),
                name="people_notice_kept",
            ),
            models.Index(
                fields=["ticket_id"],
                condition=models.Q(ticket_id__isnull=False),
                name="people_notice_ticket",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class NoticePreference(models.Model):
    """How a user wants notices of a kind; without a row the kind's own rule holds."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    how = models.TextField(default=Told.PLAIN.value)
    queue_ids = ArrayField(models.BigIntegerField(), null=True)
    only_on_shift = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="people_noticepreference_once"),
            models.CheckConstraint(
                condition=models.Q(how__in=[how.value for how in Told]), name="people_noticepreference_known_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"

    @property
    def rule(self) -> NoticeRule:
        """Give the row as the rule it stands for."""
        queues = None if self.queue_ids is None else frozenset(self.queue_ids)
        return NoticeRule(how=Told(self.how), queue_ids=queues, only_on_shift=self.only_on_shift)
