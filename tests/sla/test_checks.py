"""That `steward verify` notices a clock that is not what the ledger, its log or its ticket says."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from steward.desk.actions.changing import change_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Ticket
from steward.desk.rules.states import State, moves_from
from steward.ledger.actions.following import settle
from steward.sla.actions import create_policy, sweep
from steward.sla.models import Clock, Interval
from steward.sla.queries.checks import verify_problems
from tests.cast import NOW, SETUP

from .conftest import HOUR

pytestmark = pytest.mark.django_db


def after(**delta):
    return NOW + timedelta(**delta)


@pytest.fixture
def ticket(desk):
    ticket = desk.cast.ticket()
    reply(ticket_id=ticket.pk, body="On it.", then=State.PENDING, by=desk.cast.actor(desk.cast.ada), at=after(hours=1))
    desk.settle()
    return ticket


@pytest.mark.parametrize(
    ("kind", "change", "says"),
    [
        ("resolution", {"left_seconds": 5}, "seconds are left"),
        ("resolution", {"target_seconds": 5}, "target_seconds"),
        ("resolution", {"state": "running", "due_at": NOW, "left_seconds": None}, "state"),
        ("resolution", {"warned_at": NOW}, "warned"),
        ("resolution", {"breached_at": NOW}, "breaches"),
        ("resolution", {"started_at": NOW - timedelta(days=1)}, "do not begin"),
        ("first_response", {"state": "cancelled"}, "state"),
        ("first_response", {"stopped_at": NOW + timedelta(days=1)}, "last interval"),
    ],
)
def test_a_changed_clock_is_noticed(ticket, kind, change, says):
    Clock.objects.filter(ticket=ticket, kind=kind).update(**change)
    assert any(says in problem for problem in verify_problems())


def test_a_gap_between_intervals_is_noticed(ticket):
    last = Interval.objects.filter(clock__ticket=ticket, clock__kind="resolution").latest("id")
    Interval.objects.filter(pk=last.pk).update(started_at=last.started_at + timedelta(minutes=1))
    assert any("does not begin where" in problem for problem in verify_problems())


def test_a_ticket_due_at_another_instant_is_noticed(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(due_at=after(days=9))
    assert [f"ticket {ticket.pk} is due" in problem for problem in verify_problems()] == [True]


def test_a_clock_that_vanished_is_noticed(ticket):
    clock = Clock.objects.get(ticket=ticket, kind="resolution")
    gone = clock.pk
    Interval.objects.filter(clock=clock).delete()
    clock.delete()
    assert list(verify_problems()) == [f"clock {gone} is in the ledger, but there is no such clock"]


def test_an_event_not_followed_yet_is_no_problem(desk, ticket):
    receive_message(ticket_id=ticket.pk, body="Any news for me?", by=desk.cast.actor(desk.cast.ravi), at=after(hours=2))
    assert list(verify_problems()) == []


def test_verifying_takes_as_many_queries_for_many_tickets_as_for_one(desk, ticket):
    def queries():
        connection.force_debug_cursor = True
        before = len(connection.queries_log)
        assert list(verify_problems()) == []
        connection.force_debug_cursor = False
        return len(connection.queries_log) - before

    one = queries()
    for _n in range(4):
        desk.cast.ticket()
    settle()
    assert queries() == one


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_a_ticket_its_clocks_agree_with_the_ledger(desk, seed):
    """Walk at random: events late or early, in batches, with sweeps in between, under two policies and calendars."""
    chance = random.Random(seed)
    create_policy(
        name="High in office hours",
        calendar=desk.office,
        targets={"first_response": {"2": HOUR}, "resolution": {"2": 6 * HOUR}},
        conditions={"priorities": [2]},
        pause_on={"first_response": ["on_hold"]},
        position=1,
        by=SETUP,
        at=NOW - timedelta(days=1),
    )
    ticket, at = desk.cast.ticket(), NOW
    ada, ravi = desk.cast.actor(desk.cast.ada), desk.cast.actor(desk.cast.ravi)

    def message():
        body = chance.choice(["It still fails.", "thanks", "Any news?"])
        receive_message(ticket_id=ticket.pk, body=body, by=ravi, at=at)

    def answer():
        reply(ticket_id=ticket.pk, body="Here.", by=ada, at=at)

    def move():
        state = State(Ticket.objects.get(pk=ticket.pk).state)
        wanted = chance.choice(sorted(moves_from(state)))
        change_status(ticket_id=ticket.pk, state=wanted, reason=chance.choice(["engineering", "vendor"]), by=ada, at=at)

    def prioritize():
        now = Ticket.objects.get(pk=ticket.pk).priority
        change_ticket(ticket_id=ticket.pk, changes={"priority": (now, chance.choice([1, 2, 3, 4]))}, by=ada, at=at)

    for _step in range(16):
        at += timedelta(seconds=chance.choice([-2, 0, 1, 300, 5000, 40_000]))
        chance.choice([message, answer, move, move, prioritize])()
        if chance.random() < 0.6:
            desk.settle()
        if chance.random() < 0.4:
            sweep(at=at + timedelta(seconds=1))
    desk.settle()
    assert Clock.objects.filter(ticket=ticket).exists()
