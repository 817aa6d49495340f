"""A desk of any size, written straight into the tables so that every row is what its events tell."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from steward.desk.actions.settings import create_queue
from steward.desk.actions.starting import start_desk
from steward.desk.actions.timing import fold_counts
from steward.desk.models import Queue, Status
from steward.ledger.actions.following import enroll
from steward.ledger.models import Subscription
from steward.people.actions.teams import add_member, create_team
from steward.people.actions.users import add_user
from steward.people.actor import system
from steward.people.models import User
from steward.roster.actions.shifts import add_shift

BY = system("bench")
CHUNK = 5_000
# One ticket in ten has eight messages, the others two; one in five is being worked.
TALKATIVE = 10
WORDS = [
    "queue",
    "empty",
    "review",
    "item",
    "stuck",
    "appeal",
    "missing",
    "button",
    "hash",
    "match",
    "rule",
    "engine",
    "label",
    "decision",
    "export",
    "slow",
    "login",
    "account",
    "access",
    "team",
    "filter",
    "counter",
    "screen",
    "reload",
    "error",
    "message",
    "video",
    "picture",
    "translation",
    "policy",
    "market",
]

_TICKETS = """
INSERT INTO desk_ticket (id, subject, requester_id, queue_id, status_id, state, waiting_reason, priority, category_id,
    assignee_id, channel, language, source, external_id, client_token, created_at, updated_at, due_at, last_message_at,
    last_requester_message_at, solved_at, confirmed_at, closed_at, outcome)
SELECT n, 'Request ' || n || ' about ' || (%(words)s::text[])[1 + n %% %(count)s], %(requester)s,
       (%(queues)s::bigint[])[1 + n %% 3],
       CASE WHEN n %% 5 <> 0 THEN %(closed)s WHEN n %% 20 = 0 THEN %(new)s ELSE %(open)s END,
       CASE WHEN n %% 5 <> 0 THEN 'closed' WHEN n %% 20 = 0 THEN 'new' ELSE 'open' END,
       '', 1 + n %% 4, NULL,
       CASE WHEN n %% 5 = 0 AND n %% 20 = 0 THEN NULL ELSE %(agent)s::bigint END,
       'portal', 'en', '', '', '', at, at + interval '2 hours',
       NULL, at + interval '1 hour', at,
       NULL, NULL, CASE WHEN n %% 5 <> 0 THEN at + interval '2 hours' END,
       CASE WHEN n %% 5 <> 0 THEN 'other' ELSE '' END
  FROM (SELECT n, %(begin)s::timestamptz + n * %(step)s::interval AS at
          FROM generate_series(%(low)s::bigint, %(high)s::bigint) n) each
"""
_CONVERSATIONS = """
INSERT INTO desk_conversation (id, ticket_id, channel, requester_id, created_at)
SELECT id, id, channel, requester_id, created_at FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s
"""
_MESSAGES = """
INSERT INTO desk_message (ticket_id, conversation_id, kind, author_kind, author_user_id, requester_id, automatic, body,
    client_token, created_at)
SELECT t.id, t.id, 'message', CASE WHEN m %% 2 = 1 THEN 'requester' ELSE 'agent' END,
       CASE WHEN m %% 2 = 0 THEN %(agent)s::bigint END, CASE WHEN m %% 2 = 1 THEN t.requester_id END, false,
       repeat('About ' || (%(words)s::text[])[1 + (t.id + m) %% %(count)s] || ' in the console since this morning. ', 7), '',
       t.created_at + m * interval '5 minutes'
  FROM desk_ticket t, generate_series(1, CASE WHEN t.id %% %(talkative)s = 0 THEN 8 ELSE 2 END) m
 WHERE t.id BETWEEN %(low)s AND %(high)s ORDER BY t.id, m
