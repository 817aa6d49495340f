"""The time in hand: what is open and active counts, once, for one ticket at a time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.handling import beat, close_left_handling, correct_handling
from steward.desk.facts.work import HandlingCorrected, TicketHandled
from steward.desk.models import Handling, HandlingCorrection
from steward.desk.queries.handling import handle_time_by_category, handle_time_of, own_stretches
from steward.desk.queries.timeline import timeline
from tests.desk.conftest import at_once, facts


def beats(cast, ticket, *, who=None, idle=0, leaving=False, at=None):
    beat(
        ticket_id=ticket.pk,
        idle_for=timedelta(seconds=idle),
        leaving=leaving,
        by=cast.actor(who or cast.ada),
        at=at or cast.at,
    )


def for_seconds(cast, ticket, seconds, *, who=None, step=15):
    """Have somebody work on a ticket for so long, and leave it."""
    end = cast.at + timedelta(seconds=seconds)
    while cast.at < end:
        beats(cast, ticket, who=who)
        cast.later(seconds=min(step, (end - cast.at).total_seconds()))
    beats(cast, ticket, who=who, leaving=True)


def seconds(ticket, who=None):
    found = Handling.objects.filter(ticket=ticket).exclude(closed_at=None).order_by("id")
    return [one.seconds for one in (found.filter(user=who) if who else found)]


def test_a_stretch_is_told_once_when_it_ends(cast):
    ticket = cast.ticket()
    start = cast.at
    for_seconds(cast, ticket, 130)
    assert seconds(ticket) == [130]
    told = facts(ticket, TicketHandled)
    assert [(fact.user_id, fact.seconds, fact.started_at, fact.ended_at) for fact in told] == [(cast.ada.pk, 130, start, cast.at)]


def test_while_it_runs_nothing_is_told(cast):
    ticket = cast.ticket()
    for _n in range(10):
        beats(cast, ticket)
        cast.later(seconds=15)
    assert facts(ticket, TicketHandled) == []
    assert Handling.objects.get().closed_at is None


def test_two_pages_of_one_ticket_count_once(cast):
    ticket = cast.ticket()
    for _n in range(4):
        beats(cast, ticket)
        beats(cast, ticket, at=cast.at + timedelta(seconds=7))
        cast.later(seconds=15)
    beats(cast, ticket, leaving=True)
    assert seconds(ticket) == [60]


def test_of_two_tickets_at_once_the_one_touched_last_counts(cast):
    first, second = cast.ticket(), cast.ticket()
    for turn in range(5):
        beats(cast, first, idle=turn * 15)
        beats(cast, second, idle=0, at=cast.at + timedelta(seconds=1))
        cast.later(seconds=15)
    beats(cast, second, leaving=True)
    assert sum(seconds(first)) <= 1
    assert sum(seconds(second)) >= 59


def test_going_over_to_another_ticket_ends_the_first(cast):
    first, second = cast.ticket(), cast.ticket()
    beats(cast, first)
    beats(cast, first, at=cast.later(seconds=15))
    beats(cast, second, at=cast.later(seconds=5))
    beats(cast, second, leaving=True, at=cast.later(seconds=10))
    assert (seconds(first), seconds(second)) == ([15], [10])


def test_a_silence_is_not_counted(cast):
    ticket = cast.ticket()
    beats(cast, ticket)
    beats(cast, ticket, at=cast.later(seconds=30))
    beats(cast, ticket, at=cast.later(hours=3))
    beats(cast, ticket, leaving=True, at=cast.later(seconds=20))
    assert seconds(ticket) == [30, 20]


def test_a_page_that_fell_silent_is_closed_by_the_sweep_at_its_last_beat(cast):
    ticket = cast.ticket()
    beats(cast, ticket)
    beats(cast, ticket, at=cast.later(seconds=40))
    assert close_left_handling(at=cast.later(seconds=30)) == 0
    assert close_left_handling(at=cast.later(seconds=40)) == 1
    assert close_left_handling(at=cast.later(hours=1)) == 0
    assert seconds(ticket) == [40]


def test_a_glance_of_no_second_is_nothing(cast):
    ticket = cast.ticket()
    beats(cast, ticket)
    beats(cast, ticket, leaving=True)
    beats(cast, ticket, leaving=True, at=cast.later(seconds=5))
    assert not Handling.objects.exists()
    assert facts(ticket, TicketHandled) == []


def test_it_counts_for_those_who_work_tickets_in_their_sight(cast):
    hidden = cast.ticket(queue=cast.restricted)
    with pytest.raises(NotFound):
        beats(cast, hidden)
    with pytest.raises(NotAllowed):
        beats(cast, cast.ticket(), who=cast.ana)
    with pytest.raises(NotAllowed):
        beats(cast, cast.ticket(), who=cast.ravi)
    for_seconds(cast, hidden, 30, who=cast.lin)
    assert seconds(hidden) == [30]


def test_it_is_corrected_with_a_reason_and_both_are_kept(cast):
    ticket = cast.ticket()
    for_seconds(cast, ticket, 90)
    stretch = Handling.objects.get()
    fix = {"handling_id": stretch.pk, "seconds": 600, "reason": "On the phone with Ravi"}
    correct_handling(**fix, by=cast.actor(cast.ada), at=cast.at)
    assert correct_handling(**fix, by=cast.actor(cast.ada), at=cast.at) is None
    correct_handling(**fix | {"seconds": 300, "reason": "Half of it"}, by=cast.actor(cast.lin), at=cast.at)
    assert [(fact.old, fact.new) for fact in facts(ticket, HandlingCorrected)] == [(90, 600), (600, 300)]
    stretch.refresh_from_db()
    assert stretch.seconds == 300
    assert (stretch.ended_at - stretch.started_at).total_seconds() == 90
    assert list(HandlingCorrection.objects.order_by("id").values_list("old_seconds", "seconds")) == [(90, 600), (600, 300)]
    assert handle_time_of(ticket.pk, user_id=cast.ada.pk).mine == 300


@pytest.mark.parametrize("values", [{"seconds": -1}, {"seconds": 90_000}, {"reason": "  "}])
def test_what_cannot_be_corrected_so_is_refused(cast, values):
    ticket = cast.ticket()
    for_seconds(cast, ticket, 90)
    fix = {"handling_id": Handling.objects.get().pk, "seconds": 60, "reason": "Away", **values}
    with pytest.raises(Invalid):
        correct_handling(**fix, by=cast.actor(cast.ada), at=cast.at)


def test_nobody_corrects_a_colleagues_nor_one_that_runs(cast):
    ticket = cast.ticket()
    for_seconds(cast, ticket, 90)
    fix = {"handling_id": Handling.objects.get().pk, "seconds": 60, "reason": "Away"}
    for who in (cast.ben, cast.eno, cast.ravi):
        with pytest.raises(NotFound):
            correct_handling(**fix, by=cast.actor(who), at=cast.at)
    beats(cast, ticket)
    running = Handling.objects.get(closed_at=None)
    with pytest.raises(Conflict):
        correct_handling(handling_id=running.pk, seconds=1, reason="Away", by=cast.actor(cast.ada), at=cast.at)


def test_agents_see_their_own_and_the_sum_leads_see_categories_and_the_timeline_tells_nobody(cast):
    ticket = cast.ticket()
    for_seconds(cast, ticket, 60)
    for_seconds(cast, ticket, 30, who=cast.ben)
    mine = handle_time_of(ticket.pk, user_id=cast.ben.pk)
    assert (mine.mine, mine.total, mine.people) == (30, 90, 2)
    assert [one.user_id for one in own_stretches(ticket.pk, user_id=cast.ben.pk)] == [cast.ben.pk]
    found = handle_time_by_category(since=cast.at - timedelta(days=1), queue_ids=[cast.support.pk])
    assert [(one.category_id, one.tickets, one.median, one.total) for one in found] == [(None, 1, 90, 90)]
    assert handle_time_by_category(since=cast.at - timedelta(days=1), queue_ids=[cast.restricted.pk]) == []
    assert not [entry for entry in timeline(ticket) if entry.event and "handl" in entry.event.kind]


def test_two_devices_at_the_same_moment_never_overlap(fresh_cast):
    cast = fresh_cast
    first, second = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    for turn in range(4):
        at = cast.at + timedelta(seconds=turn * 15)
        calls = [
            lambda ticket=ticket, at=at, idle=idle: beat(
                ticket_id=ticket.pk, idle_for=timedelta(seconds=idle), leaving=False, by=ada, at=at
            )
            for ticket in (first, second)
            for idle in (0, 3)
        ]
        assert not [one for one in at_once(*calls) if isinstance(one, Exception)]
    close_left_handling(at=cast.at + timedelta(minutes=10))
    total = sum(Handling.objects.values_list("seconds", flat=True))
    assert total <= 45


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 90), st.integers(0, 150), st.booleans()), max_size=25))
def test_whatever_pages_say_time_is_counted_at_most_once(cast, said):
    from django.db import transaction

    tickets = [cast.ticket() for _n in range(3)]
    with transaction.atomic():
        start = at = cast.at
        for which, pause, idle, leaving in said:
            at += timedelta(seconds=pause)
            beats(cast, tickets[which], idle=idle, leaving=leaving, at=at)
        close_left_handling(at=at + timedelta(minutes=5))
        stretches = list(Handling.objects.order_by("started_at"))
        assert sum(one.seconds for one in stretches) <= (at - start).total_seconds() + len(stretches)
        for one, after in pairwise(stretches):
            assert one.ended_at <= after.started_at
        transaction.set_rollback(True)
