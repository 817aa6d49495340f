"""The snoozes that count now: of tickets asleep, and of those that came back and nobody has acted on since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from steward.core.rows import rows
from steward.desk.models import Ticket

_OF = """
SELECT ticket_id, until, until_at, ended_as, ended_at FROM desk_snooze WHERE ticket_id = ANY(%s) AND settled_at IS NULL
"""
_BACK = """
SELECT s.ticket_id FROM desk_snooze s JOIN desk_ticket t ON t.id = s.ticket_id
 WHERE s.user_id = %s AND s.settled_at IS NULL AND s.ended_at IS NOT NULL AND t.queue_id = ANY(%s)
 ORDER BY s.ended_at DESC, s.ticket_id LIMIT %s
"""
MOST_ON_TOP = 20


@dataclass(frozen=True)
class Sleep:
    """Until when a ticket is, or was, snoozed; and for one that is back, what ended it."""

    until: str
    until_at: datetime | None
    ended_as: str = ""
    ended_at: datetime | None = None

    @property
    def is_back(self) -> bool:
        """Tell whether it is over, and the ticket on top."""
        return self.ended_at is not None


def sleeps_of(ticket_ids: Iterable[int]) -> dict[int, Sleep]:
    """Give the snooze of each of these tickets that has one, in one query."""
    return {row[0]: Sleep(*row[1:]) for row in rows(_OF, [list(ticket_ids)])}


def sleep_of(ticket: Ticket) -> Sleep | None:
    """Give a ticket's snooze; asks nothing for one that is awake."""
    return sleeps_of([ticket.pk]).get(ticket.pk) if ticket.snoozing else None


def returned_to(user_id: int, *, queue_ids: list[int]) -> list[int]:
    """Give the tickets that came back to somebody and stand on top of their list, the last one first."""
    return [row[0] for row in rows(_BACK, [user_id, queue_ids, MOST_ON_TOP])]
