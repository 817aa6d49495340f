"""The ticket: one wide row for the present; its past is in the ledger."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from steward.desk.models.queue import Category, Queue, Status, Tag
from steward.desk.rules.care import Care, Carefulness, Harm
from steward.desk.rules.states import WORKING

_WORKING = sorted(state.value for state in WORKING)
FAR_FUTURE = models.Value("9999-12-31T00:00:00Z", output_field=models.DateTimeField())


class Ticket(models.Model):
    """A tracked request; its id is the number people say.

    `state` repeats the status's state so that lists can be indexed by it; the database keeps the two
    alike by a composite key. `due_at` is the earliest promise, written only by `set_due`.
    """

    class Priority(models.IntegerChoices):
        """Urgency from impact."""

        URGENT = 1, _("Urgent")
        HIGH = 2, _("High")
        NORMAL = 3, _("Normal")
        LOW = 4, _("Low")

    class Outcome(models.TextChoices):
        """How a closed ticket ended."""

        CONFIRMED = "confirmed", _("Confirmed by the requester")
        UNCONFIRMED = "unconfirmed", _("Closed without the requester's word")
        OTHER = "other", _("Closed for another reason")
        MERGED = "merged", _("Merged into another ticket")

    class Snoozing(models.TextChoices):
        """Whether it is out of its owner's lists; the row of the snooze says until when and why."""

        AWAKE = "", _("Not snoozed")
        ASLEEP = "asleep", _("Snoozed")
        BACK = "back", _("Back from a snooze")

    class Harm(models.TextChoices):
        """What harmful content somebody found on it."""

        VIOLENCE = "violence", _("Violence")
        SEXUAL = "sexual", _("Sexual content")
        CHILD_SAFETY = "child_safety", _("Child safety")
        SELF_HARM = "self_harm", _("Self-harm")
        HATE = "hate", _("Hate")
        OTHER = "other", _("Other harmful content")

    subject = models.TextField()
    requester = models.ForeignKey("people.Requester", on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT)
    status = models.ForeignKey(Status, on_delete=models.PROTECT)
    state = models.TextField(choices=Status.State.choices)
    waiting_reason = models.TextField(default="", blank=True)
    snoozing = models.TextField(choices=Snoozing.choices, default="", db_default="", blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    harm = models.TextField(choices=Harm.choices, default="", blank=True)
    channel = models.TextField()
    language = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)
    external_id = models.TextField(default="", blank=True)
    client_token = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField()
    last_requester_message_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(choices=Outcome.choices, default="", blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged_from", null=True, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(priority__range=(1, 4)), name="desk_ticket_priority_known"),
            models.CheckConstraint(condition=models.Q(harm__in=sorted(harm.value for harm in Harm)), name="desk_ticket_harm_known"),
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(state="closed"),
                name="desk_ticket_outcome_only_when_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(outcome=""),
                name="desk_ticket_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["solved", "closed"]) | models.Q(solved_at=None, closed_at=None, confirmed_at=None),
                name="desk_ticket_working_has_no_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="new") | models.Q(assignee=None),
                name="desk_ticket_new_has_no_assignee",
            ),
            models.CheckConstraint(condition=models.Q(snoozing__in=["", "asleep", "back"]), name="desk_ticket_snoozing_known"),
            # Out of the lists only where somebody keeps it in mind: what nobody owns stays in sight of its queue.
            models.CheckConstraint(
                condition=~models.Q(snoozing="asleep") | (models.Q(state__in=_WORKING) & models.Q(assignee__isnull=False)),
                name="desk_ticket_asleep_is_owned_and_worked",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="merged", merged_into__isnull=False)
                | (~models.Q(outcome="merged") & models.Q(merged_into=None)),
                name="desk_ticket_merged_has_target",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="desk_ticket_not_merged_into_itself",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="desk_ticket_source_once",
            ),
            models.UniqueConstraint(
                fields=["requester", "client_token"],
                condition=~models.Q(client_token=""),
                name="desk_ticket_sent_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                Coalesce("due_at", FAR_FUTURE),
                "id",
                condition=models.Q(state__in=_WORKING),
                name="desk_ticket_due",
            ),
            models.Index(
                "queue",
                Coalesce("due_at", FAR_FUTURE),
                "id",
                condition=models.Q(state__in=_WORKING),
                name="desk_ticket_queue_due",
            ),
            models.Index(
                "assignee",
                Coalesce("due_at", FAR_FUTURE),
                "id",
                condition=models.Q(state__in=_WORKING),
                name="desk_ticket_assignee_due",
            ),
            models.Index(
                "state",
                Coalesce("due_at", FAR_FUTURE),
                "id",
                condition=models.Q(state__in=_WORKING),
                name="desk_ticket_state_due",
            ),
            models.Index(
                "queue",
                Coalesce("due_at", FAR_FUTURE),
                "priority",
                "id",
                condition=models.Q(state__in=["new", "open"], assignee=None),
                name="desk_ticket_next",
            ),
            models.Index("assignee", "id", condition=models.Q(snoozing="asleep"), name="desk_ticket_asleep"),
            models.Index(
                "priority",
                Coalesce("due_at", FAR_FUTURE),
                "id",
                condition=models.Q(state__in=_WORKING),
                name="desk_ticket_urgent",
            ),
            models.Index(fields=["last_message_at", "id"], condition=models.Q(state__in=_WORKING), name="desk_ticket_wait"),
            models.Index(fields=["-created_at", "-id"], name="desk_ticket_created"),
            models.Index(fields=["requester", "-id"], name="desk_ticket_requester"),
            models.Index(fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="desk_ticket_merged_into"),
            models.Index(fields=["-updated_at", "-id"], name="desk_ticket_updated"),
            models.Index(fields=["queue", "-updated_at", "-id"], name="desk_ticket_queue_updated"),
            models.Index(fields=["state", "-updated_at", "-id"], name="desk_ticket_state_updated"),
            models.Index(fields=["assignee", "-updated_at", "-id"], name="desk_ticket_assignee_updated"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def carefulness(self) -> Carefulness:
        """Say how careful the ticket asks one to be; its queue must have been read along."""
        return Carefulness(Care(self.queue.care), self.queue.restricted, Harm(self.harm))


class TicketTag(models.Model):
    """A label on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "tag"], name="desk_tickettag_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.ticket_id}"


class Link(models.Model):
    """A typed link between two tickets; taken back by marking it, never by deleting it."""

    class Kind(models.TextChoices):
        """How the first ticket stands to the second."""

        RELATED = "related", _("related to")
        DUPLICATE = "duplicate_of", _("duplicate of")
        FOLLOW_UP = "follow_up_of", _("continues")
        CAUSED = "caused_by", _("caused by")
        BLOCKED = "blocked_by", _("blocked by")
        CHILD = "child_of", _("part of")
        SPLIT = "split_from", _("split off from")

    class Closing(models.TextChoices):
        """What solving the whole and its part have to do with each other."""

        WAITS = "waits", _("The whole is solved only when this part is")
        FOLLOWS = "follows", _("Solving the whole solves this part")
        FREE = "free", _("Each is solved by itself")

    from_ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_from")
    to_ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_to")
    kind = models.TextField(choices=Kind.choices)
    closing = models.TextField(choices=Closing.choices, default="", db_default="", blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(from_ticket=models.F("to_ticket")),
                name="desk_link_joins_two_tickets",
            ),
            models.UniqueConstraint(
                fields=["from_ticket", "to_ticket", "kind"],
                condition=models.Q(removed_at=None),
                name="desk_link_once",
            ),
            models.UniqueConstraint(
                fields=["from_ticket"],
                condition=models.Q(removed_at=None, kind="child_of"),
                name="desk_link_one_parent",
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="child_of") & ~models.Q(closing="")) | (~models.Q(kind="child_of") & models.Q(closing="")),
                name="desk_link_closing_of_children",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_ticket_id} {self.kind} {self.to_ticket_id}"
