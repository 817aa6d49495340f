"""A desk of any size, written straight into the tables so that every row is what its events tell."""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from bench import statements, words
from steward.desk.actions.settings import create_queue
from steward.desk.actions.starting import start_desk
from steward.desk.actions.timing import fold_counts
from steward.desk.models import Conversation, Message, Queue, Status, Ticket
from steward.ledger.actions.following import enroll
from steward.ledger.models import Subscription
from steward.people.actions.teams import add_member, create_team
from steward.people.actions.users import add_user
from steward.people.actor import system
from steward.people.models import Requester, User
from steward.people.queries import requester_of
from steward.roster.actions.shifts import add_shift
from steward.roster.models import CalendarVersion
from steward.sla.actions.defaults import create_default_policy
from steward.sla.models import Clock, Interval, PolicyVersion

BY = system("bench")
CHUNK = 10_000
AGENTS, REQUESTERS = 40, 2_000
# So many that the agent who is measured always has room for the next one.
MOST_IN_HAND = 30_000
# The ticket that is opened has eight messages; every tenth one has.
TALKATIVE = 10


@dataclass(frozen=True)
class Desk:
    """What the operations need to know of the desk: an agent who sees three big queues, an engineer who sees a small one."""

    agent: User
    engineer: User
    asker: User
    queue_ids: list[int]
    small_id: int
    agent_ids: list[int]
    tickets: int

    @property
    def first_queue_id(self) -> int:
        """Give the queue that requests from the portal come to."""
        return int(Queue.objects.order_by("id").values_list("id", flat=True)[0])

    @property
    def working_ids(self) -> list[int]:
        """Give tickets that are being worked, the newest first, in the three big queues."""
        working = Ticket.objects.filter(state__in=["new", "open", "pending"], queue_id__in=self.queue_ids).order_by("-id")
        return list(working.values_list("id", flat=True)[:5_000])

    @property
    def talkative_ids(self) -> list[int]:
        """Give worked tickets with eight messages, from all over the desk."""
        step = max(TALKATIVE, self.tickets // 200 // TALKATIVE * TALKATIVE)
        return list(range(TALKATIVE, self.tickets + 1, step))[:200]


def make_people(at: datetime) -> None:
    """Make the desk's settings and people by the actions: agents on shift, an engineer, requesters."""
    start_desk(by=BY, at=at)
    create_default_policy(by=BY, at=at)
    team = create_team(name="Bench", by=BY, at=at)
    for number in range(AGENTS):
        agent = add_user(email=f"agent{number}@bench.example", name=f"Agent {number}", roles=["agent"], by=BY, at=at)
        add_member(team_id=team.pk, user_id=agent.pk, by=BY, at=at)
        add_shift(user=agent, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=12), team=team, by=BY, at=at)
    add_user(email="engineer@bench.example", name="Engineer", roles=["engineer"], by=BY, at=at)
    add_user(email="asker@bench.example", name="Asker", roles=["requester"], by=BY, at=at)
    for name in ("Access", "Appeals", "Rules"):
        create_queue(values={"name": name, "team": team, "capacity": MOST_IN_HAND}, by=BY, at=at)
    create_queue(values={"name": "Console engineering", "purpose": "engineering"}, by=BY, at=at)
    Requester.objects.bulk_create(
        Requester(name=f"Requester {number}", email=f"requester{number}@bench.example", language="en", market="US", created_at=at)
        for number in range(REQUESTERS)
    )


def desk_of(tickets: int) -> Desk:
    """Find the people and queues again."""
    queues = dict(Queue.objects.values_list("name", "id"))
    user = {user.email: user for user in User.objects.all()}
    return Desk(
        agent=user["agent0@bench.example"],
        engineer=user["engineer@bench.example"],
        asker=user["asker@bench.example"],
        queue_ids=[queues[name] for name in ("Access", "Appeals", "Rules")],
        small_id=queues["Console engineering"],
        agent_ids=sorted(one.pk for one in user.values() if one.email.startswith("agent")),
        tickets=tickets,
    )


