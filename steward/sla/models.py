"""The tables of the promises."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.desk.models import Ticket
from steward.roster.models import BusinessCalendar, CalendarVersion
from steward.sla.rules.kinds import ACTIVE, ClockState
from steward.sla.rules.reckoning import Span

_ACTIVE = sorted(ACTIVE)


class Policy(models.Model):
    """A set of promises for the tickets it matches; the first in order of `position` that matches holds."""

    name = models.TextField()
    position = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="sla_policy_name"),
            models.CheckConstraint(condition=~Q(name=""), name="sla_policy_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """What a policy matches and promises from `created_at` on; the database refuses to change or delete one.

    `targets` holds seconds of business time by kind of clock and priority, `pause_on` the states in which each kind
    stands still, `warn_at` the share of a target after which to warn.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    conditions = models.JSONField(default=dict)
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="+")
    targets = models.JSONField()
    warn_at = models.FloatField(null=True)
    pause_on = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "version"], name="sla_policyversion_number"),
            models.CheckConstraint(condition=Q(version__gte=1), name="sla_policyversion_from_one"),
            models.CheckConstraint(
                condition=Q(warn_at=None) | Q(warn_at__gt=0, warn_at__lt=1),
                name="sla_policyversion_warns_before_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} version {self.version}"


class ClockQuerySet(models.QuerySet["Clock"]):
    """The filters over clocks."""

    def active(self) -> Self:
        """Keep those that run or stand still."""
        return self.filter(state__in=_ACTIVE)

    def to_tell(self, at: datetime) -> Self:
        """Keep those with a breach or a warning due at an instant that was not told yet."""
        running = Q(state="running", breached_at=None)
        return self.filter(running & (Q(due_at__lte=at) | Q(warn_due_at__lte=at, warned_at=None)))


class Clock(models.Model):
    """One promise on a ticket, with a frozen copy of the policy and calendar version it was made under.

    `due_at` and `warn_due_at` are there while it runs, `left_seconds` while it stands still; `reason` says why it does,
    or how it stopped. `breached_at` is the instant the promise was broken, set once and never taken back.
    """

    class Kind(models.TextChoices):
        """What is promised."""

        FIRST_RESPONSE = "first_response", _("First response")
        NEXT_RESPONSE = "next_response", _("Next response")
        RESOLUTION = "resolution", _("Resolution")

    class State(models.TextChoices):
        """What the clock is doing, or how it ended."""

        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")
    target_seconds = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices)
    reason = models.TextField(default="", blank=True)
    started_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_due_at = models.DateTimeField(null=True)
    left_seconds = models.PositiveIntegerField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClockQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in ClockState]), name="sla_clock_known_state"),
            models.CheckConstraint(
                condition=Q(kind__in=["first_response", "next_response", "resolution"]), name="sla_clock_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | ~Q(state="running") & Q(due_at=None, warn_due_at=None),
                name="sla_clock_due_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", left_seconds__isnull=False) | ~Q(state="paused") & Q(left_seconds=None),
                name="sla_clock_left_while_paused",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ACTIVE, stopped_at=None) | ~Q(state__in=_ACTIVE) & Q(stopped_at__gte=F("started_at")),
                name="sla_clock_stopped_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(breached_at__isnull=False), name="sla_clock_missed_after_breach"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["met", "cancelled"]) | Q(breached_at=None), name="sla_clock_met_before_breach"
            ),
            models.UniqueConstraint(fields=["ticket", "kind"], condition=Q(state__in=_ACTIVE), name="sla_clock_one_active_a_kind"),
            models.UniqueConstraint(
                fields=["ticket", "kind"], condition=~Q(kind="next_response"), name="sla_clock_once_but_next_response"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "kind", "id"], name="sla_clock_ticket"),
            models.Index(fields=["due_at"], condition=Q(state="running", breached_at=None), name="sla_clock_to_breach"),
            models.Index(
                fields=["warn_due_at"],
                condition=Q(state="running", breached_at=None, warned_at=None, warn_due_at__isnull=False),
                name="sla_clock_to_warn",
            ),
            models.Index(fields=["breached_at"], condition=Q(breached_at__isnull=False), name="sla_clock_breached"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}: {self.state}"

    @property
    def is_active(self) -> bool:
        """Tell whether it runs or stands still."""
        return self.state in _ACTIVE


class Interval(models.Model):
    """A stretch in which a clock ran or stood still, and why; together they are the clock's whole time without a gap.

    Each keeps the hours it was counted by, so that a change of calendar counts what ran before by the hours of then.
    """

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="intervals")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    running = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="sla_interval_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(running=True) ^ ~Q(reason=""), name="sla_interval_says_why_it_stands"),
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at=None), name="sla_interval_one_open"),
        ]
        indexes: ClassVar = [models.Index(fields=["clock", "id"], name="sla_interval_clock")]

    def __str__(self) -> str:
        return f"{self.clock_id} {'runs' if self.running else self.reason} from {self.started_at}"

    @property
    def span(self) -> Span:
        """Give the interval as the value the rules reckon with; reads the calendar version."""
        return Span(self.started_at, self.ended_at, self.running, self.calendar_version.hours)
