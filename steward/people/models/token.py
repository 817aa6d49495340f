"""Tokens of the API, and the answers kept for requests that are sent again."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from steward.people.models.user import User
from steward.people.rules import MOST_TOKEN_RATE, TOKEN_RATE, Scope


class ApiToken(models.Model):
    """A key with which a program acts as a user, within the user's permission and the token's scopes.

    Only its hash is kept; `beginning` is what people recognize it by. One made by somebody else than its user serves a
    program of its own.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    beginning = models.TextField()
    token_hash = models.TextField(unique=True)
    scopes = ArrayField(models.TextField())
    rate = models.PositiveIntegerField(default=TOKEN_RATE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in Scope], scopes__len__gt=0),
                name="people_apitoken_known_scopes",
            ),
            models.CheckConstraint(condition=models.Q(rate__range=(1, MOST_TOKEN_RATE)), name="people_apitoken_rate_in_bounds"),
        ]
        indexes: ClassVar = [models.Index(fields=["user"], name="people_apitoken_user")]

    def __str__(self) -> str:
        return f"token {self.pk}"


class KeptAnswer(models.Model):
    """The answer to a request that named a key, kept for a day so that the same request again is not done twice.

    `sealed` can be read only with the key, which is not kept: of what the answer says the table tells nobody anything.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="+", db_index=False)
    key_hash = models.TextField()
    request_hash = models.TextField()
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key_hash"], name="people_keptanswer_once")]
        indexes: ClassVar = [models.Index(fields=["kept_at"], name="people_keptanswer_age")]

    def __str__(self) -> str:
        return f"answer {self.pk}"
