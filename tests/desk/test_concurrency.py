"""Two people, or two processes, at the same moment: nothing twice, nothing lost, nobody stuck."""

import threading
import time
from datetime import timedelta

from django.db import connection, transaction

from steward.core.errors import Conflict
from steward.desk.actions.answering import answer_question
from steward.desk.actions.assignment import assign_ticket, get_next, route_ticket, route_waiting
from steward.desk.actions.changing import add_tag, change_ticket, transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.locking import lock
from steward.desk.actions.replies import NewerMessages, add_note, reply
from steward.desk.actions.settings import change_queue
from steward.desk.actions.timing import fold_counts, sweep_timers
from steward.desk.facts import ticket as facts_of
from steward.desk.models import Link, Message, Tag, Ticket
from steward.desk.rules.states import State
from tests.desk.conftest import at_once, bodies, facts, kinds, question_of, view_counts, waiting_timers


def test_two_agents_asking_at_once_get_two_tickets(fresh_cast):
    cast = fresh_cast
    cast.on_shift(cast.ada, cast.ben)
    tickets = {cast.ticket().pk for _n in range(8)}
    ada, ben = cast.actor(cast.ada), cast.actor(cast.ben)
    taken = at_once(*[lambda by=by: get_next(by=by, at=cast.at) for by in [ada, ben] * 4])
    assert {ticket.pk for ticket in taken} == tickets


