"""What people keep to use again, alone, with their team or with everybody: saved replies and macros."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.desk.models.ticket import Ticket


class Shared(models.Model):
    """The base: a name, a folder, and for whom it is. `times_used` is told by whoever uses it."""

    class Scope(models.TextChoices):
        """For whom it is."""

        PRIVATE = "private", _("Only me")
        TEAM = "team", _("One team")
        ALL = "all", _("Everybody on the desk")

    name = models.TextField()
    folder = models.TextField(default="", blank=True)
    scope = models.TextField(choices=Scope.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+", null=True)
    is_active = models.BooleanField(default=True)
    times_used = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scope="private", owner__isnull=False, team=None)
                | Q(scope="team", owner=None, team__isnull=False)
                | Q(scope="all", owner=None, team=None),
                name="%(app_label)s_%(class)s_belongs_to_its_scope",
            ),
            models.UniqueConstraint(
                Lower("name"),
                "owner",
                "team",
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SavedReply(Shared):
    """A text written once and sent many times, in one or more languages."""


class SavedReplyText(models.Model):
    """The text of a saved reply in a language (empty: for every other); a rewritten one stays, retired."""

    reply = models.ForeignKey(SavedReply, on_delete=models.PROTECT, related_name="texts")
    language = models.TextField(default="", blank=True)
    body = models.TextField()
    written_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reply", "language"], condition=Q(retired_at=None), name="desk_savedreplytext_one_a_language"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="desk_savedreplytext_has_a_body"),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} in {self.language or 'any language'}"


class Macro(Shared):
    """Several verbs that a person runs on a ticket, all or none; what it does stands in its versions."""


class MacroVersion(models.Model):
    """What a macro does from `created_at` on: `calls` are verbs with their arguments. Never changed, so a run can name it."""

    macro = models.ForeignKey(Macro, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    calls = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["macro", "version"], name="desk_macroversion_number"),
            models.CheckConstraint(condition=Q(version__gte=1), name="desk_macroversion_from_one"),
        ]

    def __str__(self) -> str:
        return f"macro {self.macro_id} version {self.version}"


class MacroRun(models.Model):
    """A macro run on a ticket: with which version, and the calls that take it back (`done`), once.

    `client_token` is drawn by the dialog: a double click runs it once.
    """

    macro = models.ForeignKey(Macro, on_delete=models.PROTECT, related_name="runs")
    version = models.PositiveIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_token = models.TextField(default="", blank=True)
    done = models.JSONField(default=list)
    ran_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "client_token"], condition=~Q(client_token=""), name="desk_macrorun_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["macro", "-id"], name="desk_macrorun_macro")]

    def __str__(self) -> str:
        return f"macro {self.macro_id}@v{self.version} on {self.ticket_id}"
