"""What is written and not yet said: drafts, replies that are held for a moment or until an hour, and their files."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.conversation import Message
from steward.desk.models.shared import MacroRun
from steward.desk.models.ticket import Ticket
from steward.desk.rules.holding import LONGEST_HOLD

_WAITING = models.Q(released_at=None, taken_back_at=None)


class Draft(models.Model):
    """What one person is writing on one ticket; nothing that happens to the ticket touches it.

    `version` grows with each change, `device` is the browser tab that wrote last and `turn` its own count, by which
    a save that comes late is known. `client_token` is the one the message will be sent under.
    """

    class Kind(models.TextChoices):
        """What it will become."""

        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    body = models.TextField(default="", blank=True)
    client_token = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    device = models.TextField(default="", blank=True)
    turn = models.PositiveIntegerField(default=0)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "author", "kind"], name="desk_draft_one_a_kind"),
            models.CheckConstraint(condition=models.Q(kind__in=["reply", "note"]), name="desk_draft_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["author", "-saved_at"], name="desk_draft_author")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftCopy(models.Model):
    """The text of another device that a newer one took the place of; kept until its author uses it or lets it go."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="copies")
    device = models.TextField()
    body = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "device"], name="desk_draftcopy_one_a_device")]

    def __str__(self) -> str:
        return f"copy {self.pk} of draft {self.draft_id}"


class HeldReply(models.Model):
    """A reply that was sent and is held back: the requester knows nothing of it until it is released.

    It is released once and becomes a message, or is taken back once and becomes a draft again; `why_back` says why.
    `stop_if_newer` takes it back when the requester writes before it is due. With one of a macro the whole run waits.
    """

    class Back(models.TextChoices):
        """Why it was not said."""

        AUTHOR = "author", _("Its author took it back")
        NEWER = "newer", _("The requester wrote before it was due")
        LEFT = "left", _("Its author no longer works here")
        REFUSED = "refused", _("The ticket did not take it")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(default="", blank=True)
    then = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    to = models.JSONField(default=list)
    client_token = models.TextField(default="", blank=True)
    seen_message_id = models.BigIntegerField(default=0)
    macro_run = models.OneToOneField(MacroRun, on_delete=models.PROTECT, related_name="+", null=True)
    is_scheduled = models.BooleanField(default=False)
    stop_if_newer = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+", null=True)
    taken_back_at = models.DateTimeField(null=True)
    why_back = models.TextField(choices=Back.choices, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(released_at=None, message=None)
                | models.Q(released_at__isnull=False, message__isnull=False, taken_back_at=None),
                name="desk_heldreply_released_is_a_message",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None, why_back="")
                | (models.Q(taken_back_at__isnull=False) & ~models.Q(why_back="")),
                name="desk_heldreply_taken_back_says_why",
            ),
            models.UniqueConstraint(
                fields=["ticket", "author", "client_token"],
                condition=models.Q(taken_back_at=None) & ~models.Q(client_token=""),
                name="desk_heldreply_sent_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index("due_at", condition=_WAITING, name="desk_heldreply_due"),
            models.Index("ticket", condition=_WAITING, name="desk_heldreply_ticket"),
            models.Index("author", condition=_WAITING, name="desk_heldreply_author"),
        ]

    def __str__(self) -> str:
        return f"held reply {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Tell whether it may still be said or taken back."""
        return self.released_at is None and self.taken_back_at is None


class PendingFile(models.Model):
    """A file that was uploaded and is on no message yet: it belongs to a draft or to a held reply."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="files", null=True)
    held = models.ForeignKey(HeldReply, on_delete=models.PROTECT, related_name="files", null=True)
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(draft=None, held__isnull=False) | models.Q(draft__isnull=False, held=None),
                name="desk_pendingfile_belongs_to_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["draft"], name="desk_pendingfile_draft"),
            models.Index(fields=["held"], name="desk_pendingfile_held"),
        ]

    def __str__(self) -> str:
        return self.name


class HoldTime(models.Model):
    """How long replies on a channel are held before they are said, where that differs from the usual."""

    channel = models.TextField()
    seconds = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel"], name="desk_holdtime_channel"),
            models.CheckConstraint(condition=models.Q(seconds__lte=LONGEST_HOLD), name="desk_holdtime_short"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.seconds} s"
