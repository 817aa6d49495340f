"""The clocks of a ticket through its life, over the real ledger."""

from datetime import timedelta

import pytest

from steward.desk.actions.answering import answer_question
from steward.desk.actions.changing import change_ticket, transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status, reopen_ticket, solve_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.settings import create_category
from steward.desk.models import Question, Ticket
from steward.desk.rules.states import State
from steward.people.actor import ActorKind, system
from steward.roster.actions import publish_calendar_version
from steward.sla.actions import attend, change_policy, create_policy, publish_policy_version
from steward.sla.models import Clock, Interval, PolicyVersion
from steward.sla.queries import clocks_for, clocks_of, intervals_of, most_pressing, response_due
from tests.cast import NOW, SETUP

from .conftest import HOUR, OFFICE, TARGETS

pytestmark = pytest.mark.django_db


def after(**delta):
    return NOW + timedelta(**delta)


def say(desk, ticket, body="It still fails for me, see the picture.", *, at):
    receive_message(ticket_id=ticket.pk, body=body, by=desk.cast.actor(desk.cast.ravi), at=at)
    desk.settle()


def answer(desk, ticket, *, at, then=None, reason=""):
    reply(ticket_id=ticket.pk, body="Looking into it.", then=then, reason=reason, by=desk.cast.actor(desk.cast.ada), at=at)
    desk.settle()


def opened(desk, **values):
    ticket = desk.cast.ticket(**values)
    desk.settle()
    return ticket


def test_opening_starts_first_response_and_resolution(desk):
    ticket = opened(desk)
    first, resolution = desk.clock(ticket, "first_response"), desk.clock(ticket, "resolution")
    assert (first.state, first.due_at, first.warn_due_at) == ("running", after(hours=4), after(hours=3))
    assert (resolution.state, resolution.due_at) == ("running", after(hours=24))
    assert Ticket.objects.get(pk=ticket.pk).due_at == after(hours=4)
    assert response_due(ticket.pk) == after(hours=4)
    assert desk.told(ticket) == ["started", "started"]


def test_a_persons_reply_meets_the_first_response_and_the_next_promise_leads(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1))
    first = desk.clock(ticket, "first_response")
    assert (first.state, first.stopped_at, first.due_at) == ("met", after(hours=1), None)
    assert Ticket.objects.get(pk=ticket.pk).due_at == after(hours=24)
    assert response_due(ticket.pk) is None


def test_neither_a_note_nor_an_automatic_message_nor_solving_meets_the_first_response(desk):
    ticket = opened(desk)
    ada = desk.cast.actor(desk.cast.ada)
    add_note(ticket_id=ticket.pk, body="Looks like the cache.", by=ada, at=after(minutes=10))
    solve_ticket(ticket_id=ticket.pk, by=ada, at=after(minutes=20))
    desk.settle()
    assert desk.clock(ticket, "first_response").state == "running"
    assert desk.clock(ticket, "resolution").state == "met"


def test_further_messages_before_the_first_answer_start_no_other_clock(desk):
    ticket = opened(desk)
    say(desk, ticket, at=after(minutes=5))
    assert not Clock.objects.filter(ticket=ticket, kind="next_response").exists()


def test_a_message_after_the_answer_starts_the_next_response_once(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1))
    say(desk, ticket, at=after(hours=2))
    say(desk, ticket, at=after(hours=3))
    clock = desk.clock(ticket, "next_response")
    assert (clock.started_at, clock.due_at) == (after(hours=2), after(hours=10))
    answer(desk, ticket, at=after(hours=4))
    assert desk.clock(ticket, "next_response").state == "met"
    say(desk, ticket, at=after(hours=5))
    second = desk.clock(ticket, "next_response")
    assert second.pk != clock.pk
    assert second.started_at == after(hours=5)
    assert desk.told(ticket, kind="next_response") == ["started", "met", "started"]


def test_waiting_on_the_requester_pauses_resolution_and_their_answer_resumes_it(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1), then=State.PENDING)
    paused = desk.clock(ticket, "resolution")
    assert (paused.state, paused.reason, paused.due_at, paused.left_seconds) == ("paused", "requester", None, 23 * HOUR)
    assert Ticket.objects.get(pk=ticket.pk).due_at is None
    say(desk, ticket, at=after(hours=11))
    resumed = desk.clock(ticket, "resolution")
    assert (resumed.state, resumed.due_at, resumed.left_seconds) == ("running", after(hours=34), None)
    assert desk.told(ticket, kind="resolution") == ["started", "paused", "resumed"]


