"""One-time links that are handed over: to join, and to set a new password."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from steward.people.models.user import User
from steward.people.rules import Role


class Invitation(models.Model):
    """A link that makes one account; an empty desk's first one has no address, the person writes theirs.

    Only the hash of its token is kept: whoever reads the table cannot use the link.
    """

    email = models.TextField(default="", blank=True)
    name = models.TextField(default="", blank=True)
    roles = ArrayField(models.TextField())
    team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    language = models.TextField(default="", blank=True)
    time_zone = models.TextField(default="", blank=True)
    first_admin = models.BooleanField(default=False)
    token_hash = models.TextField(unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role], roles__len__gt=0),
                name="people_invitation_known_roles",
            ),
            models.CheckConstraint(
                condition=models.Q(first_admin=True) | ~models.Q(email=""),
                name="people_invitation_email_unless_first",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="people_invitation_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class PasswordLink(models.Model):
    """A link with which a user sets a new password once; only the hash of its token is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token_hash = models.TextField(unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(withdrawn_at=None),
                name="people_passwordlink_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"password link {self.pk}"
