"""What the desk does by itself: automations with their versions, what they were tried on, and what they did."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.desk.models.ticket import Ticket


class Automation(models.Model):
    """When something happens and conditions hold, verbs are done. What it does stands in its versions.

    It is on while `running_version` names one; `owner` is who switched it on, and it acts where the owner may see.
    A parked one has stopped by itself: `parked_why` says why, and it stays off until somebody switches it on.
    """

    class Parked(models.TextChoices):
        """Why it stopped by itself."""

        LOOP = "loop", _("It set itself off again, by way of another one")
        LIMIT = "limit", _("It did too much to one ticket in an hour")
        BROKEN = "broken", _("Something it needs is gone")
        ERROR = "error", _("It failed")
        OWNER = "owner", _("Whoever switched it on no longer works here")

    name = models.TextField()
    position = models.PositiveIntegerField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    running_version = models.PositiveIntegerField(null=True)
    on_since = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    parked_why = models.TextField(choices=Parked.choices, default="", blank=True)
    parked_detail = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="desk_automation_name"),
            models.CheckConstraint(
                condition=Q(running_version=None, on_since=None) | Q(running_version__isnull=False, on_since__isnull=False),
                name="desk_automation_on_since_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(running_version=None) | Q(parked_at=None, is_active=True), name="desk_automation_parked_is_off"
            ),
            models.CheckConstraint(
                condition=Q(parked_at=None, parked_why="") | (Q(parked_at__isnull=False) & ~Q(parked_why="")),
                name="desk_automation_parked_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AutomationVersion(models.Model):
    """What an automation does: on which `whens`, under which conditions, and its `calls`. Never changed: effects name it.

    All of `conditions` must hold, and one of `any_conditions` where there are any.
    """

    automation = models.ForeignKey(Automation, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    whens = models.JSONField()
    conditions = models.JSONField(default=list)
    any_conditions = models.JSONField(default=list)
    calls = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["automation", "version"], name="desk_automationversion_number"),
            models.CheckConstraint(condition=Q(version__gte=1), name="desk_automationversion_from_one"),
        ]

    def __str__(self) -> str:
        return f"automation {self.automation_id} version {self.version}"


class DryRun(models.Model):
    """What a version would have done to last week's tickets: how far was looked, how many matched, and some of them.

    `lines` holds tickets and words about verbs, no personal text; a reader sees those of tickets in their sight.
    """

    version = models.ForeignKey(AutomationVersion, on_delete=models.PROTECT, related_name="dry_runs")
    ran_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ran_at = models.DateTimeField()
    looked_from = models.DateTimeField()
    looked_at = models.PositiveIntegerField()
    is_whole_week = models.BooleanField()
    matched = models.PositiveIntegerField()
    tickets = models.PositiveIntegerField()
    lines = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "-id"], name="desk_dryrun_version")]

    def __str__(self) -> str:
        return f"dry run of {self.version_id} at {self.ran_at}"


class AutomationRun(models.Model):
    """An automation having acted on a ticket, once for each occasion; what it changed is in the ledger under its cause."""

    class Outcome(models.TextChoices):
        """What came of it."""

        DONE = "done", _("Done")
        NOTHING = "nothing", _("Nothing to change")
        REFUSED = "refused", _("Refused")
        PARKED = "parked", _("Stopped")

    automation = models.ForeignKey(Automation, on_delete=models.PROTECT, related_name="runs")
    version = models.PositiveIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    occasion = models.TextField()
    outcome = models.TextField(choices=Outcome.choices)
    detail = models.TextField(default="", blank=True)
    ran_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["automation", "ticket", "occasion"], name="desk_automationrun_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["automation", "-id"], name="desk_automationrun_newest")]

    def __str__(self) -> str:
        return f"automation {self.automation_id}@v{self.version} on {self.ticket_id}"
