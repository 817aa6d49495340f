"""Behavior 16: select many, change them at once, with a preview, progress, an error for each row, and undo."""

from collections import Counter
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions import bulk_running
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.bulk import MOST_TICKETS, forget_prepared, gather, resume_bulk, start_bulk, stop_bulk, undo_bulk
from steward.desk.actions.bulk_preview import preview_bulk
from steward.desk.actions.bulk_running import run_some, take_up_lost_runs, work_off
from steward.desk.actions.changing import change_ticket, transfer_ticket
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.importing import ImportedRow, import_tickets
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import BulkRow, BulkRun, Status, Ticket
from steward.desk.queries.bulk import Progress, lines_of, progress_of
from steward.desk.queries.custom_fields import fields_of
from steward.desk.queries.verification import problems
from steward.ledger.models import Event
from steward.people.actions import deactivate_user
from steward.people.actor import ActorKind, system
from tests.cast import SETUP, Cast
from tests.desk.conftest import at_once
from tests.figures import show

URGENT = Call("priority", {"priority": "1"})


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(request):
    used = {"cast", "fresh_cast"} & set(request.fixturenames)
    for name in used:
        request.getfixturevalue(name)
    yield
    assert list(problems()) == []


def tickets(cast: Cast, count: int, **values) -> list[int]:
    return [cast.ticket(f"Number {number}", **values).pk for number in range(count)]


def prepare(cast: Cast, ids, by=None) -> BulkRun:
    return gather(ticket_ids=ids, by=by or cast.actor(cast.ada), at=cast.at)


def run(cast: Cast, ids, *calls: Call, by=None) -> BulkRun:
    made = prepare(cast, ids, by)
    start_bulk(bulk_id=made.pk, calls=calls, by=by or cast.actor(cast.ada), at=cast.later(minutes=1))
    return finish(cast, made)


def finish(cast: Cast, made: BulkRun) -> BulkRun:
    work_off(bulk_id=made.pk, now=lambda: cast.at)
    return BulkRun.objects.get(pk=made.pk)


def status(state: str) -> Call:
    return Call("status", {"status": str(Status.objects.get(state=state, is_default=True).pk), "reason": "vendor", "why": "spam"})


def why(made: BulkRun) -> dict[int, str]:
    return dict(BulkRow.objects.filter(run=made).exclude(reason="").values_list("ticket_id", "reason"))


def test_many_tickets_are_changed_and_every_fact_names_the_run(cast: Cast) -> None:
    ids = tickets(cast, 7)
    made = run(cast, ids, URGENT, Call("add_tag", {"tag": "outage"}), Call("assign", {"to": "me"}))
    assert made.state == BulkRun.State.ENDED
    assert progress_of(made.pk) == Progress(done=7)
    assert set(Ticket.objects.filter(pk__in=ids).values_list("priority", "assignee_id", "state")) == {(1, cast.ada.pk, "open")}
    told = Event.objects.filter(stream__in=[f"ticket:{pk}" for pk in ids], cause=f"bulk:{made.pk}")
    assert told.count() == 7 * 4
    assert set(told.values_list("actor_kind", "actor_id")) == {("agent", cast.ada.pk)}
    assert list(Event.objects.filter(stream=f"bulk:{made.pk}").order_by("seq").values_list("kind", flat=True)) == [
        "desk.bulk_started", "desk.bulk_ended",
    ]  # fmt: skip


