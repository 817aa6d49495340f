"""Erasing a person: who, why, and how far it has come; what was erased is nowhere in it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.people.models.requester import Requester
from steward.people.models.user import User


class Erasure(models.Model):
    """The erasing of one person's values; it is carried on piece by piece until nothing is left."""

    class Reason(models.TextChoices):
        """Why it is done."""

        ASKED = "asked", _("The person asked for it")
        LAW = "law", _("The law or a contract asks for it")
        OVER = "over", _("The time to keep it is over")
        MISTAKE = "mistake", _("It came here by mistake")
        HARMFUL = "harmful", _("It is harmful and must not be kept")

    requester = models.ForeignKey(Requester, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(choices=Reason.choices)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(requester__isnull=False) | models.Q(user__isnull=False), name="people_erasure_of_somebody"
            ),
            models.UniqueConstraint(
                fields=["requester", "user"],
                condition=models.Q(finished_at=None),
                nulls_distinct=False,
                name="people_erasure_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["begun_at"], condition=models.Q(finished_at=None), name="people_erasure_open")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
