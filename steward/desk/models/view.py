"""Saved views: a filter with a name, an order and columns, for oneself, a team or everybody; and how each person has them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from steward.desk.models.shared import Shared


class SavedView(Shared):
    """A filter over tickets with a name. `text` is the filter as it is kept: rows by number, in one way of writing."""

    text = models.TextField(default="", blank=True)
    order = models.TextField()
    columns = ArrayField(models.TextField(), default=list)
    grouping = models.TextField(default="", blank=True)


class ViewChoice(models.Model):
    """How one person has a view: pinned to the rail and where, and how its list is laid out.

    `key` is `v7` for a saved one, else the name of a view of the desk's own. Empty fields are as the view has them.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.TextField()
    view = models.ForeignKey(SavedView, on_delete=models.PROTECT, related_name="choices", null=True)
    is_pinned = models.BooleanField(null=True)
    position = models.PositiveIntegerField(default=0)
    order = models.TextField(default="", blank=True)
    columns = ArrayField(models.TextField(), default=list)
    grouping = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="desk_viewchoice_once"),
            models.CheckConstraint(
                condition=Q(view=None, is_pinned=None) | Q(view__isnull=False), name="desk_viewchoice_pins_saved_views"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} has {self.key}"
