"""What a user is told on screen."""

from typing import ClassVar

from django.db import models

from steward.people.models.user import User


class Notice(models.Model):
    """Something a user is told once: its kind, what it is about, and the small values to say it with.

    `ticket_id` and `queue_id` are plain numbers, since tickets and queues stand above people;
    `queue_id` says who may read it, so it follows the ticket when the ticket moves.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    ticket_id = models.BigIntegerField(null=True)
    queue_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ticket_id=None) | models.Q(queue_id__isnull=False),
                name="people_notice_ticket_has_queue",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="people_notice_newest"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="people_notice_unread"),
            models.Index(
                fields=["ticket_id"],
                condition=models.Q(ticket_id__isnull=False),
                name="people_notice_ticket",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class NoticePreference(models.Model):
    """Whether a user wants notices of a kind; without a row they do."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    on_screen = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="people_noticepreference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
