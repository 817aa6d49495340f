"""The pages people asked from: how they are let go of."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from steward.channels.models import WidgetPage
from steward.people.actor import Actor
from steward.people.erasing import Held, Whom

AT_ONCE = 500
_EMPTY = {"address": "", "title": "", "app_version": "", "client_version": ""}


def count(whom: Whom, by: Actor) -> Sequence[Held]:  # noqa: ARG001 -- every part is asked alike
    """Count the pages somebody asked from that still say something."""
    return (Held(_("Pages they asked from"), _of(whom).count()),)


def erase(whom: Whom, by: Actor, at: datetime) -> bool:  # noqa: ARG001 -- every part is asked alike
    """Empty some of them; True while there are more."""
    ids = list(_of(whom).order_by("id").values_list("id", flat=True)[:AT_ONCE])
    WidgetPage.objects.filter(pk__in=ids).update(**_EMPTY)
    return len(ids) == AT_ONCE


def empty_page_of(*, message_id: int) -> None:
    """Empty the page of a message whose words were erased."""
    WidgetPage.objects.filter(message_id=message_id).update(**_EMPTY)


def _of(whom: Whom) -> QuerySet[WidgetPage]:
    if whom.requester_id is None:
        return WidgetPage.objects.none()
    said = ~Q(address="") | ~Q(title="") | ~Q(app_version="") | ~Q(client_version="")
    return WidgetPage.objects.filter(said, requester_id=whom.requester_id)
