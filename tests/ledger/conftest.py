"""A ledger of its own for each test: no subscriber but the test's, and a table of what was heard."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from steward.core.facts import Fact
from steward.ledger import subscriptions
from steward.ledger.actions.recording import record
from steward.people.actor import system

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY = system("test")


@dataclass(frozen=True, kw_only=True)
class Ticked(Fact, kind="test.ticked", subject="tick"):
    tick_id: int
    n: int = 0


@dataclass(frozen=True, kw_only=True)
class Tocked(Fact, kind="test.tocked", subject="tick"):
    tick_id: int


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(subscriptions, "_subscribers", {})


@pytest.fixture
def heard(fresh_database, alone):
    """Give what subscribers heard, as (subscriber, stream, seq) in the order of hearing."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE heard (n bigserial, subscriber text, event_id bigint, stream text, seq bigint)")

    def read(subscriber=None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT subscriber, stream, seq FROM heard ORDER BY n")
            return [row for row in cursor.fetchall() if subscriber in (None, row[0])]

    return read


def listen(name, *facts, fails=lambda _fact: False):
    """Register a subscriber that writes down what it hears, and then fails where it is told to."""

    @subscriptions.subscribe(name, *(facts or (Ticked,)))
    def hear(event, fact):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO heard (subscriber, event_id, stream, seq) VALUES (%s, %s, %s, %s)",
                [name, event.id, event.stream, event.seq],
            )
        if fails(fact):
            raise RuntimeError(f"cannot hear {fact}")

    return hear


def tick(*numbers, n=0):
    with transaction.atomic():
        record(*(Ticked(tick_id=number, n=n) for number in numbers), by=BY, at=AT)
