"""The one clock a row of a list shows: the promise that is due first, or why nothing runs."""

from collections.abc import Iterable
from datetime import datetime

from steward.sla.queries.clocks import pressing
from steward.web.shared.clocks import Chip, chip


def chips(ticket_ids: Iterable[int], *, at: datetime) -> dict[int, Chip]:
    """Give the chip of each of these tickets that has an active clock: one query, one plain row a ticket."""
    return {
        one.ticket_id: chip(one.kind, one.state, one.due_at, one.warn_at, one.reason, breached=one.is_breached, at=at)
        for one in pressing(ticket_ids)
    }
