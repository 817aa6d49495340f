"""What a desk asks beside the fixed fields: the definitions, and one side row of values a ticket."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from steward.desk.models.queue import Category
from steward.desk.models.ticket import Ticket


class CustomField(models.Model):
    """A field the desk defined: for every ticket, or for those under some categories and what stands below them.

    `default`, `lowest`, `highest` and `pattern` mean what `rules.fields` makes of them for the kind.
    """

    class Kind(models.TextChoices):
        """What it holds."""

        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        YES_NO = "yes_no", _("Yes or no")
        ONE_OF = "one_of", _("One of a list")
        MANY_OF = "many_of", _("Several of a list")
        PERSON = "person", _("A person of the desk")
        LINK = "link", _("Web address")

    name = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    help = models.TextField(default="", blank=True)
    default = models.JSONField(null=True, blank=True)
    pattern = models.TextField(default="", blank=True)
    lowest = models.TextField(default="", blank=True)
    highest = models.TextField(default="", blank=True)
    everywhere = models.BooleanField(default=True)
    asks_requester = models.BooleanField(default=False)
    required_at_open = models.BooleanField(default=False)
    required_at_solve = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="desk_customfield_name"),
            models.CheckConstraint(
                condition=models.Q(asks_requester=False) | ~models.Q(kind="person"),
                name="desk_customfield_people_stay_inside",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["text", "long_text", "number", "date", "yes_no", "one_of", "many_of", "person", "link"]
                ),
                name="desk_customfield_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FieldCategory(models.Model):
    """A category under which a field is asked, there and in all that stands below."""

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["field", "category"], name="desk_fieldcategory_once")]

    def __str__(self) -> str:
        return f"{self.field_id} under {self.category_id}"


class FieldOption(models.Model):
    """A value to choose from; its id stands in tickets and in the ledger, so it is renamed or retired, never deleted."""

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="options")
    name = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("field", Lower("name"), name="desk_fieldoption_name")]

    def __str__(self) -> str:
        return self.name


class TicketFields(models.Model):
    """All values of a ticket's custom fields, by the field's id; a ticket without any has no row.

    Beside the ticket, so that lists never read it; a field that is not filled is not there.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, primary_key=True, related_name="+")
    values = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["values"], opclasses=["jsonb_path_ops"], name="desk_ticketfields_values", fastupdate=False)
        ]

    def __str__(self) -> str:
        return f"fields of {self.ticket_id}"