"""
_EVENTS = """
INSERT INTO ledger_event (stream, kind, payload, actor_kind, actor_id, occurred_at)
SELECT 'ticket:' || id, kind, payload, 'agent', %(agent)s, at FROM (
    SELECT id, 0 AS place, 'desk.ticket_opened' AS kind, created_at AS at, jsonb_build_object('ticket_id', id,
           'requester_id', requester_id, 'queue_id', queue_id, 'status_id', %(new)s, 'state', 'new', 'priority', priority,
           'category_id', NULL, 'channel', channel, 'source', '') AS payload
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT ticket_id, 1, CASE WHEN author_kind = 'requester' THEN 'desk.message_received' ELSE 'desk.reply_sent' END,
           created_at,
           jsonb_build_object('ticket_id', ticket_id, 'message_id', id, 'conversation_id', conversation_id)
      FROM desk_message WHERE ticket_id BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT id, 2, 'desk.status_changed', created_at + interval '1 hour', jsonb_build_object('ticket_id', id,
           'old_status_id', %(new)s, 'new_status_id', %(open)s, 'old', 'new', 'new', 'open', 'reason', '')
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND state <> 'new'
    UNION ALL
    SELECT id, 3, 'desk.ticket_assigned', created_at + interval '1 hour', jsonb_build_object('ticket_id', id,
           'old_assignee_id', NULL, 'new_assignee_id', assignee_id, 'how', 'manual')
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND assignee_id IS NOT NULL
    UNION ALL
    SELECT id, 4, 'desk.status_changed', closed_at, jsonb_build_object('ticket_id', id,
           'old_status_id', %(open)s, 'new_status_id', %(closed)s, 'old', 'open', 'new', 'closed', 'reason', '')
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND state = 'closed'
    UNION ALL
    SELECT id, 5, 'desk.ticket_closed', closed_at, jsonb_build_object('ticket_id', id, 'outcome', outcome)
      FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s AND state = 'closed'
) told ORDER BY id, place, at
"""
_SEARCH = """
INSERT INTO desk_ticketsearch (ticket_id, queue_id, updated_at, document)
SELECT id, queue_id, updated_at, array_to_tsvector(array_cat(ARRAY['q/' || queue_id, 'request', id::text, 'about'],
       ARRAY[(%(words)s::text[])[1 + id %% %(count)s]])) FROM desk_ticket WHERE id BETWEEN %(low)s AND %(high)s
"""


@dataclass(frozen=True)
class Desk:
    """What the operations need to know of the desk."""

    agent: User
    asker: User
    queue_ids: list[int]
    talkative_id: int
    tickets: int


def make_people(at: datetime) -> tuple[User, User, list[Queue]]:
    """Make the desk's settings, an agent on shift, and a requester, by the actions."""
    start_desk(by=BY, at=at)
    team = create_team(name="Bench", by=BY, at=at)
    agent = add_user(email="agent@bench.example", name="Agent", roles=["agent"], by=BY, at=at)
    asker = add_user(email="asker@bench.example", name="Asker", roles=["requester"], by=BY, at=at)
    add_member(team_id=team.pk, user_id=agent.pk, by=BY, at=at)
    add_shift(user=agent, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=12), team=team, by=BY, at=at)
    queues = [create_queue(values={"name": name, "team": team}, by=BY, at=at) for name in ("Access", "Appeals", "Rules")]
    return agent, asker, queues


def fill(agent: User, asker: User, queues: list[Queue], *, tickets: int, at: datetime) -> Desk:
    """Bring the desk to a number of tickets, in short transactions, and let the planner know of them."""
    from steward.people.queries import requester_of  # noqa: PLC0415 -- Django must be set up first

    requester = requester_of(asker.pk)
    if requester is None:
        raise RuntimeError("the asker is no requester")
    status = dict(Status.objects.filter(is_default=True).values_list("state", "id"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM desk_ticket")
        low = int(cursor.fetchone()[0]) + 1
    while low <= tickets:
        high = min(low + CHUNK - 1, tickets)
        values: dict[str, Any] = {
            "low": low, "high": high, "words": WORDS, "count": len(WORDS), "requester": requester.pk, "agent": agent.pk,
            "queues": [queue.pk for queue in queues], "talkative": TALKATIVE, "new": status["new"], "open": status["open"],
            "closed": status["closed"], "begin": at - timedelta(days=30), "step": timedelta(days=29) / max(tickets, 1),
        }  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (_TICKETS, _CONVERSATIONS, _MESSAGES, _EVENTS, _SEARCH):
                cursor.execute(statement, values)
        low = high + 1
    _settle_down()
    talkative = tickets - tickets % (TALKATIVE * 2)
    return Desk(agent, asker, [queue.pk for queue in queues], talkative, tickets)


def _settle_down() -> None:
    fold_counts()
    enroll()
    with connection.cursor() as cursor:
        for table in ("desk_ticket", "desk_conversation"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 -- only the names above
        cursor.execute("SELECT max(id) FROM ledger_event")
        # The bulk is past: subscribers start behind it, as they would stand on a desk that has grown.
        Subscription.objects.update(position=cursor.fetchone()[0], moved_at=datetime.now(UTC))
        cursor.execute("VACUUM ANALYZE")
