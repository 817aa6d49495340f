"""Reading tickets as snapshots: many at once, in one statement."""

from collections.abc import Iterable

from django.db import connection

from steward.desk.queries.access import no_such_ticket, visible_queue_ids
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor

_COLUMNS = {
    "ticket_id": "t.id",
    "state": "t.state",
    "status_id": "t.status_id",
    "priority": "t.priority",
    "queue_id": "t.queue_id",
    "queue_purpose": "q.purpose",
    "category_id": "t.category_id",
    "assignee_id": "t.assignee_id",
    "waiting_reason": "t.waiting_reason",
    "snoozing": "t.snoozing",
    "channel": "t.channel",
    "language": "coalesce(nullif(r.language, ''), t.language)",
    "subject": "t.subject",
    "requester_id": "t.requester_id",
    "requester_team": "r.team",
    "requester_market": "r.market",
    "requester_role": "r.platform_role",
    "created_at": "t.created_at",
    "updated_at": "t.updated_at",
    "due_at": "t.due_at",
    "last_message_at": "t.last_message_at",
    "last_requester_message_at": "t.last_requester_message_at",
    "solved_at": "t.solved_at",
    "status_name": "s.name",
    "queue_name": "q.name",
    "category_name": "coalesce(c.name, '')",
    "assignee_name": "coalesce(u.name, '')",
}
_TAGS = "ARRAY(SELECT g.tag_id FROM desk_tickettag g WHERE g.ticket_id = t.id)"
_READ = f"""
SELECT {", ".join(_COLUMNS.values())}, {_TAGS}
  FROM desk_ticket t
  JOIN desk_queue q ON q.id = t.queue_id
  JOIN desk_status s ON s.id = t.status_id
  JOIN people_requester r ON r.id = t.requester_id
  LEFT JOIN desk_category c ON c.id = t.category_id
  LEFT JOIN people_user u ON u.id = t.assignee_id
 WHERE t.id = ANY(%s)
"""  # noqa: S608 -- the columns are the table above


def snapshots(ticket_ids: Iterable[int], *, queue_ids: Iterable[int]) -> dict[int, Snapshot]:
    """Give the tickets among these that stand in the given queues, by number, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_READ} AND t.queue_id = ANY(%s)", [list(ticket_ids), list(queue_ids)])
        return {
            row[0]: Snapshot(**dict(zip(_COLUMNS, row[:-1], strict=True)), tag_ids=frozenset(row[-1])) for row in cursor.fetchall()
        }


def snapshot_seen_by(actor: Actor, ticket_id: int) -> Snapshot:
    """Give one ticket as it is; raises `NotFound` for none and for one out of sight."""
    found = snapshots([ticket_id], queue_ids=visible_queue_ids(actor)).get(ticket_id)
    if found is None:
        raise no_such_ticket(ticket_id)
    return found