def test_on_hold_pauses_with_its_reason_and_another_reason_is_kept_apart(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1), then=State.ON_HOLD, reason="engineering")
    ada = desk.cast.actor(desk.cast.ada)
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=ada, at=after(hours=2))
    change_status(ticket_id=ticket.pk, state=State.OPEN, by=ada, at=after(hours=5))
    desk.settle()
    log = [(i.running, i.reason, i.started_at) for i in intervals_of(ticket.pk) if i.clock.kind == "resolution"]
    assert log == [
        (True, "", NOW),
        (False, "engineering", after(hours=1)),
        (False, "vendor", after(hours=2)),
        (True, "", after(hours=5)),
    ]
    assert desk.clock(ticket, "resolution").due_at == after(hours=28)


def test_response_clocks_run_on_while_the_ticket_waits_for_others(desk):
    ticket = opened(desk)
    ada = desk.cast.actor(desk.cast.ada)
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=ada, at=after(minutes=5))
    desk.settle()
    assert desk.clock(ticket, "first_response").state == "running"


def test_a_policy_may_let_response_clocks_stand_still_for_one_reason(desk):
    publish_policy_version(
        policy_id=desk.policy.pk,
        calendar=desk.always,
        targets=TARGETS,
        pause_on={"first_response": ["on_hold:engineering"]},
        by=SETUP,
        at=NOW - timedelta(days=1),
    )
    ticket = opened(desk)
    ada = desk.cast.actor(desk.cast.ada)
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=ada, at=after(minutes=5))
    desk.settle()
    assert desk.clock(ticket, "first_response").state == "running"
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="engineering", by=ada, at=after(minutes=6))
    desk.settle()
    assert desk.clock(ticket, "first_response").reason == "engineering"


def test_reopening_goes_on_with_the_same_resolution_clock(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1), then=State.SOLVED)
    met = desk.clock(ticket, "resolution")
    assert (met.state, met.reason) == ("met", "solved")
    reopen_ticket(ticket_id=ticket.pk, by=desk.cast.actor(desk.cast.ada), at=after(hours=11))
    desk.settle()
    again = desk.clock(ticket, "resolution")
    assert (again.pk, again.state, again.due_at) == (met.pk, "running", after(hours=34))
    answer(desk, ticket, at=after(hours=12), then=State.SOLVED)
    assert desk.told(ticket, kind="resolution") == ["started", "met", "resumed", "met"]


def test_denying_the_fix_asks_for_the_next_response(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1), then=State.SOLVED)
    question = Question.objects.get(ticket=ticket)
    answer_question(question_id=question.pk, answer="no", by=desk.cast.actor(desk.cast.ravi), at=after(hours=2))
    desk.settle()
    assert desk.clock(ticket, "next_response").started_at == after(hours=2)
    assert desk.clock(ticket, "resolution").state == "running"


def test_confirming_ends_everything_and_thanks_ask_for_nothing(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1), then=State.SOLVED)
    say(desk, ticket, "Thanks!", at=after(hours=2))
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"
    assert not Clock.objects.active().filter(ticket=ticket).exists()
    assert Ticket.objects.get(pk=ticket.pk).due_at is None
    reopen_ticket(ticket_id=ticket.pk, by=desk.cast.actor(desk.cast.ada), at=after(hours=3))
    desk.settle()
    assert not Clock.objects.active().filter(ticket=ticket, kind="next_response").exists()


def test_closing_without_solving_cancels_what_runs_and_reopening_takes_it_up(desk):
    ticket = opened(desk)
    ada = desk.cast.actor(desk.cast.ada)
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="spam", by=ada, at=after(hours=1))
    desk.settle()
    assert {c.state for c in Clock.objects.filter(ticket=ticket)} == {"cancelled"}
    say(desk, ticket, at=after(hours=3))
    first = desk.clock(ticket, "first_response")
    assert (first.state, first.due_at) == ("running", after(hours=6))
    assert desk.told(ticket, kind="first_response") == ["started", "cancelled", "resumed"]


def test_an_answer_after_its_time_is_missed_with_the_right_instant(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=6))
    first = desk.clock(ticket, "first_response")
    assert (first.state, first.breached_at, first.stopped_at) == ("missed", after(hours=4), after(hours=6))
    assert desk.told(ticket, kind="first_response") == ["started", "breached", "missed"]


def test_an_answer_at_the_very_instant_is_late_and_a_moment_before_is_not(desk):
    late, early = opened(desk), opened(desk)
    answer(desk, late, at=after(hours=4))
    answer(desk, early, at=after(hours=4) - timedelta(microseconds=1))
    assert desk.clock(late, "first_response").state == "missed"
    assert desk.clock(early, "first_response").state == "met"


def test_a_ticket_an_agent_opened_for_somebody_owes_no_first_response(desk):
    ada = desk.cast.actor(desk.cast.ada)
    from steward.desk.actions.intake import Origin, open_ticket

    ticket = open_ticket(
        requester=desk.cast.ravi,
        subject="",
        body="Called in.",
        origin=Origin(channel="phone"),
        queue=desk.cast.support,
        by=ada,
        at=NOW,
    )
    desk.settle()
    assert [c.kind for c in Clock.objects.filter(ticket=ticket)] == ["resolution"]
    say(desk, ticket, at=after(hours=1))
    assert desk.clock(ticket, "next_response").started_at == after(hours=1)


