"""Where tickets wait, and the words they are sorted by."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steward.desk.rules.load import MOST_PERCENT


class Queue(models.Model):
    """A place where tickets wait, owned by a team.

    `restricted` hides it and everything in it from all but the people named in `QueueAccess`.
    """

    class Purpose(models.TextChoices):
        """Whose hands the tickets are in."""

        SUPPORT = "support", _("Support")
        LEAD = "lead", _("Team lead")
        ENGINEERING = "engineering", _("Engineering")

    class Routing(models.TextChoices):
        """Whether agents take tickets or are given them."""

        PULL = "pull", _("Agents take the next ticket")
        PUSH = "push", _("Tickets are given to agents on shift")

    class Care(models.TextChoices):
        """Which media of its tickets are covered until asked for; in a restricted queue all are."""

        NONE = "none", _("Nothing harmful is expected")
        REQUESTERS = "requesters", _("Requesters may send harmful content")
        ALL = "all", _("Anything on a ticket may be harmful")

    name = models.TextField()
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+", null=True)
    purpose = models.TextField(choices=Purpose.choices, default=Purpose.SUPPORT)
    routing = models.TextField(choices=Routing.choices, default=Routing.PULL)
    restricted = models.BooleanField(default=False)
    care = models.TextField(choices=Care.choices, default=Care.NONE)
    capacity = models.PositiveSmallIntegerField(default=8)
    remind_after = models.DurationField(default=timedelta(hours=24))
    close_after = models.DurationField(default=timedelta(hours=72))
    reopen_for = models.DurationField(default=timedelta(days=14))
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="desk_queue_name"),
            models.CheckConstraint(
                condition=models.Q(remind_after__lt=models.F("close_after")),
                name="desk_queue_reminds_before_closing",
            ),
            models.CheckConstraint(condition=models.Q(capacity__gt=0), name="desk_queue_capacity_positive"),
            models.CheckConstraint(condition=models.Q(care__in=["none", "requesters", "all"]), name="desk_queue_care_known"),
        ]

    def __str__(self) -> str:
        return self.name


class QueueAccess(models.Model):
    """A person who may see a restricted queue."""

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["queue", "user"], name="desk_queueaccess_once")]

    def __str__(self) -> str:
        return f"{self.user_id} may see {self.queue_id}"


class Category(models.Model):
    """One node of the tree of what requests are about.

    `weight` is how much its tickets weigh in an agent's hands, in percent of an ordinary one; without one it is the parent's.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    name = models.TextField()
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("parent", Lower("name"), name="desk_category_name", nulls_distinct=False),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="desk_category_not_its_own_parent"),
            models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__lte=MOST_PERCENT), name="desk_category_weight_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.Model):
    """A status as this desk calls it, standing for one of the six fixed states; all logic asks the state."""

    class State(models.TextChoices):
        """What a ticket is waiting for."""

        NEW = "new", pgettext_lazy("ticket state", "New")
        OPEN = "open", pgettext_lazy("ticket state", "Open")
        PENDING = "pending", pgettext_lazy("ticket state", "Waiting on requester")
        ON_HOLD = "on_hold", pgettext_lazy("ticket state", "On hold")
        SOLVED = "solved", pgettext_lazy("ticket state", "Solved")
        CLOSED = "closed", pgettext_lazy("ticket state", "Closed")

    name = models.TextField()
    state = models.TextField(choices=State.choices)
    is_default = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="desk_status_name"),
            models.UniqueConstraint(fields=["id", "state"], name="desk_status_state"),
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(is_default=True),
                name="desk_status_one_default_a_state",
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(is_active=True),
                name="desk_status_default_is_active",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A free label."""

    name = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="desk_tag_name")]

    def __str__(self) -> str:
        return self.name
