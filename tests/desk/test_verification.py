"""The verifier says which row is not what the ledger tells; here rows are bent behind its back, inside a rollback."""

import pytest
from django.db import connection, transaction

from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.queries.timeline import last_tickets_of, messages_of, place_in_line, timeline, usual_wait
from steward.desk.queries.verification import problems
from steward.ledger.subscriptions import checks


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        ("UPDATE desk_ticket SET priority = 1 WHERE id = {id}", "ticket #{id}: priority: row 1, events 3"),
        ("UPDATE desk_ticket SET assignee_id = {ada} WHERE id = {id}", "ticket #{id}: assignee_id: row {ada}, events None"),
        (
            "UPDATE desk_ticket SET outcome = 'other', state = 'closed', status_id = (SELECT id FROM desk_status WHERE state = 'closed') WHERE id = {id}",
            "ticket #{id}: state: row closed, events solved",
        ),
        ("UPDATE desk_ticket SET solved_at = now() WHERE id = {id}", "ticket #{id}: solved_at: row"),
        ("UPDATE desk_ticket SET waiting_reason = 'vendor' WHERE id = {id}", "ticket #{id}: waiting_reason: row vendor, events "),
        ("DELETE FROM desk_question; DELETE FROM desk_message WHERE automatic", "ticket #{id}: messages: row"),
        (
            "INSERT INTO desk_ticketcount (queue_id, state, n) VALUES ({queue}, 'new', 1)",
            "queue {queue}: 0 tickets are new but 1 are counted",
        ),
        ("DELETE FROM desk_ticketsearch", "ticket #{id}: not in the search index"),
        (
            "UPDATE desk_ticketsearch SET marks = array_replace(marks, 'q/{queue}', 'q/{leads}')",
            "ticket #{id}: the search index has it as",
        ),
        ("UPDATE desk_ticketsearch SET document = ts_delete(document, 's/solved')", "ticket #{id}: the search index has it as"),
        (
            "UPDATE desk_ticketsearch SET document = document || array_to_tsvector(ARRAY['s/open'])",
            "ticket #{id}: the search index has it as",
        ),
        ("INSERT INTO ledger_stream VALUES ('ticket:987654', 1)", "stream ticket:987654 tells of a ticket that does not exist"),
    ],
)
def test_what_was_bent_is_named(cast, bend, said):
    ticket = cast.ticket()
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.lin), at=cast.at)
    names = {"id": ticket.pk, "ada": cast.ada.pk, "queue": cast.support.pk, "leads": cast.leads.pk}

    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(bend.format(**names))
        told = list(problems())
        assert any(line.startswith(said.format(**names)) for line in told), told
        raise Undo


def test_the_desk_and_the_ledger_are_checked_by_the_command():
    assert {"desk.tickets", "ledger.order"} <= set(checks())


def test_it_looks_at_one_instant_of_a_desk_at_work(fresh_cast):
    fresh_cast.ticket()
    told = problems()
    assert list(told) == []
    assert not connection.in_atomic_block


def test_the_timeline_has_every_message_and_event_in_order(cast):
    ticket = cast.ticket()
    add_note(ticket_id=ticket.pk, body="internal", by=cast.actor(cast.lin), at=cast.later(minutes=1))
    reply(ticket_id=ticket.pk, body="Hello", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    told = [(entry.message.body if entry.message else entry.fact.kind, entry.who) for entry in timeline(ticket)]
    assert told == [
        ("desk.ticket_opened", "Ravi"),
        ("The queue page is empty since this morning.", ""),
        ("internal", ""),
        ("Hello", ""),
        ("desk.status_changed", "Ada"),
        ("desk.ticket_assigned", "Ada"),
    ]


def test_requesters_get_no_notes_and_pages_of_messages_join_up(cast):
    ticket = cast.ticket("0")
    for number in range(1, 7):
        act = add_note if number % 3 == 0 else reply
        act(ticket_id=ticket.pk, body=str(number), by=cast.actor(cast.ada), at=cast.later(minutes=1))
    said = messages_of(ticket, with_notes=False)
    assert [message.body for message in said] == ["0", "1", "2", "4", "5"]
    newest = messages_of(ticket, with_notes=True, most=3)
    older = messages_of(ticket, with_notes=True, before=newest[0].pk)
    assert [message.body for message in [*older, *newest]] == list("0123456")
    assert messages_of(ticket, with_notes=False, after=said[-1].pk) == []


def test_the_requester_learns_the_place_in_line_and_the_usual_wait(cast):
    first, second, urgent = cast.ticket(), cast.ticket(), cast.ticket(priority=1)
    assert [place_in_line(ticket) for ticket in (urgent, first, second)] == [1, 2, 3]
    assert usual_wait(cast.support.pk) is None
    reply(ticket_id=first.pk, body="Hi", by=cast.actor(cast.ada), at=cast.later(minutes=10))
    first.refresh_from_db()
    assert place_in_line(first) is None
    assert usual_wait(cast.support.pk) == 600.0
    assert [ticket.pk for ticket in last_tickets_of(cast.ravi, queue_ids=[cast.support.pk], most=2)] == [urgent.pk, second.pk]
