"""The same rows, read and written with plain SQL and prepared statements: the limit to be compared with."""

from datetime import UTC, datetime
from itertools import count, cycle

import psycopg
from psycopg.types.json import Jsonb

from bench.data import Desk

_numbers = count(1)
_QUEUE = """
SELECT t.id, t.subject, t.state, s.name, t.priority, t.queue_id, q.name, r.name, u.name, t.created_at, t.updated_at, t.due_at
  FROM desk_ticket t JOIN desk_status s ON s.id = t.status_id JOIN desk_queue q ON q.id = t.queue_id
  JOIN people_requester r ON r.id = t.requester_id LEFT JOIN people_user u ON u.id = t.assignee_id
 WHERE t.queue_id = ANY(%s) AND t.state IN ('new', 'open', 'pending', 'on_hold')
 ORDER BY coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz), t.id LIMIT 50
"""
_ONE = """
SELECT t.*, r.name, q.name, u.name FROM desk_ticket t JOIN people_requester r ON r.id = t.requester_id
  JOIN desk_queue q ON q.id = t.queue_id LEFT JOIN people_user u ON u.id = t.assignee_id WHERE t.id = %s
"""
_EVENT = "INSERT INTO ledger_event (stream, kind, payload, actor_kind, actor_id, occurred_at) VALUES (%s, %s, %s, 'agent', %s, %s)"
_MESSAGE = """
INSERT INTO desk_message (ticket_id, conversation_id, kind, author_kind, author_user_id, requester_id, automatic, body,
    client_token, created_at)
VALUES (%s, %s, 'message', %s, %s, %s, false, %s, '', %s) RETURNING id
"""
_TICKET = """
INSERT INTO desk_ticket (subject, requester_id, queue_id, status_id, state, waiting_reason, priority, channel, language, source,
    external_id, client_token, created_at, updated_at, last_message_at, last_requester_message_at, outcome)
SELECT %s, %s, %s, id, 'new', '', 3, 'portal', 'en', '', '', '', %s, %s, %s, %s, ''
  FROM desk_status WHERE state = 'new' AND is_default
RETURNING id
"""

_CONVERSATION = (
    "INSERT INTO desk_conversation (ticket_id, channel, requester_id, created_at) VALUES (%s, 'portal', %s, %s) RETURNING id"
)
_SEARCH = """
INSERT INTO desk_ticketsearch (ticket_id, marks, document) VALUES (%s, %s, array_to_tsvector(%s::text[]))
"""
_SEARCH_MORE = """
UPDATE desk_ticketsearch SET document = document || array_to_tsvector(%s::text[]) WHERE ticket_id = %s
"""
_NEXT = """
SELECT id FROM desk_ticket WHERE state IN ('new', 'open') AND assignee_id IS NULL AND queue_id = ANY(%s)
 ORDER BY coalesce(due_at, '9999-12-31T00:00:00Z'::timestamptz), priority, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class Plain:
    """One connection, as lasting and as prepared as the application's."""

    def __init__(self, connection: psycopg.Connection, desk: Desk, requester_id: int) -> None:
        self.connection, self.desk, self.requester_id = connection, desk, requester_id
        self._opened, self._answered = cycle(desk.talkative_ids), cycle(desk.talkative_ids[1::2])
        connection.prepare_threshold = 0

    def queue_page(self) -> None:
        """Read 50 rows and the counts beside them."""
        self.connection.execute(_QUEUE, [self.desk.queue_ids]).fetchall()
        self.connection.execute(
            "SELECT queue_id, state, assignee_id, sum(n) FROM desk_ticketcount WHERE queue_id = ANY(%s) GROUP BY 1, 2, 3",
            [self.desk.queue_ids],
        ).fetchall()
        self.connection.commit()

    def open_ticket(self) -> None:
        """Read a ticket, its messages and its events."""
        pk = next(self._opened)
        self.connection.execute(_ONE, [pk]).fetchone()
        self.connection.execute("SELECT * FROM desk_message WHERE ticket_id = %s ORDER BY id", [pk]).fetchall()
        self.connection.execute("SELECT * FROM ledger_event WHERE stream = %s ORDER BY seq", [f"ticket:{pk}"]).fetchall()
        self.connection.commit()

    def create(self) -> None:
        """Write a ticket with conversation, message, two events and its search row, in one commit."""
        at, number = datetime.now(UTC), next(_numbers)
        run, queue = self.connection.execute, self.desk.queue_ids[0]
        row = run(_TICKET, [f"Plain {number}", self.requester_id, queue, at, at, at, at]).fetchone()
        pk = row[0] if row else 0
        talk = run(
            _CONVERSATION,
            [pk, self.requester_id, at],
        ).fetchone()
        said = run(_MESSAGE, [pk, talk[0] if talk else 0, "requester", None, self.requester_id, "My queue is empty", at]).fetchone()
        self._tell(pk, "bench.ticket_opened", {"ticket_id": pk}, at)
        self._tell(pk, "bench.message_received", {"ticket_id": pk, "message_id": said[0] if said else 0}, at)
        run(
            _SEARCH,
            [pk, [f"q/{queue}"], [f"q/{queue}", "my", "queue", "is", "empty"]],
        )
        self.connection.commit()

    def reply(self) -> None:
        """Write a message with its event and search words on a locked ticket."""
        at, pk, run = datetime.now(UTC), next(self._answered), self.connection.execute
        run("SELECT * FROM desk_ticket WHERE id = %s FOR UPDATE", [pk]).fetchone()
        said = run(_MESSAGE, [pk, pk, "agent", self.desk.agent.pk, None, "Please reload the page.", at]).fetchone()
        run("UPDATE desk_ticket SET updated_at = %s, last_message_at = %s WHERE id = %s", [at, at, pk])
        self._tell(pk, "bench.reply_sent", {"ticket_id": pk, "message_id": said[0] if said else 0}, at)
        run(
            _SEARCH_MORE,
            [["please", "reload", "the", "page"], pk],
        )
        self.connection.commit()

    def get_next(self) -> None:
        """Take the ticket that goes first, with its two events."""
        at, run = datetime.now(UTC), self.connection.execute
        row = run(
            _NEXT,
            [self.desk.queue_ids],
        ).fetchone()
        if row:
            run(
                """UPDATE desk_ticket SET state = 'open', assignee_id = %s, updated_at = %s,
                          status_id = (SELECT id FROM desk_status WHERE state = 'open' AND is_default) WHERE id = %s""",
                [self.desk.agent.pk, at, row[0]],
            )
            for kind in ("bench.status_changed", "bench.ticket_assigned"):
                self._tell(row[0], kind, {"ticket_id": row[0]}, at)
        self.connection.commit()

    def search(self) -> None:
        """Find a ticket by its number."""
        self.connection.execute(_ONE, [self.desk.tickets - 3]).fetchone()
        self.connection.commit()

    def _tell(self, pk: int, kind: str, payload: dict[str, int], at: datetime) -> None:
        # Under names of its own: nobody who follows the ledger takes it for a fact.
        self.connection.execute(_EVENT, [f"bench.:{pk}", kind, Jsonb(payload), self.desk.agent.pk, at])
