"""B20: "get next" gives the right ticket by rule, so nobody cherry-picks; what an agent has in hand is weighed."""

from datetime import timedelta

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import AtCapacity, NotOnShift, OnBreak, assign_ticket, get_next, route_waiting
from steward.desk.actions.changing import change_ticket, set_due
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.settings import change_category, change_queue, create_category, create_queue
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.actions.weighing import set_agent, set_weight
from steward.desk.facts.ticket import TicketAssigned
from steward.desk.models import Ticket
from steward.desk.queries.load import loads, takes, weights
from steward.desk.queries.verification import problems
from steward.desk.rules.states import State
from steward.roster.actions import end_break, start_break
from tests.cast import requester
from tests.desk.conftest import at_once, facts


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(request):
    used = {"cast", "fresh_cast"} & set(request.fixturenames)
    for name in used:
        request.getfixturevalue(name)
    yield
    assert list(problems()) == []


def take(cast, who=None):
    return get_next(by=cast.actor(who or cast.ada), at=cast.at)


def give(cast, ticket, who=None):
    assign_ticket(ticket_id=ticket.pk, to=who or cast.ada, by=cast.actor(cast.lin), at=cast.at)
    return ticket


def load(cast, who=None):
    return loads([(who or cast.ada).pk])[(who or cast.ada).pk]


def capacity(cast, most, who=None, languages=()):
    set_agent(user_id=(who or cast.ada).pk, capacity=most, languages=languages, by=cast.actor(cast.lin), at=cast.at)


