"""The one clock a row of a list shows: the promise that is due first, or why nothing runs."""

from collections.abc import Iterable
from datetime import datetime

from steward.sla.queries import ClockView, clocks_for, most_pressing
from steward.web.shared.clocks import Chip, chip


def chips(ticket_ids: Iterable[int], *, at: datetime) -> dict[int, Chip]:
    """Give the chip of each of these tickets that has an active clock, in one query."""
    shown = ((ticket_id, most_pressing(clocks)) for ticket_id, clocks in clocks_for(ticket_ids, at=at).items())
    return {ticket_id: _chip(clock, at) for ticket_id, clock in shown if clock is not None}


def _chip(clock: ClockView, at: datetime) -> Chip:
    return chip(clock.kind, clock.state, clock.due_at, clock.warned_at, clock.reason, breached=clock.is_breached, at=at)