def fill(*, tickets: int, at: datetime) -> Desk:
    """Bring the desk to a number of tickets, in short transactions, and let the planner know of them."""
    desk = desk_of(tickets)
    low = (Ticket.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    if low <= tickets:
        values = _values(desk, at)
        _give_defaults()
        _teach_words()
        started, first = time.monotonic(), low
        while low <= tickets:
            high = min(low + CHUNK - 1, tickets)
            _write(values | {"low": low, "high": high})
            low = high + 1
            _progress(high, tickets, (time.monotonic() - started) / (high - first + 1))
        sys.stderr.write("\n")
    _settle_down()
    return desk


def _values(desk: Desk, at: datetime) -> dict[str, Any]:
    status = dict(Status.objects.filter(is_default=True).values_list("state", "id"))
    agents = list(User.objects.filter(email__startswith="agent").order_by("id").values_list("id", flat=True))
    requesters = list(Requester.objects.filter(user=None).order_by("id").values_list("id", flat=True))
    asker = requester_of(desk.asker.pk)
    return {
        "subjects": list(words.SUBJECTS), "subject_count": len(words.SUBJECTS),
        "requesters": [*requesters, asker.pk if asker else 0],
        "requester_count": len(requesters) + 1, "queues": desk.queue_ids, "small": desk.small_id, "agents": agents,
        "agent_count": len(agents), "agent": desk.agent.pk,
        **{state: status[state] for state in ("new", "open", "pending", "closed")},
        "now": at, "begin": at - timedelta(days=700), "step": timedelta(days=699) / 1_000_000, "common": words.COMMON,
        "middling": words.MIDDLING, "rare": words.RARE, "rare_ids": list(words.RARE_IDS), "vocabulary": words.VOCABULARY,
        "chinese_count": len(words.CHINESE), "policy": PolicyVersion.objects.order_by("-id").values_list("id", flat=True)[0],
        "calendar": CalendarVersion.objects.order_by("-id").values_list("id", flat=True)[0],
    }  # fmt: skip


def _give_defaults() -> None:
    """Have the tables of this desk fill in what a model would: a column added later needs no change of the statements here."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Ticket, Conversation, Message, Clock, Interval):
            for field in model._meta.concrete_fields:
                if field.null or not field.has_default() or callable(field.default):
                    continue
                value = field.get_db_prep_save(field.default, connection)
                statement = sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}")
                table, column = sql.Identifier(model._meta.db_table), sql.Identifier(str(field.column))
                cursor.execute(statement.format(table, column, sql.Literal(value)).as_string(cursor.connection))


def _teach_words() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_word (n integer PRIMARY KEY, word text NOT NULL)")
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_chinese (n integer PRIMARY KEY, text text NOT NULL, words text[] NOT NULL)"
        )
        cursor.execute("SELECT count(*) FROM bench_word")
        if cursor.fetchone()[0]:
            return
        cursor.executemany("INSERT INTO bench_word VALUES (%s, %s)", list(enumerate(words.vocabulary(), start=1)))
        cursor.executemany(
            "INSERT INTO bench_chinese VALUES (%s, %s, %s)", [(n, one.text, one.words) for n, one in enumerate(words.chinese())]
        )
        cursor.execute("ANALYZE bench_word")


def _write(values: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in statements.EVERYTHING:
            cursor.execute(statement, values)


def _progress(done: int, wanted: int, seconds_each: float) -> None:
    left = (wanted - done) * seconds_each
    sys.stderr.write(f"\r  {done:>9,} of {wanted:,} tickets, {left:4.0f} s left ")
    sys.stderr.flush()


def _settle_down() -> None:
    fold_counts()
    enroll()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in ("desk_ticket", "desk_conversation"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 -- only the names above
        cursor.execute("SELECT max(id) FROM ledger_event")
        # The bulk is past: subscribers start behind it, as they would stand on a desk that has grown.
        Subscription.objects.update(position=cursor.fetchone()[0], moved_at=datetime.now(UTC))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT" if _may_checkpoint(cursor) else "SELECT 1")


def _may_checkpoint(cursor: Any) -> bool:
    cursor.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')")
    return bool(cursor.fetchone()[0])
