"""Somebody who can sign in."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from steward.core import clock
from steward.people.rules import Role, normalize_email


class UserQuerySet(models.QuerySet["User"]):
    """The filters over users."""

    def with_email(self, email: str) -> Self:
        """Keep the user with this address, however its letters are cased."""
        return self.filter(email=normalize_email(email))

    def active(self) -> Self:
        """Keep those who may sign in."""
        return self.filter(is_active=True)

    def with_role(self, role: Role) -> Self:
        """Keep those who have a role."""
        return self.filter(roles__contains=[role.value])

    def active_admins(self) -> Self:
        """Keep the admins who can act as such."""
        return self.active().with_role(Role.ADMIN)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users as the sign-in asks for them."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by what they sign in with, their address; raises `User.DoesNotExist`."""
        found: User = self.get(email=normalize_email(username or ""))
        return found


class User(AbstractBaseUser):
    """Somebody who can sign in: what they are called, what they are here, and how they read time and text.

    `session_epoch` is part of what a session is signed with; a higher one ends every session for good.
    """

    email = models.TextField()
    name = models.TextField()
    roles = ArrayField(models.TextField())
    language = models.TextField(default="en")
    time_zone = models.TextField(default="UTC")
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects: ClassVar[Any] = UserManager()

    class Meta:
        constraints: ClassVar = [
            # Stored in small letters only, so that one plain index makes it unique whatever is typed.
            models.UniqueConstraint(fields=["email"], name="people_user_email"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="people_user_email_small",
            ),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role]),
                name="people_user_known_roles",
            ),
            models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="people_user_some_role"),
            models.CheckConstraint(condition=~models.Q(email=""), name="people_user_has_email"),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(is_active=False, email__endswith="@erased.invalid"),
                name="people_user_erased_is_empty",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="people_user_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_set(self) -> frozenset[Role]:
        """Give the roles as a set."""
        return frozenset(Role(role) for role in self.roles)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "steward.people.User.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
