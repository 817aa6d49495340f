"""Somebody who asks for help."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from steward.core import clock
from steward.people.models.user import User
from steward.people.rules import normalize_email


class RequesterQuerySet(models.QuerySet["Requester"]):
    """The filters over requesters."""

    def with_email(self, email: str) -> Self:
        """Keep the requester with this address, however its letters are cased."""
        return self.filter(email=normalize_email(email))


class Requester(models.Model):
    """Somebody who asks for help; with a `user` they sign in to the portal, without one they write in.

    `platform_role`, `team` and `client_version` are words of the platform they work on, not of this desk.
    """

    user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="+")
    email = models.TextField(null=True)
    name = models.TextField(default="", blank=True)
    platform_role = models.TextField(default="", blank=True)
    team = models.TextField(default="", blank=True)
    market = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    time_zone = models.TextField(default="", blank=True)
    client_version = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)
    external_id = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = RequesterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # Stored in small letters only, so that one plain index makes it unique whatever is typed.
            models.UniqueConstraint(fields=["email"], name="people_requester_email"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="people_requester_email_small",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="people_requester_external_id",
            ),
            models.CheckConstraint(condition=~models.Q(email=""), name="people_requester_email_or_null"),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(email=None, name="", external_id=""),
                name="people_requester_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"