def owner(ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee_id


def test_what_is_given_says_by_what_it_went_first(cast):
    cast.on_shift(cast.ada)
    promised, high, waits = cast.ticket(), cast.ticket(priority=2), cast.ticket()
    set_due(ticket_id=promised.pk, due_at=cast.at + timedelta(hours=1))
    assert [take(cast), take(cast), take(cast)] == [promised, high, waits]
    told = [facts(ticket, TicketAssigned)[0].because for ticket in (promised, high, waits)]
    assert told == [("own_queue", "earliest_promise"), ("own_queue", "priority"), ("own_queue", "longest_wait")]


def test_what_is_in_hand_is_weighed_and_waiting_weighs_little_or_nothing(cast):
    urgent, pending, held, asleep = (give(cast, cast.ticket(priority=priority)) for priority in (1, 3, 3, 3))
    assert load(cast) == 5
    ada = cast.actor(cast.ada)
    change_status(ticket_id=pending.pk, state=State.PENDING, by=ada, at=cast.at)
    change_status(ticket_id=held.pk, state=State.ON_HOLD, reason="vendor", by=ada, at=cast.at)
    snooze_ticket(ticket_id=asleep.pk, until="reply", by=ada, at=cast.at)
    assert load(cast) == 2.25
    change_ticket(ticket_id=urgent.pk, changes={"priority": (1, 4)}, by=ada, at=cast.at)
    assert load(cast) == 1.0


def test_weights_come_from_the_settings_and_down_the_category_tree(cast):
    ana = cast.actor(cast.ana)
    parent = create_category(values={"name": "Access"}, by=ana, at=cast.at)
    child = create_category(values={"name": "Keys", "parent": parent}, by=ana, at=cast.at)
    light = create_category(values={"name": "Typos", "parent": parent, "weight": 50}, by=ana, at=cast.at)
    for category in (child, light, None):
        give(cast, cast.ticket(category=category))
    assert load(cast) == 2.5
    change_category(category_id=parent.pk, values={"weight": 300}, by=ana, at=cast.at)
    assert load(cast) == 4.5
    set_weight(kind="channel", key="portal", percent=200, by=ana, at=cast.at)
    set_weight(kind="channel", key="portal", percent=200, by=ana, at=cast.at)
    assert load(cast) == 9
    assert weights().channels == {"portal": 200}


def test_with_full_hands_nothing_is_given_and_it_is_said_why(cast):
    cast.on_shift(cast.ada)
    capacity(cast, 2)
    give(cast, cast.ticket(priority=1))
    cast.ticket()
    with pytest.raises(AtCapacity, match="as much in hand as you take: 2") as told:
        take(cast)
    assert told.value.hint
    capacity(cast, 3)
    assert take(cast) is not None
    with pytest.raises(AtCapacity):
        cast.ticket()
        take(cast)


def test_with_full_hands_and_nothing_waiting_nothing_is_wrong(cast):
    cast.on_shift(cast.ada)
    capacity(cast, 1)
    give(cast, cast.ticket())
    assert take(cast) is None


def test_without_a_capacity_of_ones_own_each_queue_says(cast):
    cast.on_shift(cast.ada)
    change_queue(queue_id=cast.support.pk, values={"capacity": 1}, by=cast.actor(cast.ana), at=cast.at)
    other = create_queue(values={"name": "Second", "capacity": 5}, by=cast.actor(cast.ana), at=cast.at)
    give(cast, cast.ticket())
    cast.ticket(priority=1)
    waits = cast.ticket(queue=other)
    assert take(cast) == waits


def test_a_break_gives_nothing_by_rule_nor_by_routing(cast):
    cast.on_shift(cast.ada)
    change_queue(queue_id=cast.support.pk, values={"routing": "push"}, by=cast.actor(cast.ana), at=cast.at)
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    start_break(user_id=cast.ada.pk, by=ada, at=cast.at)
    with pytest.raises(OnBreak):
        take(cast)
    assert route_waiting(at=cast.at) == 0
    assert owner(ticket) is None
    end_break(user_id=cast.ada.pk, by=ada, at=cast.later(minutes=20))
    assert route_waiting(at=cast.at) == 1
    assert owner(ticket) == cast.ada.pk
    assert facts(ticket, TicketAssigned)[0].because == ("least_loaded",)


def test_routing_and_get_next_reckon_with_the_same_numbers(cast):
    cast.on_shift(cast.ada, cast.ben)
    change_queue(queue_id=cast.support.pk, values={"routing": "push"}, by=cast.actor(cast.ana), at=cast.at)
    capacity(cast, 1, cast.ben)
    give(cast, cast.ticket(priority=1))
    first, second = cast.ticket(), cast.ticket()
    route_waiting(at=cast.at)
    assert (owner(first), owner(second)) == (cast.ben.pk, cast.ada.pk), "Ben has less in hand, but takes only one"


def test_a_language_the_agent_answers_in_goes_first_until_a_promise_is_broken(cast):
    cast.on_shift(cast.ada)
    capacity(cast, 9, languages=["zh-Hans", "en"])
    assert takes([cast.ada.pk])[cast.ada.pk].languages == ("en", "zh")
    spanish = cast.ticket(requester=requester("Lucia", language="es"), priority=1)
    chinese = cast.ticket(requester=requester("Wei", language="zh-hans"))
    late = cast.ticket(requester=requester("Jorge", language="es"))
    set_due(ticket_id=late.pk, due_at=cast.at - timedelta(minutes=1))
    taken = [take(cast) for _n in range(3)]
    assert taken == [late, chinese, spanish], "better by somebody than by nobody"
    assert facts(chinese, TicketAssigned)[0].because == ("own_queue", "language", "longest_wait")


def test_routing_prefers_who_speaks_it(cast):
    cast.on_shift(cast.ada, cast.ben)
    change_queue(queue_id=cast.support.pk, values={"routing": "push"}, by=cast.actor(cast.ana), at=cast.at)
    capacity(cast, None, cast.ada, ["en"])
    capacity(cast, None, cast.ben, ["zh"])
    give(cast, cast.ticket(priority=1), cast.ben)
    ticket = cast.ticket(requester=requester("Wei", language="zh-hans"))
    route_waiting(at=cast.at)
    assert owner(ticket) == cast.ben.pk
    assert facts(ticket, TicketAssigned)[0].because == ("language", "least_loaded")


def test_only_leads_and_admins_set_capacities_and_only_admins_weights(cast):
    for who in (cast.ada, cast.eno, cast.ravi):
        with pytest.raises(NotAllowed):
            set_agent(user_id=cast.ada.pk, capacity=99, languages=[], by=cast.actor(who), at=cast.at)
    for who in (cast.ada, cast.lin):
        with pytest.raises(NotAllowed):
            set_weight(kind="priority", key="1", percent=0, by=cast.actor(who), at=cast.at)


def test_what_cannot_be_weighed_is_refused(cast):
    ana = cast.actor(cast.ana)
    for values in ({"percent": -1}, {"percent": 1_001}, {"key": ""}, {"kind": "mood"}):
        with pytest.raises(Invalid):
            set_weight(**{"kind": "priority", "key": "1", "percent": 100, **values}, by=ana, at=cast.at)
    for values in ({"capacity": 0}, {"capacity": 40_000}, {"languages": ["not a language"]}):
        with pytest.raises(Invalid):
            set_agent(**{"user_id": cast.ada.pk, "capacity": None, "languages": [], **values}, by=ana, at=cast.at)
    with pytest.raises(NotFound):
        set_agent(user_id=999_999, capacity=1, languages=[], by=ana, at=cast.at)


def test_off_shift_nothing_is_given(cast):
    cast.ticket()
    with pytest.raises(NotOnShift):
        take(cast)


def test_two_agents_at_once_get_two_tickets_and_two_clicks_do_not_go_over_the_capacity(fresh_cast):
    cast = fresh_cast
    cast.on_shift(cast.ada, cast.ben)
    tickets = [cast.ticket() for _n in range(6)]
    capacity(cast, 1)
    capacity(cast, 2, cast.ben)
    ada, ben = cast.actor(cast.ada), cast.actor(cast.ben)
    calls = [lambda by=by: get_next(by=by, at=cast.at) for by in (ada, ada, ada, ben, ben, ben)]
    results = at_once(*calls)
    given = [one.pk for one in results if isinstance(one, Ticket)]
    assert len(given) == len(set(given)) == 3, results
    assert sum(isinstance(one, AtCapacity) for one in results) == 3
    owners = list(Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).values_list("assignee_id", flat=True))
    assert (owners.count(cast.ada.pk), owners.count(cast.ben.pk), owners.count(None)) == (1, 2, 3)


def test_it_asks_the_same_few_questions_with_one_ticket_and_with_many(cast, django_assert_max_num_queries):
    cast.on_shift(cast.ada)
    capacity(cast, 100)
    for made in (1, 30):
        for _n in range(made):
            give(cast, cast.ticket())
            cast.ticket()
        with django_assert_max_num_queries(24):
            assert take(cast) is not None
