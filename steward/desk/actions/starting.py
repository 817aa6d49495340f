"""Giving an empty desk what every desk needs before the first query."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.desk.actions.settings import create_queue, create_status
from steward.desk.models import Queue, Status
from steward.people.actor import Actor


def start_desk(*, by: Actor, at: datetime) -> None:
    """Make one status for each state and a first queue, where there is none yet; a second call changes nothing."""
    with transaction.atomic():
        for position, state in enumerate(Status.State):
            if not Status.objects.filter(state=state).exists():
                create_status(
                    values={"name": str(state.label), "state": state.value, "is_default": True, "position": position},
                    by=by,
                    at=at,
                )
        if not Queue.objects.exists():
            create_queue(values={"name": _("Support")}, by=by, at=at)
