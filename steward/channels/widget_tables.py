"""The tables of the widget: the sites it stands on, the secrets they sign with, and the pages that were asked from."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

MOST_ORIGINS = 20


class WidgetSite(models.Model):
    """An internal web page, or a family of them, that shows the widget.

    `key` names it in the page and in its tokens and is no secret; `origins` are where its pages may stand; of the query of a
    page's address only `kept_params` are kept.
    """

    key = models.TextField(unique=True)
    name = models.TextField()
    origins = ArrayField(models.TextField())
    kept_params = ArrayField(models.TextField(), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="channels_widgetsite_name"),
            models.CheckConstraint(condition=models.Q(origins__len__gt=0), name="channels_widgetsite_has_an_origin"),
        ]

    def __str__(self) -> str:
        return self.name


class WidgetSecret(models.Model):
    """A secret of a site, from which day on, and until when its signature is still believed.

    The secret itself is in no table: it is made from `seed` and the desk's own key whenever it is needed.
    """

    site = models.ForeignKey(WidgetSite, on_delete=models.PROTECT, related_name="secrets")
    seed = models.TextField(unique=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], condition=models.Q(ends_at=None), name="channels_widgetsecret_one_current"),
        ]

    def __str__(self) -> str:
        return f"secret {self.pk} of site {self.site_id}"


class WidgetToken(models.Model):
    """A token that was used and names itself: it opens nothing a second time. Forgotten once it is expired anyway."""

    site = models.ForeignKey(WidgetSite, on_delete=models.PROTECT, db_index=False)
    token_hash = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "token_hash"], name="channels_widgettoken_once"),
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of site {self.site_id}"


class WidgetPage(models.Model):
    """The page from which a message was sent: where a ticket came from, and which site may show it again."""

    message = models.OneToOneField("desk.Message", on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+", db_index=False)
    requester = models.ForeignKey("people.Requester", on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(WidgetSite, on_delete=models.PROTECT, db_index=False)
    address = models.TextField(default="", blank=True)
    title = models.TextField(default="", blank=True)
    app_version = models.TextField(default="", blank=True)
    client_version = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket", "-id"], name="channels_widgetpage_ticket"),
            models.Index(fields=["requester", "site", "-ticket"], name="channels_widgetpage_theirs"),
            models.Index(fields=["requester", "-sent_at"], name="channels_widgetpage_pace"),
        ]

    def __str__(self) -> str:
        return f"page of message {self.message_id}"
