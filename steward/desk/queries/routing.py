"""What routing looks at: the ticket that should go next, and the agents who could take it."""

from datetime import datetime

from django.db import connection

from steward.core.rows import first_row
from steward.desk.rules.routing import Candidate

# The heads of each queue come straight from the index; only among those few is anything sorted.
_HEADS = 10
_NEXT = """
WITH heads AS (
    SELECT h.id, coalesce(q.team_id = ANY(%s), false) AS own
      FROM desk_queue q
     CROSS JOIN LATERAL (
        SELECT t.id FROM desk_ticket t
         WHERE t.queue_id = q.id AND t.state IN ('new', 'open') AND t.assignee_id IS NULL
         ORDER BY coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.priority, t.id
         LIMIT %s) h
     WHERE q.id = ANY(%s) AND q.purpose = 'support' AND q.is_active
)
SELECT t.id FROM desk_ticket t JOIN heads ON heads.id = t.id
 WHERE t.state IN ('new', 'open') AND t.assignee_id IS NULL
 ORDER BY heads.own DESC, coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.priority, t.id
 LIMIT 1
   FOR UPDATE OF t SKIP LOCKED
"""

_WAITING = """
SELECT id FROM desk_ticket
 WHERE queue_id = %s AND state IN ('new', 'open') AND assignee_id IS NULL
 ORDER BY coalesce(due_at, '9999-12-31T00:00:00Z'::timestamptz), priority, id
 LIMIT %s
"""

_CANDIDATES = """
SELECT u.id,
       (SELECT count(*) FROM desk_ticket t
         WHERE t.assignee_id = u.id AND t.state IN ('new', 'open')),
       (SELECT max(t.updated_at) FROM desk_ticket t WHERE t.assignee_id = u.id)
  FROM people_user u
 WHERE u.id = ANY(%s) AND u.is_active
"""

_NEVER = 10.0**9


def next_ticket_id(*, queue_ids: list[int], team_ids: list[int]) -> int | None:
    """Lock and give the ticket to be worked next: the teams' own queues first, then any other in sight.

    Tickets that another transaction is taking are passed over; call it inside the transaction that assigns.
    """
    with connection.cursor() as cursor:
        # All heads taken at this very moment is possible with many agents: then the whole line is looked through.
        for heads in (_HEADS, None):
            cursor.execute(_NEXT, [team_ids, heads, queue_ids])
            row = cursor.fetchone()
            if row is not None:
                return int(row[0])
    return None


_PUSHED = """
SELECT 1 FROM desk_ticket t JOIN desk_queue q ON q.id = t.queue_id WHERE t.id = %s AND q.routing = 'push' AND q.is_active
"""


def is_handed_out(ticket_id: int) -> bool:
    """Tell whether a ticket stands in a queue that gives its tickets to agents, before anything is locked for it."""
    return first_row(_PUSHED, [ticket_id]) is not None


def waiting_to_be_given(queue_id: int, *, most: int) -> list[int]:
    """Give the unassigned tickets of a queue, the one that should go first at the head."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [queue_id, most])
        return [int(row[0]) for row in cursor.fetchall()]


def serialize_routing() -> None:
    """Let one transaction at a time hand out tickets, so that none counts a load that another is adding to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('steward.desk.routing'))")


def candidates(user_ids: list[int], *, at: datetime) -> list[Candidate]:
    """Give the agents among these users with their load: open tickets, and seconds since one of theirs moved."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [user_ids])
        return [
            Candidate(user_id=user_id, open_tickets=count, idle_for=(at - last).total_seconds() if last else _NEVER)
            for user_id, count, last in cursor.fetchall()
        ]