def test_a_preview_says_how_many_change_how_many_not_and_why(cast: Cast) -> None:
    create_field(values={"name": "Root cause", "kind": "text", "required_at_solve": True}, by=SETUP, at=cast.at)
    ids = tickets(cast, 4)
    change_ticket(ticket_id=ids[0], changes={"priority": (3, 1)}, by=cast.actor(cast.ada), at=cast.at)
    made = prepare(cast, ids)
    transfer_ticket(ticket_id=ids[1], queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    seen = preview_bulk(made, [URGENT], by=cast.actor(cast.ada))
    assert (seen.changing, seen.nothing, seen.refused) == (2, 1, 1)
    assert [one.changes for one in seen.changed] == [("Priority: Normal → Urgent",)] * 2
    assert seen.refusals[0].subject == "", "of a ticket out of sight not even the subject is shown"
    solving = preview_bulk(made, [status("solved")], by=cast.actor(cast.ada))
    assert (solving.changing, solving.refused) == (0, 4)
    assert solving.reasons["Still to be filled before it is solved: Root cause."] == 3
    assert not Event.objects.filter(cause__startswith="bulk:").exists()


def test_what_cannot_be_done_is_told_ticket_by_ticket_and_the_others_are_done(cast: Cast) -> None:
    field = create_field(values={"name": "Root cause", "kind": "text", "required_at_solve": True}, by=SETUP, at=cast.at)
    good, lacking, away = tickets(cast, 3)
    run(cast, [good], Call("field", {"field": str(field.pk), "value": "A flag"}))
    made = prepare(cast, [good, lacking, away])
    transfer_ticket(ticket_id=away, queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    start_bulk(bulk_id=made.pk, calls=[URGENT, status("solved")], by=cast.actor(cast.ada), at=cast.later(minutes=1))
    finish(cast, made)
    assert progress_of(made.pk) == Progress(done=1, failed=2)
    assert "Root cause" in why(made)[lacking]
    assert f"#{away}" in why(made)[away]
    assert Ticket.objects.get(pk=lacking).priority == 3, "a ticket is changed whole or not at all"
    assert [line.subject is None for line in lines_of(made.pk, ["failed"], queue_ids=[cast.support.pk])] == [False, True]


def test_undo_takes_back_what_nobody_changed_since_and_says_what_it_left(cast: Cast) -> None:
    ids = tickets(cast, 4)
    category = Call("add_tag", {"tag": "wave"})
    made = run(cast, ids, URGENT, category)
    change_ticket(ticket_id=ids[0], changes={"priority": (1, 2)}, by=cast.actor(cast.ben), at=cast.later(minutes=1))
    back = undo_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert undo_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.at) == back, "a second click is the same undo"
    finish(cast, back)
    assert progress_of(back.pk) == Progress(done=3, left=1)
    assert dict(Ticket.objects.filter(pk__in=ids).values_list("id", "priority")) == dict(zip(ids, [2, 3, 3, 3], strict=True))
    assert "Urgent" in why(back)[ids[0]]
    assert not Ticket.objects.filter(pk__in=ids, tickettag__isnull=False).exists(), (
        "the label of the ticket that was changed went all the same"
    )
    assert Event.objects.filter(cause=f"bulk:{back.pk}", kind="desk.priority_changed").count() == 3


def test_undo_is_there_for_a_day(cast: Cast) -> None:
    made = run(cast, tickets(cast, 1), URGENT)
    with pytest.raises(Invalid):
        undo_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.at + timedelta(days=1, minutes=1))
    noted = run(cast, tickets(cast, 1), Call("note", {"body": "Seen."}))
    assert progress_of(noted.pk) == Progress(done=1)
    with pytest.raises(Invalid, match="taken back"):
        undo_bulk(bulk_id=noted.pk, by=cast.actor(cast.ada), at=cast.at)


def test_a_field_of_ones_own_is_set_and_taken_back(cast: Cast) -> None:
    color = create_field(values={"name": "Color", "kind": "many_of"}, options=["Blue", "Red"], by=SETUP, at=cast.at)
    (one,) = tickets(cast, 1)
    first = run(cast, [one], Call("field", {"field": str(color.pk), "value": "blue"}))
    second = run(cast, [one], Call("field", {"field": str(color.pk), "value": "Red; Blue"}))
    assert fields_of(Ticket.objects.get(pk=one))[0].words == "Blue, Red"
    finish(cast, undo_bulk(bulk_id=second.pk, by=cast.actor(cast.ada), at=cast.at))
    assert fields_of(Ticket.objects.get(pk=one))[0].words == "Blue"
    finish(cast, undo_bulk(bulk_id=first.pk, by=cast.actor(cast.ada), at=cast.at))
    assert fields_of(Ticket.objects.get(pk=one))[0].value is None


def test_what_is_so_already_is_no_change(cast: Cast) -> None:
    ids = tickets(cast, 2)
    run(cast, ids, URGENT)
    again = run(cast, ids, URGENT)
    assert progress_of(again.pk) == Progress(nothing=2)


def test_a_run_is_stopped_between_tickets_and_goes_on_where_it_was(cast: Cast) -> None:
    made = prepare(cast, tickets(cast, 6))
    start_bulk(bulk_id=made.pk, calls=[URGENT], by=cast.actor(cast.ada), at=cast.at)
    run_some(bulk_id=made.pk, at=cast.at, most=2, seconds=60)
    stop_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.later(seconds=1))
    finish(cast, made)
    assert progress_of(made.pk) == Progress(done=2, pending=4)
    resume_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.later(seconds=1))
    assert finish(cast, made).state == BulkRun.State.ENDED
    assert progress_of(made.pk) == Progress(done=6)
    assert Event.objects.filter(cause=f"bulk:{made.pk}", kind="desk.priority_changed").count() == 6


