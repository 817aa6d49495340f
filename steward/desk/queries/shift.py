"""What somebody's shift is made of: their tickets, their promises, and for leads who is there and what waits for nobody."""

from dataclasses import dataclass
from datetime import datetime

from steward.core.rows import rows

# More than that nobody works through in a shift; the list of one's tickets has the rest.
MOST_TICKETS = 100
MOST_PROMISES = 12
_MINE = """
SELECT t.id, t.subject, t.state, st.name, t.waiting_reason, t.priority, q.name, r.name, t.due_at, t.updated_at, t.last_message_at,
       coalesce(t.last_requester_message_at >= t.last_message_at, false), t.snoozing, s.until, s.until_at, s.ended_as
  FROM desk_ticket t
  JOIN desk_status st ON st.id = t.status_id
  JOIN desk_queue q ON q.id = t.queue_id
  JOIN people_requester r ON r.id = t.requester_id
  LEFT JOIN desk_snooze s ON s.ticket_id = t.id AND s.settled_at IS NULL
 WHERE t.assignee_id = %s AND t.state IN ('new', 'open', 'pending', 'on_hold') AND t.queue_id = ANY(%s)
 ORDER BY coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.id LIMIT %s
"""
_PROMISED = """
SELECT f.id, f.ticket_id, f.what, f.due_at, t.subject
  FROM desk_followup f JOIN desk_ticket t ON t.id = f.ticket_id
 WHERE f.owner_id = %s AND f.done_at IS NULL AND f.due_at < %s AND t.queue_id = ANY(%s)
 ORDER BY f.due_at, f.id LIMIT %s
"""


@dataclass(frozen=True)
class MyTicket:
    """A ticket in somebody's hands, as their shift shows it."""

    id: int
    subject: str
    state: str
    status: str
    waiting_reason: str
    priority: int
    queue: str
    requester: str
    due_at: datetime | None
    updated_at: datetime
    last_message_at: datetime
    awaits_reply: bool
    snoozing: str
    until: str | None
    until_at: datetime | None
    ended_as: str | None


@dataclass(frozen=True)
class Promised:
    """A follow-up that falls due."""

    id: int
    ticket_id: int
    what: str
    due_at: datetime
    subject: str


def tickets_in_hand(user_id: int, *, queue_ids: list[int], most: int = MOST_TICKETS) -> list[MyTicket]:
    """Give somebody's working tickets in the queues they see, the earliest promise first, sleeping ones among them."""
    return [MyTicket(*row) for row in rows(_MINE, [user_id, queue_ids, most])]


def promises_due(user_id: int, *, until: datetime, queue_ids: list[int]) -> list[Promised]:
    """Give the follow-ups of somebody that fall due before an instant, the most pressing first."""
    return [Promised(*row) for row in rows(_PROMISED, [user_id, until, queue_ids, MOST_PROMISES])]


_WAITING = """
SELECT q.id, q.name, q.team_id, sum(c.n), q.restricted, ARRAY(SELECT a.user_id FROM desk_queueaccess a WHERE a.queue_id = q.id)
  FROM desk_queue q JOIN desk_ticketcount c ON c.queue_id = q.id
 WHERE q.id = ANY(%s) AND q.is_active AND c.state IN ('new', 'open') AND c.assignee_id IS NULL
 GROUP BY q.id HAVING sum(c.n) > 0 ORDER BY sum(c.n) DESC, q.id
"""


@dataclass(frozen=True)
class WaitingQueue:
    """A queue with tickets nobody owns."""

    id: int
    name: str
    team_id: int | None
    waiting: int
    restricted: bool
    named: list[int]


def queues_waiting(*, queue_ids: list[int]) -> list[WaitingQueue]:
    """Give the queues in sight in which tickets wait for somebody, the fullest first, from the counting table."""
    return [WaitingQueue(*row) for row in rows(_WAITING, [queue_ids])]
