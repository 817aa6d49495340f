"""The arithmetic of a day's report."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.insight.rules.days import day_bounds, day_of
from steward.insight.rules.folding import Happening, TicketDay, fold_day
from steward.insight.rules.report import AGES, MOST_NOTABLE, Why, notable_tickets, quantile, summarize

START = datetime(2026, 3, 2, tzinfo=UTC)
END = START + timedelta(days=1)
ZONES = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Apia"]


def opened(ticket_id: int, at: datetime, **values: object) -> Happening:
    payload = {"queue_id": 1, "category_id": None, "priority": 3, "state": "new", **values}
    return Happening(ticket_id, "desk.ticket_opened", payload, "requester", at)


def happens(ticket_id: int, kind: str, at: datetime, actor_kind: str = "agent", **payload: object) -> Happening:
    return Happening(ticket_id, kind, payload, actor_kind, at)


def test_a_day_in_spring_has_23_hours_and_one_in_autumn_25():
    spring, autumn = day_bounds(date(2026, 3, 29), "Europe/Berlin"), day_bounds(date(2026, 10, 25), "Europe/Berlin")
    assert spring[1] - spring[0] == timedelta(hours=23)
    assert autumn[1] - autumn[0] == timedelta(hours=25)


@given(st.dates(date(1990, 1, 1), date(2040, 12, 30)), st.sampled_from(ZONES))
def test_days_touch_without_gap_or_overlap(day, zone):
    start, end = day_bounds(day, zone)
    assert start <= end
    assert end == day_bounds(day + timedelta(days=1), zone)[0]


def test_the_local_date_of_an_instant_is_the_day_that_holds_it():
    at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert day_of(at, "UTC") == date(2026, 3, 2)
    assert day_of(at, "Asia/Shanghai") == date(2026, 3, 3)


def test_an_event_at_midnight_belongs_to_the_day_that_begins():
    days = fold_day([opened(1, START), opened(2, END)], start=START, end=END)
    assert set(days) == {1}
    assert days[1].received


def test_yesterdays_ticket_is_not_received_today_but_still_waits():
    ticket = fold_day([opened(1, START - timedelta(hours=5))], start=START, end=END)[1]
    assert not ticket.received
    assert ticket.is_waiting


def test_only_what_people_say_to_the_requester_is_an_answer():
    at = START + timedelta(hours=1)
    days = fold_day(
        [
            opened(1, START),
            happens(1, "desk.reply_sent", at, actor_kind="system", automatic=True),
            happens(1, "desk.reply_sent", at, actor_kind="bot", automatic=False),
            happens(1, "desk.note_added", at, message_id=9),
            opened(2, START),
            happens(2, "desk.reply_sent", at, automatic=False),
            happens(2, "desk.reply_sent", at, automatic=False),
        ],
        start=START,
        end=END,
    )
    report = summarize(days.values(), end=END)
    assert report.figures["answered"].ticket_ids == (2,)
    assert report.replies == 2


def test_confirmed_and_closed_unconfirmed_are_counted_apart():
    at = START + timedelta(hours=1)
    days = fold_day(
        [
            opened(1, START),
            happens(1, "desk.fix_confirmed", at),
            happens(1, "desk.ticket_closed", at, outcome="confirmed"),
            opened(2, START),
            happens(2, "desk.ticket_closed", at, outcome="unconfirmed"),
            opened(3, START),
            happens(3, "desk.ticket_closed", at, outcome="other"),
        ],
        start=START,
        end=END,
    )
    figures = summarize(days.values(), end=END).figures
    assert figures["confirmed"].ticket_ids == (1,)
    assert figures["closed_unconfirmed"].ticket_ids == (2,)
    assert figures["closed_other"].ticket_ids == (3,)


def test_a_ticket_handed_on_carries_the_note_that_says_why():
    at = START + timedelta(hours=1)
    days = fold_day(
        [
            opened(1, START),
            happens(1, "desk.note_added", at, message_id=41),
            happens(1, "desk.ticket_transferred", at, old_queue_id=1, new_queue_id=5, reason="given", handed_on="engineering"),
            opened(2, START),
            happens(2, "desk.ticket_transferred", at, old_queue_id=1, new_queue_id=2, reason="", handed_on=""),
        ],
        start=START,
        end=END,
    )
    (handed,) = summarize(days.values(), end=END).handed_on
    assert (handed.ticket_id, handed.purpose, handed.queue_id, handed.note_id) == (1, "engineering", 5, 41)


def test_queue_category_priority_and_state_are_those_of_the_days_end():
    at, later = START + timedelta(hours=1), END + timedelta(hours=1)
    ticket = fold_day(
        [
            opened(1, START, category_id=3),
            happens(1, "desk.category_changed", at, old=3, new=4),
            happens(1, "desk.priority_changed", at, old=3, new=1),
            happens(1, "desk.status_changed", at, old="new", new="on_hold", reason="vendor"),
            happens(1, "desk.ticket_transferred", later, old_queue_id=1, new_queue_id=2),
            happens(1, "desk.status_changed", later, old="on_hold", new="closed", reason=""),
        ],
        start=START,
        end=END,
    )[1]
    assert (ticket.queue_id, ticket.category_id, ticket.priority, ticket.state, ticket.reason) == (1, 4, 1, "on_hold", "vendor")


def test_the_backlog_is_aged_from_the_opening_into_buckets_that_sum_up():
    ages = [timedelta(hours=1), *AGES, timedelta(days=40)]
    days = [TicketDay(n, opened_at=END - age, state="open", queue_id=1) for n, age in enumerate(ages, 1)]
    report = summarize(days, end=END)
    assert [figure.ticket_ids for _upto, figure in report.age.buckets] == [(1,), (2,), (3,), (4,), (5, 6)]
    assert sum(figure.count for _upto, figure in report.age.buckets) == report.figures["backlog"].count
    assert report.age.oldest == timedelta(days=40).total_seconds()


def test_an_empty_day_has_no_age():
    report = summarize([], end=END)
    assert report.age.p50 is None
    assert report.figures["backlog"].count == 0
    assert report.notable == ()


@pytest.mark.parametrize(
    ("values", "share", "wanted"), [([], 0.5, None), ([4.0], 0.9, 4.0), ([1.0, 2.0, 3.0], 0.5, 2.0), ([0.0, 10.0], 0.9, 9.0)]
)
def test_a_quantile_lies_between_its_neighbors(values, share, wanted):
    assert quantile(values, share) == wanted


def test_notable_tickets_say_every_reason_the_gravest_first():
    denied = TicketDay(1, opened_at=START, state="open", denied=True, reopened=1, reopened_ever=2)
    late = TicketDay(2, opened_at=START, state="closed", breached={"resolution"})
    urgent = TicketDay(3, opened_at=START, state="closed", priority=1, received=True)
    quiet = TicketDay(4, opened_at=START, state="closed")
    once = TicketDay(5, opened_at=START, state="closed", reopened=1, reopened_ever=1)
    found = notable_tickets([denied, late, urgent, quiet, once], end=END)
    assert [one.ticket_id for one in found] == [2, 1, 3]
    assert found[1].reasons == (Why("denied"), Why("reopened_often", 2), Why("longest_waiting", 86400))


def test_no_more_notable_tickets_are_listed_than_anybody_reads_but_all_are_counted():
    days = [TicketDay(n, opened_at=START, state="closed", breached={"resolution"}) for n in range(1, 41)]
    report = summarize(days, end=END)
    assert len(report.notable) == MOST_NOTABLE
    assert report.notable_total == 40


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([None, 1, 2]), st.sampled_from(["new", "open", "pending", "solved"])),
        max_size=30,
    )
)
def test_the_parts_sum_up_to_the_whole(tickets):
    days = [TicketDay(n, opened_at=START, queue_id=q, category_id=c, state=s, received=True) for n, (q, c, s) in enumerate(tickets)]
    report = summarize(days, end=END)
    for name in ("received", "backlog"):
        for parts in (report.queues, report.categories):
            assert sum(part.figures[name].count for part in parts) == report.figures[name].count
    assert sum(one.figure.count for one in report.waiting) == report.figures["backlog"].count
