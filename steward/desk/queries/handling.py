"""Handle time as it may be seen: one's own stretches, a ticket's sum, and per category without any name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from steward.core.rows import first_row, rows
from steward.desk.models import Handling

MOST_STRETCHES = 10
_SUMS = """
SELECT coalesce(sum(seconds), 0), coalesce(sum(seconds) FILTER (WHERE user_id = %s), 0), count(DISTINCT user_id)
  FROM desk_handling WHERE ticket_id = %s AND closed_at IS NOT NULL
"""
_BY_CATEGORY = """
SELECT category_id, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds), sum(seconds)
  FROM (SELECT t.id, t.category_id, sum(h.seconds) AS seconds
          FROM desk_handling h JOIN desk_ticket t ON t.id = h.ticket_id
         WHERE h.started_at >= %s AND h.closed_at IS NOT NULL AND t.queue_id = ANY(%s)
         GROUP BY t.id) each
 GROUP BY category_id ORDER BY sum(seconds) DESC, category_id
"""


@dataclass(frozen=True)
class HandleTime:
    """How long a ticket was in hand: by everybody, and by whoever asks."""

    total: int
    mine: int
    people: int


@dataclass(frozen=True)
class OfCategory:
    """The time the tickets of a category were in hand: how many, half of them shorter, nine in ten shorter, all together."""

    category_id: int | None
    tickets: int
    median: float
    most: float
    total: int


def handle_time_of(ticket_id: int, *, user_id: int) -> HandleTime:
    """Give the sums of a ticket, in one query."""
    total, mine, people = first_row(_SUMS, [user_id, ticket_id]) or (0, 0, 0)
    return HandleTime(int(total), int(mine), int(people))


def own_stretches(ticket_id: int, *, user_id: int) -> list[Handling]:
    """Give one's own latest stretches on a ticket, with what was corrected about each."""
    found = Handling.objects.filter(ticket_id=ticket_id, user_id=user_id).exclude(closed_at=None)
    return list(found.prefetch_related("corrections").order_by("-started_at")[:MOST_STRETCHES])


def handle_time_by_category(*, since: datetime, queue_ids: Sequence[int]) -> list[OfCategory]:
    """Give the handle time of the tickets in these queues since an instant, by category; nobody is named."""
    found = rows(_BY_CATEGORY, [since, list(queue_ids)])
    return [OfCategory(row[0], row[1], float(row[2]), float(row[3]), int(row[4])) for row in found]
