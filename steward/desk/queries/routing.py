"""What routing looks at: the ticket that should go next, and the agents who could take it."""

from datetime import datetime

from django.db import connection

from steward.core.rows import first_row, rows
from steward.desk.queries.load import Takes, loads, takes
from steward.desk.rules.routing import Candidate, Next

# The heads of each queue come straight from the index; only among those few is anything sorted.
_HEADS = 10
# A ticket in a language the agent does not answer in goes behind the others, until its promise is broken.
_NEXT = """
WITH heads AS (
    SELECT h.id, coalesce(q.team_id = ANY(%s), false) AS own,
           cardinality(%s::text[]) = 0 OR h.language = '' OR split_part(h.language, '-', 1) = ANY(%s)
               OR coalesce(h.due_at <= %s, false) AS speaks,
           cardinality(%s::text[]) > 0 AND split_part(h.language, '-', 1) = ANY(%s) AS spoken
      FROM desk_queue q
     CROSS JOIN LATERAL (
        SELECT t.id, t.language, t.due_at FROM desk_ticket t
         WHERE t.queue_id = q.id AND t.state IN ('new', 'open') AND t.assignee_id IS NULL
         ORDER BY coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.priority, t.id
         LIMIT %s) h
     WHERE q.id = ANY(%s) AND q.purpose = 'support' AND q.is_active AND coalesce(%s, q.capacity) > %s
)
SELECT t.id, heads.own, heads.spoken, t.due_at, t.priority FROM desk_ticket t JOIN heads ON heads.id = t.id
 WHERE t.state IN ('new', 'open') AND t.assignee_id IS NULL
 ORDER BY heads.own DESC, heads.speaks DESC, coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.priority, t.id
 LIMIT 1
   FOR UPDATE OF t SKIP LOCKED
"""

_WAITING = """
SELECT id FROM desk_ticket
 WHERE queue_id = %s AND state IN ('new', 'open') AND assignee_id IS NULL
 ORDER BY coalesce(due_at, '9999-12-31T00:00:00Z'::timestamptz), priority, id
 LIMIT %s
"""

_IDLE = """
SELECT u.id, (SELECT max(t.updated_at) FROM desk_ticket t WHERE t.assignee_id = u.id)
  FROM people_user u
 WHERE u.id = ANY(%s) AND u.is_active
"""

_NEVER = 10.0**9


def next_ticket(*, queue_ids: list[int], team_ids: list[int], load: float, takes: Takes, at: datetime) -> Next | None:
    """Lock and give the ticket to be worked next: the teams' own queues first, then any other in sight with room for the agent.

    Tickets that another transaction is taking are passed over; call it inside the transaction that assigns.
    """
    spoken = list(takes.languages)
    # All heads taken at this very moment is possible with many agents: then the whole line is looked through.
    for heads in (_HEADS, None):
        values = [team_ids, spoken, spoken, at, spoken, spoken, heads, queue_ids, takes.capacity, load]
        row = first_row(_NEXT, values)
        if row is not None:
            return Next(*row)
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


def serialize_agent(user_id: int) -> None:
    """Let one transaction at a time take tickets for an agent, so that two clicks at once do not go over the capacity."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('steward.desk.agent'), %s)", [user_id % 2**31])


def candidates(user_ids: list[int], *, language: str, at: datetime) -> list[Candidate]:
    """Give the agents among these users with what they have in hand and take, and how long none of their tickets moved."""
    moved = dict(rows(_IDLE, [user_ids]))
    loaded, taken = loads(moved), takes(moved)
    return [
        Candidate(
            user_id=user_id,
            load=loaded[user_id],
            idle_for=(at - last).total_seconds() if last else _NEVER,
            capacity=taken[user_id].capacity,
            speaks=taken[user_id].speaks(language),
        )
        for user_id, last in moved.items()
    ]


_BECAUSE = """
SELECT payload->'because' FROM ledger_event WHERE stream = %s AND kind = 'desk.ticket_assigned' ORDER BY seq DESC LIMIT 1
"""


def because_of(ticket_id: int) -> tuple[str, ...]:
    """Name what the rule went by that gave a ticket to its owner; nothing where no rule did."""
    row = first_row(_BECAUSE, [f"ticket:{ticket_id}"])
    return tuple(row[0] or ()) if row else ()
