"""The daily report over real events."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steward.core.errors import DomainError, Invalid, NotFound
from steward.desk.actions.answering import answer_question
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import change_ticket, transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status, reopen_ticket, solve_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.settings import create_category, create_queue
from steward.desk.actions.timing import sweep_timers
from steward.desk.models import Queue, Ticket
from steward.desk.queries.access import visible_queue_ids
from steward.desk.rules.states import State
from steward.insight.queries.daily import daily_report, rows_behind
from steward.insight.queries.written import as_data
from steward.ledger.actions.recording import record
from steward.people.actor import system
from steward.sla.facts import ClockBreached
from tests.cast import SETUP

DAY = date(2026, 3, 2)
END = datetime(2026, 3, 3, tzinfo=UTC)
LATER = END + timedelta(days=4)


def report(cast, *, who=None, day=DAY, zone="UTC", at=LATER):
    return daily_report(day=day, zone=zone, queue_ids=visible_queue_ids(cast.actor(who or cast.lin)), at=at)


def ids(found, name):
    return found.figures.figures[name].ticket_ids


def solve(cast, ticket, *, at):
    reply(ticket_id=ticket.pk, body="Please try again now.", then=State.SOLVED, by=cast.actor(cast.ada), at=at)
    return ticket.question_set.get(kind="confirmation", answered_at=None, withdrawn_at=None)


def test_the_day_of_one_ticket_is_told_whole(cast):
    ticket = cast.ticket()
    question = solve(cast, ticket, at=cast.later(minutes=5))
    answer_question(question_id=question.pk, answer="no", by=cast.actor(cast.ravi), at=cast.later(minutes=5))
    question = solve(cast, ticket, at=cast.later(minutes=5))
    answer_question(question_id=question.pk, answer="yes", by=cast.actor(cast.ravi), at=cast.later(minutes=5))
    found = report(cast)
    for name in ("received", "answered", "solved", "confirmed", "denied", "reopened"):
        assert ids(found, name) == (ticket.pk,), name
    assert ids(found, "backlog") == ids(found, "closed_unconfirmed") == ()
    assert found.figures.replies == 2
    assert [why.code for why in found.figures.notable[0].reasons] == ["denied"]
    assert found.is_complete


def test_a_breach_is_counted_by_its_clock(cast):
    ticket = cast.ticket()
    fact = ClockBreached(ticket_id=ticket.pk, clock_id=1, clock_kind="first_response", due_at=cast.at)
    with transaction.atomic():
        record(fact, by=system("sla"), at=cast.later(hours=1))
    found = report(cast)
    assert found.figures.breached["first_response"].ticket_ids == ids(found, "breached") == (ticket.pk,)


def test_a_ticket_closed_for_want_of_an_answer_is_counted_apart(cast):
    ticket = cast.ticket()
    solve(cast, ticket, at=cast.later(minutes=5))
    sweep_timers(at=cast.at + timedelta(hours=80))
    found = report(cast, day=DAY + timedelta(days=3), at=LATER + timedelta(days=3))
    assert ids(found, "closed_unconfirmed") == (ticket.pk,)
    assert ids(found, "confirmed") == ()


def test_what_was_handed_on_says_to_whom_and_why(cast):
    ticket = cast.ticket()
    transfer_ticket(
        ticket_id=ticket.pk,
        queue_id=cast.engineering.pk,
        reason="Job store and database disagree",
        by=cast.actor(cast.ada),
        at=cast.later(minutes=5),
    )
    told = as_data(report(cast))["handed_on"]
    assert [(one["ticket_id"], one["to"], one["queue"]) for one in told] == [(ticket.pk, "engineering", "Console engineering")]
    assert "Job store and database disagree" in told[0]["reason"]


def test_a_day_is_that_of_the_zone(cast):
    cast.at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    ticket = cast.ticket()
    assert ids(report(cast), "received") == (ticket.pk,)
    assert ids(report(cast, zone="Asia/Shanghai"), "received") == ()
    assert ids(report(cast, zone="Asia/Shanghai", day=DAY + timedelta(days=1)), "received") == (ticket.pk,)


def test_a_day_that_runs_is_reckoned_up_to_now_and_says_so(cast):
    cast.ticket()
    found = report(cast, at=cast.at + timedelta(hours=2))
    assert not found.is_complete
    assert found.figures.age.oldest == 2 * 3600


@pytest.mark.parametrize(
    ("day", "zone"), [(DAY + timedelta(days=9), "UTC"), (DAY, "Mars/Olympus"), (date(1, 1, 1), "UTC"), (date(9999, 12, 31), "UTC")]
)
def test_a_day_to_come_and_a_zone_nobody_knows_are_refused(cast, day, zone):
    with pytest.raises(Invalid):
        report(cast, day=day, zone=zone)


def test_an_imported_ticket_counts_on_the_day_it_was_opened(cast):
    from steward.desk.actions.intake import Origin

    cast.ticket(origin=Origin(channel="import", source="old-desk", external_id="7"))
    assert report(cast).figures.figures["received"].count == 1


def test_a_restricted_queue_counts_only_for_those_who_see_it(cast):
    hidden = cast.ticket(queue=cast.restricted)
    assert ids(report(cast, who=cast.lin), "received") == (hidden.pk,)
    assert ids(report(cast, who=cast.ana), "received") == ()
    assert report(cast, who=cast.ana).figures.queues == ()


def test_a_ticket_moved_into_a_restricted_queue_leaves_the_reports_of_those_who_may_not_see_it(cast):
    moved = cast.ticket()
    transfer_ticket(ticket_id=moved.pk, queue_id=cast.restricted.pk, reason="", by=cast.actor(cast.ada), at=LATER)
    assert ids(report(cast, who=cast.ana), "received") == ()
    assert ids(report(cast, who=cast.lin), "received") == (moved.pk,)


def test_a_ticket_that_was_restricted_that_day_stays_hidden_after_it_moved_out(cast):
    hidden = cast.ticket(queue=cast.restricted)
    transfer_ticket(ticket_id=hidden.pk, queue_id=cast.support.pk, reason="", by=cast.actor(cast.lin), at=LATER)
    assert ids(report(cast, who=cast.ana), "received") == ()


def test_the_rows_behind_a_number_are_as_many_as_the_number(cast):
    tickets = [cast.ticket() for _ in range(3)]
    transfer_ticket(
        ticket_id=tickets[0].pk, queue_id=cast.engineering.pk, reason="Stuck", by=cast.actor(cast.ada), at=cast.later(minutes=1)
    )
    queues = visible_queue_ids(cast.actor(cast.lin))
    found = report(cast)
    assert [row.id for row, _day in rows_behind(found, figure="received", queue_ids=queues)] == [t.pk for t in tickets]
    part = f"queue:{cast.support.pk}"
    assert [row.id for row, _day in rows_behind(found, figure="backlog", part=part, queue_ids=queues)] == [
        t.pk for t in tickets[1:]
    ]
    for figure, part in (("nonsense", ""), ("received", "moon:1"), ("backlog", "age:99"), ("backlog", "queue:x")):
        with pytest.raises(NotFound):
            rows_behind(found, figure=figure, part=part, queue_ids=queues)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_report_takes_the_same_few_queries_however_much_happened(cast, count, assert_queries):
    for _ in range(count):
        ticket = cast.ticket()
        transfer_ticket(
            ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason="Stuck", by=cast.actor(cast.ada), at=cast.later(minutes=1)
        )
    queues = visible_queue_ids(cast.actor(cast.lin))
    with assert_queries(6):
        daily_report(day=DAY, zone="UTC", queue_ids=queues, at=LATER)


class Story:
    """Random things that happen to a few tickets, each allowed or refused as the desk decides."""

    def __init__(self, cast, at):
        self.cast, self.at = cast, at
        self.tickets = []

    def do(self, name, choice, minutes):
        self.at += timedelta(minutes=minutes)
        self.cast.at = self.at
        if name == "open" or not self.tickets:
            queue = [self.cast.support, self.cast.restricted][choice % 2]
            self.tickets.append(self.cast.ticket(f"Trouble {uuid4()}", queue=queue))
            return
        ticket = self.tickets[choice % len(self.tickets)]
        try:
            with transaction.atomic():
                getattr(self, f"_{name}")(Ticket.objects.get(pk=ticket.pk), choice)
        except DomainError:
            pass

    def _by(self, who):
        return {"by": self.cast.actor(who), "at": self.at}

    def _reply(self, ticket, choice):
        reply(
            ticket_id=ticket.pk, body="Try again.", then=[None, State.SOLVED, State.PENDING][choice % 3], **self._by(self.cast.lin)
        )

    def _note(self, ticket, choice):
        add_note(ticket_id=ticket.pk, body="Looked into it.", **self._by(self.cast.lin))

    def _say(self, ticket, choice):
        receive_message(ticket_id=ticket.pk, body=["Still broken", "thanks"][choice % 2], **self._by(self.cast.ravi))

    def _answer(self, ticket, choice):
        question = ticket.question_set.filter(kind="confirmation").order_by("id").last()
        answer_question(question_id=question.pk if question else 0, answer=["yes", "no"][choice % 2], **self._by(self.cast.ravi))

    def _move(self, ticket, choice):
        queue = list(Queue.objects.order_by("id"))[choice % 4]
        transfer_ticket(ticket_id=ticket.pk, queue_id=queue.pk, reason="For you", **self._by(self.cast.lin))

    def _field(self, ticket, choice):
        change_ticket(ticket_id=ticket.pk, changes={"priority": (ticket.priority, choice % 4 + 1)}, **self._by(self.cast.lin))

    def _category(self, ticket, choice):
        category = self.cast.categories[choice % len(self.cast.categories)]
        change_ticket(ticket_id=ticket.pk, changes={"category": (ticket.category_id, category.pk)}, **self._by(self.cast.lin))

    def _status(self, ticket, choice):
        state = [State.OPEN, State.ON_HOLD, State.CLOSED, State.PENDING][choice % 4]
        change_status(ticket_id=ticket.pk, state=state, reason="vendor", **self._by(self.cast.lin))

    def _solve(self, ticket, choice):
        solve_ticket(ticket_id=ticket.pk, **self._by(self.cast.lin))

    def _reopen(self, ticket, choice):
        reopen_ticket(ticket_id=ticket.pk, **self._by(self.cast.lin))

    def _assign(self, ticket, choice):
        assign_ticket(ticket_id=ticket.pk, to=[self.cast.lin, None][choice % 2], **self._by(self.cast.lin))

    def _sweep(self, ticket, choice):
        sweep_timers(at=self.at)

    def _breach(self, ticket, choice):
        fact = ClockBreached(ticket_id=ticket.pk, clock_id=choice + 1, clock_kind="resolution", due_at=self.at)
        record(fact, by=system("sla"), at=self.at)


MOVES = [
    "open",
    "reply",
    "note",
    "say",
    "answer",
    "move",
    "field",
    "category",
    "status",
    "solve",
    "reopen",
    "assign",
    "sweep",
    "breach",
]
steps = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 11), st.integers(1, 90)), min_size=1, max_size=14)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(that_day=steps, afterwards=steps)
def test_a_past_days_report_never_changes_whatever_happens_later(cast, that_day, afterwards):
    sid = transaction.savepoint()
    try:
        cast.categories = [create_category(values={"name": name}, by=SETUP, at=cast.at) for name in ("Access", "Queues")]
        story = Story(cast, datetime(2026, 3, 2, 0, 0, tzinfo=UTC))
        for step in that_day:
            story.do(*step)
        everything = list(Queue.objects.values_list("id", flat=True))
        before = as_data(daily_report(day=DAY, zone="UTC", queue_ids=everything, at=LATER))
        story.at = END
        create_queue(values={"name": "Newcomers"}, by=SETUP, at=END)
        for step in afterwards:
            story.do(*step)
        after = as_data(daily_report(day=DAY, zone="UTC", queue_ids=Queue.objects.values_list("id", flat=True), at=LATER))
        assert after == before
        backlog = before["figures"]["backlog"]["ticket_ids"]
        assert backlog == sorted(backlog)
    finally:
        transaction.savepoint_rollback(sid)


def test_the_backlog_at_the_end_of_today_is_what_the_rows_say(cast):
    story = Story(cast, cast.at)
    cast.categories = [create_category(values={"name": "Access"}, by=SETUP, at=cast.at)]
    for number, name in enumerate(MOVES * 4):
        story.do(name, number * 7 % 11, 5)
    found = report(cast, at=story.at + timedelta(seconds=1))
    working = Ticket.objects.exclude(state__in=["solved", "closed"]).order_by("id")
    assert list(ids(found, "backlog")) == list(working.values_list("id", flat=True))
    states = {ticket_id: found.figures.standing[ticket_id].state for ticket_id in ids(found, "backlog")}
    assert states == dict(working.values_list("id", "state"))
