"""The ledger keeps every fact, in order, for ever."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from steward.desk.facts.ticket import PriorityChanged
from steward.ledger.actions.recording import OutsideTransaction, record
from steward.ledger.models import Event
from steward.ledger.queries import history, order_problems
from steward.people.actor import system

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY = system("test")


def changed(ticket_id: int, new: int) -> PriorityChanged:
    return PriorityChanged(ticket_id=ticket_id, old=3, new=new)


@pytest.mark.django_db
def test_facts_come_back_as_they_were_said_in_the_order_of_their_stream():
    with transaction.atomic():
        record(changed(1, 1), changed(2, 1), changed(1, 2), by=BY, at=AT)
        record(changed(1, 4), by=BY, at=AT)
    events = history("ticket:1")
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.fact for event in events] == [changed(1, 1), changed(1, 2), changed(1, 4)]
    assert [event.id for event in events] == sorted(event.id for event in events)
    assert events[0].occurred_at == AT
    assert events[0].recorded_at > AT
    assert (events[0].actor_kind, events[0].actor_id, events[0].cause) == ("system", None, "test")
    assert list(order_problems()) == []


def test_a_fact_outside_a_transaction_is_refused(fresh_database):
    with pytest.raises(OutsideTransaction):
        record(changed(1, 1), by=BY, at=AT)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET payload = '{}'",
        "UPDATE ledger_event SET occurred_at = now() WHERE seq = 1",
        "DELETE FROM ledger_event",
        "TRUNCATE ledger_event",
        "TRUNCATE ledger_event CASCADE",
    ],
)
def test_the_database_refuses_to_change_or_forget_the_past(statement):
    with transaction.atomic():
        record(changed(1, 1), by=BY, at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


def test_what_is_rolled_back_was_never_said(fresh_database):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(changed(1, 1), by=BY, at=AT)
        raise ZeroDivisionError
    with transaction.atomic():
        record(changed(1, 2), by=BY, at=AT)
    assert [event.seq for event in history("ticket:1")] == [1]
