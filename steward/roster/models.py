"""The tables of the roster."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.people.models import Membership, Team, User
from steward.roster.rules.business_time import Hours
from steward.roster.rules.calendar_shape import read_hours


class ShiftKind(models.IntegerChoices):
    """What somebody is there for: working the queue, or being reached when needed."""

    DUTY = 1, _("duty")
    ON_CALL = 2, _("on call")


class ShiftQuerySet(models.QuerySet["Shift"]):
    """The filters over shifts."""

    def live(self) -> Self:
        """Keep those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """Keep those that share a moment with `[start, end)`."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def running(self, at: datetime) -> Self:
        """Keep those that run at an instant; a shift runs at its start and no longer at its end."""
        return self.live().filter(starts_at__lte=at, ends_at__gt=at)

    def for_team(self, team_id: int | None) -> Self:
        """Keep those that serve a team: entered for it, or for no team and worked by a member. None keeps all."""
        if team_id is None:
            return self
        member = Membership.objects.filter(team_id=team_id, user_id=OuterRef("user_id"))
        return self.filter(Q(team_id=team_id) | Q(team_id=None) & Exists(member))


def _only(field: str) -> Func:
    # A range of one number stands for equality: a plain integer has no GiST operator without an extension.
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Shift(models.Model):
    """Somebody is on duty or on call from one instant to another, `[starts_at, ends_at)`.

    `time_zone` is where the shift was thought in, so that it is shown as it was meant.
    Without a team it serves every team its worker is in. `ended_at` says when its worker signed off; before the planned
    end, that becomes the end.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=ShiftKind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.TextField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(default="", blank=True)
    cancelled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ShiftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="roster_shift_ends_after_start"),
            models.CheckConstraint(condition=Q(kind__in=ShiftKind.values), name="roster_shift_known_kind"),
            ExclusionConstraint(
                name="roster_shift_no_overlap",
                index_type="gist",
                expressions=[
                    (_only("user_id"), "&&"),
                    (_only("kind"), "&&"),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), "&&"),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at", "starts_at"], condition=Q(cancelled_at=None), name="roster_shift_live"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Break(models.Model):
    """Somebody on duty is away for a while: the desk gives them nothing until they are back."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="roster_break_ends_after_start"
            ),
            # One that has not ended reaches to the end of time: nobody is on two.
            ExclusionConstraint(
                name="roster_break_no_overlap",
                index_type="gist",
                expressions=[
                    (_only("user_id"), "&&"),
                    (Func(F("started_at"), F("ended_at"), function="tstzrange"), "&&"),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index("user", condition=Q(ended_at=None), name="roster_break_open")]

    def __str__(self) -> str:
        return f"{self.user_id} away from {self.started_at}"


class BusinessCalendar(models.Model):
    """When a desk, or a part of it, counts as open; its hours are in its versions."""

    name = models.TextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="roster_businesscalendar_name"),
            models.CheckConstraint(condition=~Q(name=""), name="roster_businesscalendar_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """The hours of a calendar from `created_at` until its next version; the database refuses to change or delete one.

    `slots` is a list of {weekday 0-6 from Monday, start, end}, `holidays` of {date, name, slots}.
    """

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    time_zone = models.TextField()
    slots = models.JSONField()
    holidays = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "version"], name="roster_calendarversion_number"),
            models.CheckConstraint(condition=Q(version__gte=1), name="roster_calendarversion_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} version {self.version}"

    @property
    def hours(self) -> Hours:
        """Give the hours as the value business time reckons with."""
        return read_hours(self.time_zone, self.slots, self.holidays)
