"""Who wants to hear of a ticket, and may."""

from dataclasses import dataclass

from steward.core.rows import rows
from steward.desk.models import Ticket
from steward.desk.queries.access import only_those_who_see


@dataclass(frozen=True)
class Person:
    """Somebody who watches, and how that came about."""

    id: int
    name: str
    how: str


_WATCHERS = """
SELECT w.user_id, u.name, w.how FROM desk_watcher w JOIN people_user u ON u.id = w.user_id
 WHERE w.ticket_id = %s AND w.stopped_at IS NULL AND u.is_active ORDER BY lower(u.name), u.id
"""


def watchers_of(ticket: Ticket) -> list[Person]:
    """Give those who watch a ticket and may see it where it stands now."""
    found = [Person(*row) for row in rows(_WATCHERS, [ticket.pk])]
    seeing = set(only_those_who_see([one.id for one in found], queue=ticket.queue)) if found else set()
    return [one for one in found if one.id in seeing]
