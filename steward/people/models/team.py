"""People who work together."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from steward.people.models.user import User


class Team(models.Model):
    """People who work together; queues are owned by a team."""

    name = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="people_team_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="people_team_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user is in a team; who was in it before is in the ledger."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "user"], name="people_membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"
