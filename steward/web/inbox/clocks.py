"""The one clock a row of a list shows: the promise that is due first, or why nothing runs."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from steward.sla.models import Clock
from steward.web.shared.clocks import Chip, chip


def chips(ticket_ids: Iterable[int], *, at: datetime) -> dict[int, Chip]:
    """Give the chip of each of these tickets that has an active clock: one query, one plain row a ticket."""
    pressing = (
        Clock.objects.active()
        .filter(ticket_id__in=list(ticket_ids))
        .order_by("ticket_id", F("due_at").asc(nulls_last=True), "left_seconds", "id")
        .distinct("ticket_id")
        # Once the warning was given, its instant is when it was given.
        .values_list("ticket_id", "kind", "state", "due_at", Coalesce("warn_due_at", "warned_at"), "reason", "breached_at")
    )
    return {
        ticket_id: chip(kind, state, due_at, warn_at, reason, breached=breached_at is not None, at=at)
        for ticket_id, kind, state, due_at, warn_at, reason, breached_at in pressing
    }