def test_nothing_is_promised_for_what_an_import_brings_until_they_write_here(desk):
    from steward.desk.actions.intake import Origin, open_ticket

    importer = system("import", kind=ActorKind.IMPORT)
    ticket = open_ticket(
        requester=desk.cast.ravi,
        subject="",
        body="Old.",
        origin=Origin(channel="import"),
        queue=desk.cast.support,
        by=importer,
        at=NOW,
    )
    desk.settle()
    assert not Clock.objects.exists()
    say(desk, ticket, at=after(hours=1))
    assert [c.kind for c in Clock.objects.filter(ticket=ticket)] == ["next_response"]


def set_priority(desk, ticket, priority, *, at):
    ticket = Ticket.objects.get(pk=ticket.pk)
    changes = {"priority": (ticket.priority, priority)}
    change_ticket(ticket_id=ticket.pk, changes=changes, by=desk.cast.actor(desk.cast.ada), at=at)
    desk.settle()


def test_a_higher_priority_counts_what_has_run_already(desk):
    ticket = opened(desk)
    set_priority(desk, ticket, 2, at=after(minutes=30))
    first = desk.clock(ticket, "first_response")
    assert (first.target_seconds, first.due_at, first.promised_at) == (HOUR, after(hours=1), after(minutes=30))
    assert desk.clock(ticket, "resolution").due_at == after(hours=8)
    assert desk.told(ticket, kind="first_response") == ["started", "retargeted"]


def test_a_target_made_shorter_than_what_has_run_is_due_now_not_in_the_past(desk):
    ticket = opened(desk)
    set_priority(desk, ticket, 1, at=after(hours=2))
    assert desk.clock(ticket, "first_response").due_at == after(hours=2)


def test_changing_priority_while_paused_loses_nothing(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=3), then=State.PENDING)
    set_priority(desk, ticket, 2, at=after(hours=5))
    assert desk.clock(ticket, "resolution").left_seconds == 5 * HOUR
    set_priority(desk, ticket, 1, at=after(hours=6))
    assert desk.clock(ticket, "resolution").left_seconds == HOUR
    say(desk, ticket, at=after(hours=10))
    assert desk.clock(ticket, "resolution").due_at == after(hours=11)


def test_a_breach_stays_though_the_target_grows(desk):
    ticket = opened(desk)
    set_priority(desk, ticket, 2, at=after(minutes=1))
    answer(desk, ticket, at=after(hours=9))
    assert desk.clock(ticket, "resolution").breached_at == after(hours=8)
    set_priority(desk, ticket, 3, at=after(hours=10))
    clock = desk.clock(ticket, "resolution")
    assert (clock.breached_at, clock.due_at, clock.target_seconds) == (after(hours=8), after(hours=8), 24 * HOUR)
    answer(desk, ticket, at=after(hours=11), then=State.SOLVED)
    assert desk.clock(ticket, "resolution").state == "missed"
    assert desk.told(ticket, kind="resolution").count("breached") == 1


def test_another_queue_may_fall_under_another_policy_and_calendar(desk):
    create_policy(
        name="Engineering",
        calendar=desk.office,
        targets={"resolution": {"3": 16 * HOUR}},
        conditions={"queue_ids": [desk.cast.engineering.pk]},
        position=1,
        by=SETUP,
        at=NOW - timedelta(days=1),
    )
    ticket = opened(desk)
    # Monday 09:00 to 12:00 counts around the clock, the 13 hours left in office hours: five today, eight tomorrow.
    transfer_ticket(
        ticket_id=ticket.pk,
        queue_id=desk.cast.engineering.pk,
        reason="Looks like theirs.",
        by=desk.cast.actor(desk.cast.ada),
        at=after(hours=3),
    )
    desk.settle()
    clock = desk.clock(ticket, "resolution")
    assert clock.due_at == after(days=1, hours=8)
    assert clock.policy_version.policy.name == "Engineering"
    assert [i.calendar_version.calendar.name for i in clock.intervals.order_by("id")] == ["Always", "Office"]
    first = desk.clock(ticket, "first_response")
    assert (first.state, first.reason) == ("cancelled", "no_promise")
    # Back again, the first response is owed once more, with what had run.
    lin = desk.cast.actor(desk.cast.lin)
    transfer_ticket(ticket_id=ticket.pk, queue_id=desk.cast.support.pk, reason="", by=lin, at=after(hours=7))
    desk.settle()
    assert desk.clock(ticket, "first_response").pk == first.pk
    assert desk.clock(ticket, "first_response").due_at == after(hours=8)


