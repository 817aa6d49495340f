"""`is:breached`: tickets on which a promise was broken, whichever it was and however it ended, seen by those who see them."""

from datetime import timedelta

import pytest

from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.queries import walking
from steward.desk.queries.counting import count_up_to
from steward.desk.queries.filtering.matching import check_filter, is_found
from steward.desk.queries.filtering.suggesting import suggest
from steward.desk.queries.orders import ORDERS
from steward.desk.rules.states import State
from steward.sla.actions import sweep
from tests.cast import NOW
from tests.desk.conftest import listing, planned


def after(**delta):
    return NOW + timedelta(**delta)


def found(desk, text="is:breached", *, at, queues=(), order="newest"):
    return {row.id for row in listing(text, queues=queues or [desk.cast.support], at=at, order=order, most=50).rows}


@pytest.fixture
def broken(desk):
    """Give tickets by what became of their promises."""
    cast, ada = desk.cast, desk.cast.actor(desk.cast.ada)
    made = {name: cast.ticket(name) for name in ("missed", "kept", "next", "over", "paused", "solved late")}
    made["hidden"] = cast.ticket("hidden", queue=cast.restricted)
    desk.settle()
    for name in ("kept", "next", "solved late"):
        reply(ticket_id=made[name].pk, body="We look.", by=ada, at=after(hours=1))
    change_status(ticket_id=made["kept"].pk, state=State.SOLVED, by=ada, at=after(hours=1, minutes=30))
    receive_message(ticket_id=made["next"].pk, body="And?", by=cast.actor(cast.ravi), at=after(hours=2))
    desk.settle()
    sweep(at=after(hours=11))
    desk.settle()
    for name in ("missed", "paused"):
        reply(ticket_id=made[name].pk, body="Sorry.", by=ada, at=after(hours=12))
    change_status(ticket_id=made["paused"].pk, state=State.PENDING, by=ada, at=after(hours=13))
    desk.settle()
    sweep(at=after(hours=26))
    desk.settle()
    change_status(ticket_id=made["solved late"].pk, state=State.SOLVED, by=ada, at=after(hours=27))
    desk.settle()
    return made


@pytest.fixture(params=["all at once", "small windows", "nothing gathered"])
def steps(request, monkeypatch):
    if request.param != "all at once":
        monkeypatch.setattr(walking, "FIRST_WINDOW", 2)
        monkeypatch.setattr(walking, "_FAR_ENOUGH", 0.5)
    if request.param == "nothing gathered":
        monkeypatch.setattr(walking, "MOST_GATHERED", 0)


LATE = ("missed", "next", "over", "paused", "solved late")


def test_any_promise_that_was_broken_is_found_in_every_order_answered_since_or_not(desk, broken, steps):
    fresh = desk.cast.ticket("Just opened")
    desk.settle()
    late = {broken[name].pk for name in LATE}
    for order, chosen in ORDERS.items():
        expected = late - {broken["solved late"].pk} if chosen.is_of_the_worked else late
        assert found(desk, at=after(hours=3), order=order) == expected, order
    assert fresh.pk in found(desk, at=after(hours=4))


def test_a_clock_that_runs_over_counts_before_the_sweep_has_told_of_it(desk):
    ticket = desk.cast.ticket()
    desk.settle()
    assert found(desk, at=after(hours=4) - timedelta(microseconds=1)) == set()
    assert found(desk, at=after(hours=4)) == {ticket.pk}
    sweep(at=after(hours=4))
    desk.settle()
    assert found(desk, at=NOW) == {ticket.pk}


def test_it_goes_with_others_and_may_be_refused(desk, broken):
    at = after(hours=28)
    assert found(desk, "is:breached is:pending", at=at) == {broken["paused"].pk}
    assert found(desk, "is:breached,pending is:solved", at=at) == {broken["solved late"].pk}
    assert found(desk, "-is:breached", at=at) == {broken["kept"].pk}


def test_of_a_restricted_queue_only_those_hear_who_see_it(desk, broken):
    hidden, at = broken["hidden"].pk, after(hours=28)
    assert hidden not in found(desk, at=at)
    assert hidden in found(desk, at=at, queues=[desk.cast.support, desk.cast.restricted])
    here = planned("is:breached", queues=[desk.cast.support], at=at)
    there = planned("is:breached", queues=[desk.cast.support, desk.cast.restricted], at=at)
    told = count_up_to({"here": here, "there": there})
    assert told == {"here": 5, "there": 6}


def test_its_counter_says_what_opens(desk, broken):
    for text in ("is:breached", "is:breached is:working", "-is:breached", "is:breached is:mine"):
        for hours in (20, 28):
            asked = planned(text, queues=[desk.cast.support], at=after(hours=hours))
            assert count_up_to({"it": asked}) == {"it": len(found(desk, text, at=after(hours=hours)))}


def test_automations_may_ask_for_it_and_it_is_suggested(desk, broken):
    check_filter("is:breached")
    who = planned("", queues=[desk.cast.support], at=after(hours=28)).reader
    assert is_found(broken["over"].pk, "is:breached", who)
    assert not is_found(broken["kept"].pk, "is:breached", who)
    assert [one.shown for one in suggest("is:breach", who)] == ["breached-soon", "breached"]


def test_a_list_costs_the_same_queries_with_one_ticket_and_with_many(desk, assert_queries):
    hours = 0
    for number in (1, 2, 9):
        for _time in range(number):
            desk.cast.ticket()
        desk.settle()
        with assert_queries(2):
            hours += number
            assert len(found(desk, at=after(hours=5))) == hours