def test_two_workers_at_once_do_each_ticket_once(fresh_cast: Cast) -> None:
    made = prepare(fresh_cast, tickets(fresh_cast, 12))
    start_bulk(bulk_id=made.pk, calls=[Call("note", {"body": "Seen."})], by=fresh_cast.actor(fresh_cast.ada), at=fresh_cast.at)
    at_once(*[lambda: [run_some(bulk_id=made.pk, at=fresh_cast.at, most=2, seconds=60) for _ in range(8)]] * 2)
    work_off(bulk_id=made.pk, now=lambda: fresh_cast.at)
    assert progress_of(made.pk) == Progress(done=12)
    assert Event.objects.filter(cause=f"bulk:{made.pk}", kind="desk.note_added").count() == 12


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done_and_another_goes_on(fresh_cast: Cast, monkeypatch) -> None:
    made = prepare(fresh_cast, tickets(fresh_cast, 5))
    start_bulk(bulk_id=made.pk, calls=[Call("note", {"body": "Seen."})], by=fresh_cast.actor(fresh_cast.ada), at=fresh_cast.at)
    run_some(bulk_id=made.pk, at=fresh_cast.at, most=2, seconds=60)
    keep = bulk_running._keep

    def killed(outcomes):
        keep(outcomes)
        raise SystemExit

    monkeypatch.setattr(bulk_running, "_keep", killed)
    with pytest.raises(SystemExit):
        run_some(bulk_id=made.pk, at=fresh_cast.at)
    monkeypatch.undo()
    assert progress_of(made.pk) == Progress(done=2, pending=3)
    assert take_up_lost_runs(at=fresh_cast.at) == 0, "it may still be alive"
    assert take_up_lost_runs(at=fresh_cast.later(minutes=5)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'desk.run_bulk' AND status = 'todo'")
        assert cursor.fetchone()[0] == 1, "one job waits, however often it is asked for"
    work_off(bulk_id=made.pk, now=lambda: fresh_cast.at)
    assert progress_of(made.pk) == Progress(done=5)
    assert Event.objects.filter(cause=f"bulk:{made.pk}", kind="desk.note_added").count() == 5


def test_a_fault_on_one_ticket_is_told_there_and_stops_no_other(cast: Cast, monkeypatch) -> None:
    ids = tickets(cast, 3)
    made = prepare(cast, ids)
    start_bulk(bulk_id=made.pk, calls=[URGENT], by=cast.actor(cast.ada), at=cast.at)
    perform = bulk_running._perform

    def broken(row, *args, **kwargs):
        if row.ticket_id == ids[1]:
            raise ZeroDivisionError
        return perform(row, *args, **kwargs)

    monkeypatch.setattr(bulk_running, "_perform", broken)
    finish(cast, made)
    assert progress_of(made.pk) == Progress(done=2, failed=1)
    assert "our side" in why(made)[ids[1]]


def test_someone_who_was_deactivated_meanwhile_changes_nothing_more(cast: Cast) -> None:
    made = prepare(cast, tickets(cast, 3))
    start_bulk(bulk_id=made.pk, calls=[URGENT], by=cast.actor(cast.ada), at=cast.at)
    run_some(bulk_id=made.pk, at=cast.at, most=1, seconds=60)
    deactivate_user(user_id=cast.ada.pk, by=SETUP, at=cast.at)
    finish(cast, made)
    assert progress_of(made.pk) == Progress(done=1, failed=2)


def test_only_those_one_sees_are_gathered_and_outsiders_gather_none(cast: Cast) -> None:
    seen, hidden = tickets(cast, 1)[0], tickets(cast, 1)[0]
    transfer_ticket(ticket_id=hidden, queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    assert [row.ticket_id for row in prepare(cast, [seen, hidden, 987_654]).rows.all()] == [seen]
    for ids in ([], [hidden]):
        with pytest.raises(Invalid):
            prepare(cast, ids)
    with pytest.raises(Invalid):
        prepare(cast, range(1, MOST_TICKETS + 2))
    for who in (cast.ravi, cast.ana):
        with pytest.raises(NotAllowed):
            prepare(cast, [seen], cast.actor(who))


def test_a_run_is_steered_by_whoever_started_it_and_by_leads(cast: Cast) -> None:
    made = prepare(cast, tickets(cast, 2))
    for who in (cast.ben, cast.lin):
        with pytest.raises(NotFound):
            start_bulk(bulk_id=made.pk, calls=[URGENT], by=cast.actor(who), at=cast.at)
    start_bulk(bulk_id=made.pk, calls=[URGENT], by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotFound):
        stop_bulk(bulk_id=made.pk, by=cast.actor(cast.ben), at=cast.at)
    assert stop_bulk(bulk_id=made.pk, by=cast.actor(cast.lin), at=cast.at).state == BulkRun.State.STOPPED


def test_a_double_click_prepares_and_starts_once(fresh_cast: Cast) -> None:
    ids, ada = tickets(fresh_cast, 2), fresh_cast.actor(fresh_cast.ada)
    made = at_once(*[lambda: gather(ticket_ids=ids, client_token="t", by=ada, at=fresh_cast.at)] * 2)
    assert made[0].pk == made[1].pk
    at_once(*[lambda: start_bulk(bulk_id=made[0].pk, calls=[URGENT], by=ada, at=fresh_cast.at)] * 2)
    assert Event.objects.filter(kind="desk.bulk_started").count() == 1


def test_a_run_without_a_change_or_with_something_gone_does_not_start(cast: Cast) -> None:
    made = prepare(cast, tickets(cast, 1))
    for calls in ([], [Call("priority", {"priority": "9"})], [Call("no such verb", {})]):
        with pytest.raises(Invalid):
            start_bulk(bulk_id=made.pk, calls=calls, by=cast.actor(cast.ada), at=cast.at)
    assert forget_prepared(at=cast.at + timedelta(days=2)) == 1
    assert not BulkRun.objects.exists()


def test_taking_something_off_is_done_by_hand_meanwhile(cast: Cast) -> None:
    (one,) = tickets(cast, 1)
    made = run(cast, [one], Call("assign", {"to": str(cast.ada.pk)}))
    assign_ticket(ticket_id=one, to=cast.ben, by=cast.actor(cast.lin), at=cast.at)
    back = finish(cast, undo_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.at))
    assert progress_of(back.pk) == Progress(left=1)
    assert Ticket.objects.get(pk=one).assignee_id == cast.ben.pk


def test_a_hundred_tickets_cost_seven_statements_each_and_a_dozen_a_batch(cast: Cast) -> None:
    made = prepare(cast, tickets(cast, 100))
    start_bulk(bulk_id=made.pk, calls=[URGENT], by=cast.actor(cast.ada), at=cast.at)
    with CaptureQueriesContext(connection) as queries:
        assert run_some(bulk_id=made.pk, at=cast.at, most=100, seconds=60) is None
    assert len(queries) <= 100 * 7 + 16


@pytest.mark.long
def test_five_thousand_tickets_go_through_stopped_once_each_told_and_come_back(fresh_cast: Cast) -> None:
    cast, ada, began = fresh_cast, fresh_cast.actor(fresh_cast.ada), monotonic()
    rows = (ImportedRow(number, external_id=f"x{number}", body=f"My queue {number} is empty") for number in range(MOST_TICKETS))
    import_tickets(rows=rows, source="many", by=system("import", kind=ActorKind.IMPORT), at=cast.at)
    ids = list(Ticket.objects.order_by("id").values_list("id", flat=True))
    made, away = prepare(cast, ids), ids[:25]
    for ticket_id in away:
        transfer_ticket(ticket_id=ticket_id, queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    prepared_after = monotonic() - began
    start_bulk(bulk_id=made.pk, calls=[URGENT, Call("add_tag", {"tag": "wave"})], by=ada, at=cast.later(minutes=1))

    seen, began = [progress_of(made.pk)], monotonic()
    while run_some(bulk_id=made.pk, at=cast.at) is not None:
        seen.append(progress_of(made.pk))
        assert (seen[-1].total, seen[-1].pending <= seen[-2].pending) == (MOST_TICKETS, True)
        if len(seen) == 10:
            stop_bulk(bulk_id=made.pk, by=ada, at=cast.at)
            assert run_some(bulk_id=made.pk, at=cast.at) is None
            assert progress_of(made.pk) == seen[-1], "what was stopped stands still"
            resume_bulk(bulk_id=made.pk, by=ada, at=cast.at)
    changed_after = monotonic() - began
    assert len(seen) > 50, "its progress can be watched"
    assert progress_of(made.pk) == Progress(done=MOST_TICKETS - 25, failed=25)
    told = why(made)
    assert sorted(told) == away
    assert all(f"#{ticket_id}" in reason for ticket_id, reason in told.items())
    assert Ticket.objects.filter(priority=1, tickettag__tag__name="wave").count() == MOST_TICKETS - 25

    touched = ids[-10:]
    for ticket_id in touched:
        change_ticket(ticket_id=ticket_id, changes={"priority": (1, 2)}, by=cast.actor(cast.ben), at=cast.later(minutes=1))
    began = monotonic()
    back = undo_bulk(bulk_id=made.pk, by=ada, at=cast.at)
    work_off(bulk_id=back.pk, now=lambda: cast.at, seconds=600)
    undone_after = monotonic() - began
    assert progress_of(back.pk) == Progress(done=MOST_TICKETS - 35, left=10)
    assert Counter(Ticket.objects.values_list("priority", flat=True)) == {3: MOST_TICKETS - 10, 2: 10}
    show("bulk-5000", [f"prepared in {prepared_after:.0f} s, changed in {changed_after:.0f} s, taken back in {undone_after:.0f} s"])
    assert list(problems()) == []