def test_a_policy_for_a_category_covers_what_is_below_it(desk):
    top = create_category(values={"name": "Access"}, by=SETUP, at=NOW)
    leaf = create_category(values={"name": "Login", "parent": top}, by=SETUP, at=NOW)
    create_policy(
        name="Access",
        calendar=desk.always,
        targets={"resolution": {"3": HOUR}},
        conditions={"category_ids": [top.pk]},
        position=1,
        by=SETUP,
        at=NOW - timedelta(days=1),
    )
    ticket = opened(desk)
    ada = desk.cast.actor(desk.cast.ada)
    change_ticket(ticket_id=ticket.pk, changes={"category": (None, leaf.pk)}, by=ada, at=after(minutes=10))
    desk.settle()
    assert desk.clock(ticket, "resolution").due_at == after(hours=1)


def test_a_new_version_leaves_what_was_promised_and_holds_for_what_comes(desk):
    old = opened(desk)
    publish_policy_version(
        policy_id=desk.policy.pk, calendar=desk.always, targets={"resolution": {"3": HOUR}}, by=SETUP, at=after(minutes=1)
    )
    publish_calendar_version(calendar_id=desk.always.pk, time_zone="UTC", slots=OFFICE, by=SETUP, at=after(minutes=1))
    answer(desk, old, at=after(minutes=30))
    assert desk.clock(old, "resolution").due_at == after(hours=24)
    desk.cast.later(minutes=30)
    new = opened(desk)
    assert [c.kind for c in Clock.objects.filter(ticket=new)] == ["resolution"]
    assert desk.clock(new, "resolution").policy_version.version == 2
    assert desk.clock(new, "resolution").calendar_version.version == 2


def test_an_event_followed_late_is_promised_what_held_when_it_happened(desk):
    ticket = desk.cast.ticket()
    publish_policy_version(
        policy_id=desk.policy.pk, calendar=desk.always, targets={"resolution": {"3": HOUR}}, by=SETUP, at=after(minutes=1)
    )
    desk.settle()
    assert desk.clock(ticket, "resolution").policy_version.version == 1


def test_without_a_matching_policy_there_is_no_clock_until_there_is_one(desk):
    change_policy(policy_id=desk.policy.pk, changes={"is_active": False}, by=SETUP, at=NOW)
    ticket = opened(desk)
    assert not Clock.objects.exists()
    change_policy(policy_id=desk.policy.pk, changes={"is_active": True}, by=SETUP, at=NOW)
    say(desk, ticket, at=after(hours=1))
    assert desk.clock(ticket, "first_response").started_at == after(hours=1)


def test_following_the_same_event_again_changes_nothing(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=1), then=State.PENDING)
    before = list(Clock.objects.order_by("id").values()), list(Interval.objects.order_by("id").values()), desk.told(ticket)
    for _again in range(2):
        attend(ticket_id=ticket.pk, seq=10**6, rematch=True, at=after(hours=2))
    assert before == (
        list(Clock.objects.order_by("id").values()),
        list(Interval.objects.order_by("id").values()),
        desk.told(ticket),
    )


def test_instants_in_the_wrong_order_never_turn_a_clock_back(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=2), then=State.PENDING)
    say(desk, ticket, at=after(hours=1, minutes=59))
    assert desk.clock(ticket, "resolution").state == "running"
    assert desk.clock(ticket, "resolution").due_at == after(hours=24)


def test_the_clocks_of_a_list_are_one_query(desk, assert_queries):
    waiting, running = opened(desk), opened(desk)
    answer(desk, waiting, at=after(hours=1), then=State.PENDING)
    with assert_queries(1):
        views = clocks_for([waiting.pk, running.pk, 10**9], at=after(hours=2))
    assert [v.kind for v in views[running.pk]] == ["first_response", "resolution"]
    assert views[running.pk][0].seconds_left == 2 * HOUR
    pressing = most_pressing(views[waiting.pk])
    assert (pressing.is_paused, pressing.reason, pressing.seconds_left) == (True, "requester", 23 * HOUR)
    assert views[10**9] == []
    assert most_pressing([]) is None


def test_the_page_of_a_ticket_shows_ended_clocks_too(desk):
    ticket = opened(desk)
    answer(desk, ticket, at=after(hours=5))
    first, resolution = clocks_of(ticket.pk, at=after(hours=30))
    assert (first.kind, first.state, first.is_breached, first.seconds_left) == ("first_response", "missed", True, None)
    assert (resolution.is_running, resolution.seconds_left) == (True, -6 * HOUR)
    assert first.policy_name == "All"


def test_policy_versions_stay_as_many_as_were_published(desk):
    opened(desk)
    assert PolicyVersion.objects.count() == 1
