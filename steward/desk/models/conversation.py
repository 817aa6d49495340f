"""What was said: conversations, messages, files, and questions with answers to tap."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.ticket import Ticket


class Conversation(models.Model):
    """A thread with a requester on a channel, or a side conversation with a third party whom the requester never sees.

    A colleague of the requester who was told along has one of their own until `ended_at`; `seen_message_id` is how far they
    have read, `mailed_message_id` of what they were mailed. A third party is named by `party` and reached by `address`, or
    is a `team` of this desk. `link_version` is part of the link a guest answers by: a higher one makes every link given out
    before useless.
    """

    class Kind(models.TextChoices):
        """With whom it is."""

        REQUESTER = "requester", _("With a requester")
        SIDE = "side", _("Side conversation")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    kind = models.TextField(choices=Kind.choices, default=Kind.REQUESTER, db_default=Kind.REQUESTER)
    channel = models.TextField()
    requester = models.ForeignKey("people.Requester", on_delete=models.PROTECT, related_name="+", null=True)
    topic = models.TextField(default="", db_default="", blank=True)
    party = models.TextField(default="", db_default="", blank=True)
    address = models.TextField(default="", db_default="", blank=True)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+", null=True)
    seen_message_id = models.BigIntegerField(default=0, db_default=0)
    mailed_message_id = models.BigIntegerField(default=0, db_default=0)
    link_version = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="requester", requester__isnull=False, party="", address="", team=None)
                | (models.Q(kind="side", requester=None) & ~models.Q(party="") & ~models.Q(topic="")),
                name="desk_conversation_has_a_party",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ticket", "id"], name="desk_conversation_ticket")]

    def __str__(self) -> str:
        return f"conversation {self.pk} on {self.channel}"


class Message(models.Model):
    """One utterance, or one internal note; author and kind are frozen when it is written.

    `ticket` is its home, where its fact stands, for good; `shown_on` is the ticket it was moved to, if it was.

    `client_token` is drawn by the form: the same token from the same author is the same message, so a
    double click or a repeated request writes nothing twice.
    """

    class Kind(models.TextChoices):
        """Whether it is said with the requester, among ourselves, or with a third party."""

        MESSAGE = "message", _("Message")
        NOTE = "note", _("Internal note")
        SIDE = "side", _("Side conversation")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    shown_on = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT)
    kind = models.TextField(choices=Kind.choices)
    author_kind = models.TextField()
    author_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    requester = models.ForeignKey("people.Requester", on_delete=models.PROTECT, related_name="+", null=True)
    automatic = models.BooleanField(default=False)
    body = models.TextField()
    client_token = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    # Set by `queries.timeline.messages_of`, which reads the files of a whole ticket at once.
    files: "list[Attachment]"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(author_kind="requester") | models.Q(kind="message"),
                name="desk_message_requester_writes_no_note",
            ),
            models.CheckConstraint(condition=models.Q(erased_at=None) | models.Q(body=""), name="desk_message_erased_is_empty"),
            models.CheckConstraint(
                condition=models.Q(author_user=None) | models.Q(requester=None),
                name="desk_message_one_author",
            ),
            models.CheckConstraint(
                condition=models.Q(shown_on=None) | ~models.Q(shown_on=models.F("ticket")),
                name="desk_message_moved_elsewhere",
            ),
            models.UniqueConstraint(
                fields=["ticket", "author_kind", "author_user", "client_token"],
                condition=~models.Q(client_token=""),
                nulls_distinct=False,
                name="desk_message_sent_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "id"], name="desk_message_ticket"),
            models.Index(fields=["ticket"], condition=models.Q(kind="note"), name="desk_message_notes"),
            models.Index(fields=["shown_on"], condition=models.Q(shown_on__isnull=False), name="desk_message_shown_on"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def from_requester(self) -> bool:
        """Tell whether the requester said it."""
        return self.author_kind == "requester"


class MessageRevision(models.Model):
    """What a message said before its author changed it where it was written; the newest words are the message's own."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="desk_messagerevision_number"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of message {self.message_id}"


class Attachment(models.Model):
    """A file on a message; the bytes lie in the storage under their hash, once however often they are sent.

    `redacts` is the picture that this one is a copy of with parts made unreadable. An erased file keeps its row, with
    neither name nor hash.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.TextField()
    redacts = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(name="", sha256=""), name="desk_attachment_erased_is_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["message"], name="desk_attachment_message"),
            models.Index(fields=["sha256"], name="desk_attachment_bytes"),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question with answers to tap, put on a message; channels draw it as buttons or numbered text."""

    class Kind(models.TextChoices):
        """What is asked."""

        CONFIRMATION = "confirmation", _("Is it fixed?")
        RATING = "rating", _("How did we do?")
        CHOICE = "choice", _("A choice")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="question")
    kind = models.TextField(choices=Kind.choices)
    options = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    answer = models.TextField(default="", blank=True)
    comment = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None) | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="desk_question_answer_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=models.Q(answered_at=None, withdrawn_at=None),
                name="desk_question_one_open_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}: {self.kind}"

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None
