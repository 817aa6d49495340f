from datetime import timedelta

import pytest

from steward.channels.queries import front_queue, presence_of, what_to_expect
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Queue, Ticket
from steward.desk.rules.states import State
from steward.roster.models import BusinessCalendar, CalendarVersion
from steward.sla.models import Clock, Policy, PolicyVersion


def expected(cast, ticket: Ticket):
    fresh = Ticket.objects.select_related("queue__team", "assignee", "requester", "status").get(pk=ticket.pk)
    return what_to_expect(fresh, cast.at)


def promise(cast, ticket: Ticket, *, minutes: float) -> Clock:
    calendar = BusinessCalendar.objects.create(name=f"Always {ticket.pk}", created_at=cast.at)
    hours = CalendarVersion.objects.create(
        calendar=calendar,
        version=1,
        time_zone="UTC",
        slots=[{"weekday": day, "start": "00:00", "end": "24:00"} for day in range(7)],
        created_at=cast.at,
    )
    policy = Policy.objects.create(name=f"Standard {ticket.pk}", position=ticket.pk, created_at=cast.at)
    version = PolicyVersion.objects.create(policy=policy, version=1, calendar=hours.calendar, targets={}, created_at=cast.at)
    due = cast.at + timedelta(minutes=minutes)
    return Clock.objects.create(
        ticket=ticket,
        kind="first_response",
        policy_version=version,
        calendar_version=hours,
        target_seconds=3600,
        state="running",
        started_at=cast.at,
        promised_at=cast.at,
        due_at=due,
    )


def test_whoever_waits_is_told_their_place_and_who_answers(cast):
    cast.on_shift(cast.ada)
    cast.ticket()
    second = expected(cast, cast.ticket())
    assert (second.place, second.team, second.agent, second.is_staffed) == (2, "Console support", "", True)
    assert second.waits_for_desk


def test_once_somebody_has_it_there_is_a_name_and_no_line(cast):
    cast.ada.name = "Ada Brandt"
    cast.ada.save(update_fields=["name"])
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.lin), at=cast.at)
    found = expected(cast, ticket)
    assert (found.agent, found.place) == ("Ada", None)


def test_the_usual_wait_is_the_median_of_what_others_waited(cast):
    for minutes in (4, 8, 60):
        ticket, before = cast.ticket(), cast.at
        reply(ticket_id=ticket.pk, body="Here", by=cast.actor(cast.ada), at=before + timedelta(minutes=minutes))
    assert expected(cast, cast.ticket()).usual_wait == 480


def test_the_promise_is_told_and_when_it_is_broken(cast):
    ticket = cast.ticket()
    clock = promise(cast, ticket, minutes=30)
    found = expected(cast, ticket)
    assert (found.promised_at, found.is_late) == (clock.due_at, False)
    cast.later(minutes=31)
    assert expected(cast, ticket).is_late


def test_off_shift_the_next_shift_of_the_team_is_told(cast):
    ticket = cast.ticket()
    assert (expected(cast, ticket).is_staffed, expected(cast, ticket).back_at) == (False, None)
    now = cast.at
    cast.later(hours=9)
    cast.on_shift(cast.ada)
    cast.at = now
    found = expected(cast, ticket)
    assert (found.is_staffed, found.back_at) == (False, now + timedelta(hours=8))


@pytest.mark.parametrize("state", [State.PENDING, State.SOLVED])
def test_when_it_is_the_requesters_turn_nothing_is_promised(cast, state):
    ticket = cast.ticket()
    promise(cast, ticket, minutes=30)
    change_status(ticket_id=ticket.pk, state=state, by=cast.actor(cast.ada), at=cast.at)
    found = expected(cast, ticket)
    assert (found.waits_for_desk, found.place, found.promised_at) == (False, None, None)


def test_a_restricted_queue_has_no_name(cast):
    assert expected(cast, cast.ticket(queue=cast.restricted)).team == ""


def test_new_requests_come_into_the_first_open_queue(cast):
    assert front_queue() == cast.support
    Queue.objects.update(is_active=False)
    assert front_queue() is None
    assert presence_of(None, cast.at).is_staffed is False


def test_it_costs_a_fixed_number_of_queries(cast, assert_queries):
    cast.on_shift(cast.ada, cast.ben)
    for _ in range(20):
        cast.ticket()
    ticket = Ticket.objects.select_related("queue__team", "assignee").latest("id")
    with assert_queries(4):
        what_to_expect(ticket, cast.at)
