"""How much a ticket weighs in an agent's hands, and how much an agent takes."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from steward.desk.rules.load import MOST_PERCENT


class Weight(models.Model):
    """How much tickets of a priority, channel or state weigh, in percent of an ordinary one; without a row as the rules say."""

    class Kind(models.TextChoices):
        """What is weighed by."""

        PRIORITY = "priority", _("Priority")
        CHANNEL = "channel", _("Channel")
        STATE = "state", _("State")

    kind = models.TextField(choices=Kind.choices)
    key = models.TextField()
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="desk_weight_once"),
            models.CheckConstraint(condition=models.Q(percent__lte=MOST_PERCENT), name="desk_weight_in_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.percent} %"


class AgentSetting(models.Model):
    """What an agent takes at once and answers in; without a capacity the queue's counts, without languages every one is as good."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", primary_key=True)
    capacity = models.PositiveSmallIntegerField(null=True)
    languages = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(capacity__gt=0), name="desk_agentsetting_capacity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} takes {self.capacity}"
