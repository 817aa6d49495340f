"""Automations that come with time: once for each time it comes, also when the sweep is late or runs twice."""

from datetime import timedelta

import pytest

from steward.desk.actions.automations import sweeping
from steward.desk.actions.automations.sweeping import sweep_automations
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Automation
from steward.desk.rules.states import State
from tests.desk.automations.conftest import runs, state_of
from tests.desk.conftest import bodies

NOTE = Call("note", {"body": "Time is up."})
PENDING = {"on": "in_state", "args": {"state": "pending", "hours": 72}}


def pending(cast, **more):
    ticket = cast.ticket(**more)
    reply(ticket_id=ticket.pk, body="Which queue?", then=State.PENDING, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    return ticket


def told(ticket):
    return bodies(ticket).count("Time is up.")


def test_pending_for_three_days_acts_once_and_not_a_minute_early(cast, make):
    row = make("Stale", NOTE, **PENDING)
    ticket = pending(cast)
    sweep_automations(at=cast.at + timedelta(hours=71, minutes=59))
    assert told(ticket) == 0
    for minutes in (0, 1, 2):
        sweep_automations(at=cast.at + timedelta(hours=72, minutes=minutes))
    assert told(ticket) == 1
    assert runs(row) == [(ticket.pk, "done")]


def test_a_sweep_that_comes_late_finds_all_that_came_due(cast, make):
    make("Stale", NOTE, **PENDING)
    first, second = pending(cast), pending(cast)
    sweep_automations(at=cast.at + timedelta(days=30))
    assert (told(first), told(second)) == (1, 1)


def test_one_that_moved_on_in_time_or_since_is_left_alone(cast, make):
    make("Stale", NOTE, **PENDING)
    early, late = pending(cast), pending(cast)
    change_status(ticket_id=early.pk, state=State.OPEN, by=cast.actor(cast.ada), at=cast.at + timedelta(hours=2))
    change_status(ticket_id=late.pk, state=State.OPEN, by=cast.actor(cast.ada), at=cast.at + timedelta(hours=80))
    sweep_automations(at=cast.at + timedelta(hours=81))
    assert (told(early), told(late)) == (0, 0)


def test_pending_again_is_another_time(cast, make):
    row = make("Stale", NOTE, **PENDING)
    ticket = pending(cast)
    sweep_automations(at=cast.at + timedelta(hours=73))
    cast.later(hours=74)
    receive_message(ticket_id=ticket.pk, body="The blue one.", by=cast.actor(cast.ravi), at=cast.at)
    reply(ticket_id=ticket.pk, body="And now?", then=State.OPEN, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    change_status(ticket_id=ticket.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    sweep_automations(at=cast.later(hours=73))
    assert told(ticket) == 2
    assert len(runs(row)) == 2


def test_a_status_of_the_same_state_does_not_begin_the_time_anew(cast, make):
    from steward.desk.actions.settings import create_status

    other = create_status(values={"name": "Asked twice", "state": "pending"}, by=cast.actor(cast.ana), at=cast.at)
    make("Stale", NOTE, **PENDING)
    ticket = pending(cast)
    started = cast.at
    change_status(ticket_id=ticket.pk, state=State.PENDING, status_id=other.pk, by=cast.actor(cast.ada), at=cast.later(hours=50))
    sweep_automations(at=started + timedelta(hours=73))
    assert told(ticket) == 1


def test_what_had_passed_before_it_was_switched_on_is_left_alone(cast, make):
    ticket = pending(cast)
    cast.later(hours=100)
    make("Stale", NOTE, **PENDING)
    sweep_automations(at=cast.later(hours=1))
    assert told(ticket) == 0


def test_a_new_ticket_that_nobody_takes_comes_due_by_its_opening(cast, make):
    make("Untaken", NOTE, on="in_state", args={"state": "new", "hours": 1})
    ticket = cast.ticket()
    sweep_automations(at=cast.later(hours=1, minutes=1))
    assert told(ticket) == 1


def test_no_answer_and_no_word_count_from_the_last_thing_a_person_said(cast, make):
    ours = make("We are slow", NOTE, on="no_answer", args={"hours": 4})
    theirs = make("They are slow", NOTE, on="no_word", args={"hours": 24})
    waiting, answered = cast.ticket(), pending(cast)
    sweep_automations(at=cast.at + timedelta(hours=5))
    assert (told(waiting), told(answered)) == (1, 0)
    receive_message(ticket_id=waiting.pk, body="Hello?", by=cast.actor(cast.ravi), at=cast.at + timedelta(hours=6))
    sweep_automations(at=cast.at + timedelta(hours=25))
    assert (told(waiting), told(answered)) == (2, 1)
    assert [ticket for ticket, _outcome in runs(ours)] == [waiting.pk, waiting.pk]
    assert runs(theirs) == [(answered.pk, "done")]


def test_conditions_are_asked_when_the_time_comes(cast, make):
    make("Stale", NOTE, **PENDING, when=[("market", "is", "BR")])
    ticket = pending(cast)
    sweep_automations(at=cast.at + timedelta(hours=73))
    assert told(ticket) == 0


def test_more_than_one_sweep_can_take_are_taken_by_the_next_ones(cast, make, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST", 2)
    make("Stale", NOTE, **PENDING)
    tickets = [pending(cast) for _ in range(5)]
    due = cast.at + timedelta(hours=73)
    for minute in range(6):
        sweep_automations(at=due + timedelta(minutes=minute))
    assert [told(ticket) for ticket in tickets] == [1] * 5


def test_one_that_raises_stops_only_itself(cast, make, monkeypatch):
    broken = make("Broken", Call("transfer", {"queue": str(cast.leads.pk), "reason": "x"}), **PENDING)
    fine = make("Fine", NOTE, **PENDING)
    from steward.desk.actions.settings import change_queue

    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    ticket = pending(cast)
    sweep_automations(at=cast.at + timedelta(hours=73))
    assert state_of(broken) == (None, "broken")
    assert runs(fine) == [(ticket.pk, "done")]


@pytest.mark.parametrize("count", [1, 3, 20])
def test_a_sweep_with_nothing_due_costs_a_fixed_number_of_queries(cast, make, assert_queries, count):
    make("Stale", NOTE, **PENDING)
    for _ in range(count):
        pending(cast)
    with assert_queries(3):
        sweep_automations(at=cast.later(minutes=1))
    assert Automation.objects.get().swept_at == cast.at
