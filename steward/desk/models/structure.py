"""How tickets hang together beyond links: merges, who watches, and who was named in a note."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.conversation import Message
from steward.desk.models.queue import Queue, Status
from steward.desk.models.ticket import Ticket


class Merge(models.Model):
    """One ticket joined into another, with what taking it back restores; taken back by marking it, never by deleting it.

    Messages keep their home: while a merge stands, the target shows them.
    """

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_from")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_to")
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    waiting_reason = models.TextField(default="", blank=True)
    told = models.BooleanField(default=True)
    added_tags = models.JSONField(default=list)
    added_watchers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="desk_merge_joins_two_tickets"),
            models.UniqueConstraint(fields=["source"], condition=models.Q(undone_at=None), name="desk_merge_one_target"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class Watcher(models.Model):
    """Somebody who wants to hear of a ticket; who stopped stays stopped until they say otherwise or are named."""

    class How(models.TextChoices):
        """How it came about."""

        MANUAL = "manual", _("By hand")
        REPLY = "reply", _("By answering")
        MENTION = "mention", _("By being mentioned")
        MERGE = "merge", _("By a merge")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    how = models.TextField(choices=How.choices)
    since = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "user"], name="desk_watcher_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-since"], condition=models.Q(stopped_at=None), name="desk_watcher_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.ticket_id}"


class Mention(models.Model):
    """A person or a team named in a note."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(user=None, team__isnull=False) | models.Q(user__isnull=False, team=None),
                name="desk_mention_names_one",
            ),
            models.UniqueConstraint(fields=["message", "user", "team"], nulls_distinct=False, name="desk_mention_once"),
        ]

    def __str__(self) -> str:
        return f"mention in {self.message_id}"
