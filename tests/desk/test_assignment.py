"""Tickets go to people on shift, by rule; nobody on shift means visibly queued."""

from datetime import timedelta

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import NotOnShift, assign_ticket, get_next, route_waiting
from steward.desk.actions.changing import set_due, transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.settings import change_queue
from steward.desk.actions.weighing import set_agent
from steward.desk.facts.ticket import TicketAssigned
from steward.desk.models import Ticket
from steward.desk.queries.access import queues_in_sight
from steward.desk.queries.timeline import place_in_line
from steward.people.rules import Role
from tests.cast import user
from tests.desk.conftest import facts, settle, view_counts


@pytest.fixture
def push(cast):
    def push(queue, **values):
        change_queue(queue_id=queue.pk, values={"routing": "push", **values}, by=cast.actor(cast.ana), at=cast.at)

    return push


def owner(ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee_id


def test_an_agent_off_shift_gets_nothing(cast):
    cast.ticket()
    with pytest.raises(NotOnShift) as told:
        get_next(by=cast.actor(cast.ada), at=cast.at)
    assert told.value.code == "not_on_shift"
    assert told.value.hint


def test_a_shift_begins_and_ends_to_the_second(cast):
    cast.on_shift(cast.ada, hours=2)
    cast.ticket()
    for at in (cast.at - timedelta(hours=1, seconds=1), cast.at + timedelta(hours=2)):
        with pytest.raises(NotOnShift):
            get_next(by=cast.actor(cast.ada), at=at)
    assert get_next(by=cast.actor(cast.ada), at=cast.at + timedelta(hours=2, seconds=-1)) is not None


def test_nothing_waits_is_no_error(cast):
    cast.on_shift(cast.ada)
    assert get_next(by=cast.actor(cast.ada), at=cast.at) is None


@pytest.mark.parametrize("who", ["eno", "ravi", "ana"])
def test_only_agents_take_tickets(cast, who):
    with pytest.raises(NotAllowed):
        get_next(by=cast.actor(getattr(cast, who)), at=cast.at)


def test_the_earliest_promise_then_the_priority_then_the_longest_wait(cast):
    cast.on_shift(cast.ada)
    later, urgent, first, promised = cast.ticket(), cast.ticket(priority=1), cast.ticket(), cast.ticket(priority=4)
    set_due(ticket_id=promised.pk, due_at=cast.at + timedelta(hours=1))
    taken = [get_next(by=cast.actor(cast.ada), at=cast.at) for _n in range(4)]
    assert taken == [promised, urgent, later, first]
    assert taken[0].state == "open"
    assert facts(promised, TicketAssigned)[0].how == "get_next"


def test_a_teams_own_queues_go_first_and_a_queue_without_a_team_is_not_forgotten(cast, push):
    from steward.desk.actions.settings import create_queue

    teamless = create_queue(values={"name": "Anybody"}, by=cast.actor(cast.ana), at=cast.at)
    cast.on_shift(cast.ada)
    other = cast.ticket(queue=teamless, priority=1)
    own = cast.ticket(priority=4)
    assert get_next(by=cast.actor(cast.ada), at=cast.at) == own
    assert get_next(by=cast.actor(cast.ada), at=cast.at) == other


def test_more_agents_than_heads_still_find_the_whole_line(cast):
    cast.on_shift(cast.ada)
    set_agent(user_id=cast.ada.pk, capacity=20, languages=[], by=cast.actor(cast.lin), at=cast.at)
    tickets = [cast.ticket() for _n in range(12)]
    assert [get_next(by=cast.actor(cast.ada), at=cast.at) for _n in range(13)] == [*tickets, None]


def test_an_agent_gives_away_own_tickets_takes_any_and_a_lead_gives_all(cast):
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.at)
    assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.ada), at=cast.at)
    assign_ticket(ticket_id=ticket.pk, to=None, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotAllowed):
        assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.ada), at=cast.at)
    assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.lin), at=cast.at)
    assert owner(ticket) == cast.ben.pk
    assert [(fact.old_assignee_id, fact.new_assignee_id) for fact in facts(ticket, TicketAssigned)] == [
        (None, cast.ada.pk),
        (cast.ada.pk, cast.ben.pk),
        (cast.ben.pk, None),
        (None, cast.ben.pk),
    ]