def test_a_double_click_opens_one_ticket(fresh_cast):
    cast = fresh_cast
    opened = at_once(*[lambda: cast.ticket(client_token="click")] * 4)
    assert len({ticket.pk for ticket in opened}) == 1
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_a_double_click_sends_one_reply_one_note_one_message(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    ada, ravi = cast.actor(cast.ada), cast.actor(cast.ravi)
    for act, by in ((reply, ada), (add_note, ada), (receive_message, ravi)):
        sent = at_once(
            *[lambda act=act, by=by: act(ticket_id=ticket.pk, body="once", client_token=act.__name__, by=by, at=cast.at)] * 3
        )
        assert len({message.pk for message in sent}) == 1
    assert bodies(ticket)[1:] == ["once"] * 3


def test_of_two_replies_at_once_the_second_is_told(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    seen = Message.objects.get().pk
    actors = [cast.actor(cast.ada), cast.actor(cast.ben)]
    results = at_once(
        *[lambda by=by: reply(ticket_id=ticket.pk, body=by.name, seen_message_id=seen, by=by, at=cast.at) for by in actors]
    )
    told = [result for result in results if isinstance(result, NewerMessages)]
    sent = [result for result in results if isinstance(result, Message)]
    assert len(told) == len(sent) == 1
    assert sent[0].body in told[0].message


def test_different_fields_both_land_and_the_same_field_lands_once(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    ada, ben = cast.actor(cast.ada), cast.actor(cast.ben)

    def change(by, **changes):
        return lambda: change_ticket(ticket_id=ticket.pk, changes=changes, by=by, at=cast.at)

    assert not [
        r for r in at_once(change(ada, priority=(3, 1)), change(ben, subject=(ticket.subject, "New"))) if isinstance(r, Exception)
    ]
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.subject) == (1, "New")
    results = at_once(change(ada, priority=(1, 2)), change(ben, priority=(1, 4)))
    (conflict,) = [result for result in results if isinstance(result, Conflict)]
    ticket.refresh_from_db()
    assert {conflict.theirs, conflict.yours} == {2, 4}
    assert ticket.priority == conflict.theirs


def test_a_reply_races_the_close_timer_and_one_of_them_is_right(fresh_cast):
    cast = fresh_cast
    for _round in range(4):
        ticket = cast.ticket()
        solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
        due = cast.later(hours=72)
        results = at_once(
            lambda ticket=ticket: receive_message(ticket_id=ticket.pk, body="Still bad", by=cast.actor(cast.ravi), at=due),
            lambda: sweep_timers(at=due),
        )
        assert not [result for result in results if isinstance(result, Exception)]
        ticket.refresh_from_db()
        # Whoever came first, the requester is heard: a reply right after closing reopens.
        assert ticket.state == "open"
        assert waiting_timers(ticket) == []


def test_a_tap_races_the_close_timer(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    due = cast.later(hours=72)
    question = question_of(ticket).pk
    results = at_once(
        lambda: answer_question(question_id=question, answer="yes", by=cast.actor(cast.ravi), at=due),
        lambda: sweep_timers(at=due),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("closed", "confirmed")


def test_two_sweeps_at_once_remind_and_close_once(fresh_cast):
    cast = fresh_cast
    tickets = [cast.ticket() for _n in range(6)]
    for ticket in tickets:
        solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    for hours, kind in ((24, "confirmation_reminded"), (72, "ticket_closed")):
        at = cast.at + timedelta(hours=hours)
        assert sum(at_once(*[lambda at=at: sweep_timers(at=at)] * 3)) == 6
        assert [kinds(ticket).count(kind) for ticket in tickets] == [1] * 6


def test_get_next_races_an_assignment_by_hand(fresh_cast):
    cast = fresh_cast
    cast.on_shift(cast.ada)
    for _round in range(5):
        ticket = cast.ticket()
        taken, _given = at_once(
            lambda: get_next(by=cast.actor(cast.ada), at=cast.at),
            lambda ticket=ticket: assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.lin), at=cast.at),
        )
        ticket.refresh_from_db()
        owners = [fact.new_assignee_id for fact in facts(ticket, facts_of.TicketAssigned)]
        # Either Ada came too late and got nothing, or she had it first and the lead moved it on.
        assert owners in ([cast.ben.pk], [cast.ada.pk, cast.ben.pk])
        assert (taken is None) == (owners == [cast.ben.pk])
        assert ticket.assignee_id == cast.ben.pk


def test_links_both_ways_at_once_do_not_block_each_other(fresh_cast):
    cast = fresh_cast
    one, other = cast.ticket().pk, cast.ticket().pk
    by = cast.actor(cast.ada)
    started = time.monotonic()
    for kind in (Link.Kind.RELATED, Link.Kind.DUPLICATE, Link.Kind.CAUSED):
        results = at_once(
            lambda kind=kind: link_tickets(ticket_id=one, other_id=other, kind=kind, by=by, at=cast.at),
            lambda kind=kind: link_tickets(ticket_id=other, other_id=one, kind=kind, by=by, at=cast.at),
        )
        assert not [result for result in results if isinstance(result, Exception)]
    assert time.monotonic() - started < 5
    assert Link.objects.filter(kind="related").count() == 1


def test_who_waits_for_a_ticket_that_changes_queue_and_status_still_finds_it(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    locked, go = threading.Event(), threading.Event()

    def move():
        with transaction.atomic():
            transfer_ticket(ticket_id=ticket.pk, queue_id=cast.leads.pk, reason="x", by=cast.actor(cast.ada), at=cast.at)
            change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=cast.actor(cast.ada), at=cast.at)
            locked.set()
            go.wait(10)
        connection.close()

    mover = threading.Thread(target=move)
    mover.start()
    assert locked.wait(10)
    threading.Timer(0.3, go.set).start()
    with transaction.atomic():
        found = lock(ticket.pk)
    mover.join()
    assert (found.queue, found.state, found.status.state) == (cast.leads, "on_hold", "on_hold")


def test_routing_in_two_processes_keeps_the_capacity(fresh_cast):
    cast = fresh_cast
    change_queue(queue_id=cast.support.pk, values={"routing": "push", "capacity": 2}, by=cast.actor(cast.ana), at=cast.at)
    cast.on_shift(cast.ada, cast.ben)
    tickets = [cast.ticket().pk for _n in range(8)]
    at_once(*[lambda pk=pk: route_ticket(ticket_id=pk, at=cast.at) for pk in tickets], lambda: route_waiting(at=cast.at))
    owners = list(Ticket.objects.values_list("assignee_id", flat=True))
    assert sorted(owner for owner in owners if owner) == sorted([cast.ada.pk, cast.ben.pk] * 2)


def test_the_same_new_label_on_two_tickets_at_once_is_one(fresh_cast):
    cast = fresh_cast
    tickets = [cast.ticket().pk for _n in range(4)]
    made = at_once(*[lambda pk=pk: add_tag(ticket_id=pk, name="Outage", by=cast.actor(cast.ada), at=cast.at) for pk in tickets])
    assert len({tag.pk for tag in made}) == Tag.objects.count() == 1


def test_counting_goes_on_while_counts_are_folded(fresh_cast):
    cast = fresh_cast
    at_once(*[cast.ticket] * 6, fold_counts, fold_counts)
    fold_counts()
    assert view_counts(queues=[cast.support]).views["unassigned"] == 6


def test_two_admins_cannot_close_the_last_two_doors(fresh_cast):
    from steward.core.errors import Invalid
    from steward.desk.actions.settings import create_queue

    cast = fresh_cast
    ana = cast.actor(cast.ana)
    second = create_queue(values={"name": "Second"}, by=ana, at=cast.at)
    results = at_once(
        *[
            lambda pk=pk: change_queue(queue_id=pk, values={"is_active": False}, by=ana, at=cast.at)
            for pk in (cast.support.pk, second.pk)
        ]
    )
    assert len([result for result in results if isinstance(result, Exception)]) == 1, results
    assert isinstance(next(result for result in results if isinstance(result, Exception)), Invalid), results
