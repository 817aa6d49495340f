"""Care with harmful content: who looked at which covered file, for how long, and how much is good for anybody."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.models.conversation import Attachment
from steward.desk.models.ticket import Ticket
from steward.desk.rules.care import Limits


class MediaView(models.Model):
    """One look of a person at a covered file, from asking for it to its being covered again."""

    class How(models.TextChoices):
        """What became of the file."""

        SHOWN = "shown", _("Shown")
        DOWNLOADED = "downloaded", _("Downloaded")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="views")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    how = models.TextField(choices=How.choices)
    opened_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("opened_at")),
                name="desk_mediaview_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(how="shown") | models.Q(how="downloaded", ended_at__isnull=False),
                name="desk_mediaview_download_is_over",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-opened_at"], name="desk_mediaview_user"),
            models.Index(fields=["attachment", "-opened_at"], name="desk_mediaview_file"),
            models.Index(fields=["last_beat_at"], condition=models.Q(ended_at=None), name="desk_mediaview_open"),
        ]

    def __str__(self) -> str:
        return f"view {self.pk} of {self.attachment_id}"


class Exposure(models.Model):
    """How long a person has looked at covered media in one shift, or one day outside of shifts; two at once count once.

    `stretch` counts the seconds since the last rest, `allowed` what leads let them look on top of the limit.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)
    stretch = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField(default=0)
    last_beat_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "since"], name="desk_exposure_once")]
        indexes: ClassVar = [models.Index(fields=["-since"], name="desk_exposure_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.since}: {self.seconds} s"


class ExposureAllowance(models.Model):
    """A lead let a person look for longer in one shift or day, and why."""

    exposure = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="allowances")
    seconds = models.PositiveIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="desk_exposureallowance_has_a_reason"),
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="desk_exposureallowance_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s more"


class CarePreference(models.Model):
    """How a person wants to meet media, more careful than their queues ask; without a row just as those ask."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cover_all = models.BooleanField(default=False)
    in_gray = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user_id}: covers all {self.cover_all}, gray {self.in_gray}"


class CareLimits(models.Model):
    """The desk's limits for looking at covered media: one row, or none for the usual ones."""

    limit = models.DurationField(default=timedelta(minutes=60))
    rest_after = models.DurationField(default=timedelta(minutes=20))
    rest_for = models.DurationField(default=timedelta(minutes=10))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="desk_carelimits_one_row"),
            models.CheckConstraint(
                condition=models.Q(limit__gt=timedelta(), rest_after__gt=timedelta(), rest_for__gt=timedelta()),
                name="desk_carelimits_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.limit} a shift"

    @property
    def value(self) -> Limits:
        """Give the row as the limits it stands for."""
        return Limits(limit=self.limit, rest_after=self.rest_after, rest_for=self.rest_for)