@pytest.mark.parametrize("who", ["eno", "rita", "gone"])
def test_nobody_is_given_what_they_cannot_see_or_work(cast, who):
    people = {"eno": cast.eno, "rita": user("Rita", Role.REVIEWER), "gone": user("Gone", Role.AGENT)}
    if who == "gone":
        people[who].is_active = False
        people[who].save()
    ticket = cast.ticket()
    with pytest.raises(Invalid):
        assign_ticket(ticket_id=ticket.pk, to=people[who], by=cast.actor(cast.lin), at=cast.at)
    assert owner(ticket) is None


def test_engineers_take_what_was_handed_to_engineering(cast):
    ticket = cast.ticket()
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason="bug", by=cast.actor(cast.ada), at=cast.at)
    assign_ticket(ticket_id=ticket.pk, to=cast.eno, by=cast.actor(cast.eno), at=cast.at)
    assert owner(ticket) == cast.eno.pk


def test_nobody_on_shift_leaves_it_queued_counted_and_in_line(cast, push):
    push(cast.support)
    first, second = cast.ticket(), cast.ticket()
    settle()
    assert route_waiting(at=cast.at) == 0
    seen = queues_in_sight(cast.actor(cast.ada))
    assert view_counts(queues=seen, user_id=cast.ada.pk).views["unassigned"] == 2
    assert [place_in_line(Ticket.objects.get(pk=ticket.pk)) for ticket in (first, second)] == [1, 2]
    cast.on_shift(cast.ada)
    assert route_waiting(at=cast.at) == 2
    assert {owner(first), owner(second)} == {cast.ada.pk}


def test_a_queue_that_gives_gives_to_the_least_loaded_on_shift(cast, push):
    push(cast.support)
    cast.on_shift(cast.ada, cast.ben)
    assign_ticket(ticket_id=cast.ticket().pk, to=cast.ada, by=cast.actor(cast.lin), at=cast.at)
    ticket = cast.ticket()
    settle()
    assert owner(ticket) == cast.ben.pk
    assert facts(ticket, TicketAssigned)[0].how == "routing"


def test_capacity_is_kept(cast, push):
    push(cast.support, capacity=2)
    cast.on_shift(cast.ada, cast.ben)
    tickets = [cast.ticket() for _n in range(5)]
    settle()
    owners = [owner(ticket) for ticket in tickets]
    assert sorted(owner for owner in owners if owner) == sorted([cast.ada.pk, cast.ben.pk] * 2)
    assert owners.count(None) == 1
    solve_ticket(ticket_id=tickets[0].pk, by=cast.actor(cast.lin), at=cast.at)
    assert route_waiting(at=cast.at) == 1
    assert None not in [owner(ticket) for ticket in tickets]


def test_a_lead_queue_gives_to_leads_and_engineering_to_engineers(cast, push):
    push(cast.leads)
    push(cast.engineering)
    cast.on_shift(cast.ada, cast.lin, cast.eno)
    for queue, who in ((cast.leads, cast.lin), (cast.engineering, cast.eno)):
        ticket = cast.ticket()
        transfer_ticket(ticket_id=ticket.pk, queue_id=queue.pk, reason="over to you", by=cast.actor(cast.ada), at=cast.at)
        settle()
        assert owner(ticket) == who.pk


def test_a_restricted_queue_gives_only_to_the_named(cast, push):
    push(cast.restricted)
    cast.on_shift(cast.ada)
    ticket = cast.ticket(queue=cast.restricted)
    settle()
    assert owner(ticket) is None
    cast.on_shift(cast.lin)
    assert route_waiting(at=cast.at) == 1
    assert owner(ticket) == cast.lin.pk


def test_what_waits_on_the_requester_is_not_handed_out(cast, push):
    from steward.desk.actions.lifecycle import change_status
    from steward.desk.rules.states import State

    ticket = cast.ticket()
    change_status(ticket_id=ticket.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.at)
    push(cast.support)
    cast.on_shift(cast.ben)
    settle()
    assert route_waiting(at=cast.at) == 0
    assert owner(ticket) is None


def test_a_reopened_ticket_goes_from_the_owner_off_shift_to_somebody_on_it(cast, push):
    push(cast.support)
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.at)
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    cast.on_shift(cast.ben)
    receive_message(ticket_id=ticket.pk, body="No luck", by=cast.actor(cast.ravi), at=cast.at)
    settle()
    assert owner(ticket) == cast.ben.pk
    assert [fact.how for fact in facts(ticket, TicketAssigned)] == ["manual", "handback", "routing"]


def test_an_agent_has_no_sight_of_the_restricted_in_assignment(cast):
    ticket = cast.ticket(queue=cast.restricted)
    with pytest.raises(NotFound):
        assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(Invalid, match="Ada may not see"):
        assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.lin), at=cast.at)
