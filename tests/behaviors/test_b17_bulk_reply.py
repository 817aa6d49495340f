"""Behavior 17: one reply to many, read beforehand as it will be read, held for a moment, sent in measure."""

from datetime import datetime, timedelta

import pytest

from steward.core.errors import Invalid
from steward.desk.actions.bulk import HOLD, gather, resume_bulk, start_bulk, stop_bulk, undo_bulk
from steward.desk.actions.bulk_preview import preview_bulk, rendered
from steward.desk.actions.bulk_running import MESSAGES_AT_ONCE, MESSAGES_EVERY, run_some, work_off
from steward.desk.actions.intake import receive_message
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import BulkRow, BulkRun, Message, Ticket
from steward.desk.queries.bulk import Progress, progress_of
from steward.desk.queries.verification import problems
from tests.cast import Cast, requester
from tests.desk.conftest import at_once

TEXT = "Hi {{requester.first_name}}, {{ticket.number}} is fixed. {{agent.first_name}}"
REPLY = Call("reply", {"body": TEXT})


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(request):
    used = {"cast", "fresh_cast"} & set(request.fixturenames)
    for name in used:
        request.getfixturevalue(name)
    yield
    assert list(problems()) == []


def prepare(cast: Cast, count: int = 3) -> tuple[BulkRun, list[int]]:
    ids = [cast.ticket(f"Number {number}").pk for number in range(count)]
    return gather(ticket_ids=ids, by=cast.actor(cast.ada), at=cast.at), ids


def start(cast: Cast, made: BulkRun, call: Call = REPLY) -> BulkRun:
    return start_bulk(bulk_id=made.pk, calls=[call], by=cast.actor(cast.ada), at=cast.at)


def through(made: BulkRun, at: datetime) -> None:
    # On a slow machine a step is over before all are said; the next ones come when they may.
    for count in range(12):
        work_off(bulk_id=made.pk, now=lambda count=count: at + MESSAGES_EVERY * count)


def said(ids) -> list[str]:
    return list(
        Message.objects.filter(ticket__in=ids, author_kind="agent").order_by("ticket_id", "id").values_list("body", flat=True)
    )


def test_the_first_messages_are_read_as_they_will_be_and_nothing_is_sent(cast: Cast) -> None:
    made, ids = prepare(cast, 7)
    first = rendered(made, TEXT, by=cast.actor(cast.ada))
    assert [one.ticket_id for one in first] == ids[:5]
    assert first[0].text == f"Hi Ravi, #{ids[0]} is fixed. Ada"
    assert preview_bulk(made, [REPLY], by=cast.actor(cast.ada)).changing == 7
    assert said(ids) == []


def test_it_is_held_for_a_moment_and_taken_back_with_its_text(cast: Cast) -> None:
    made, ids = prepare(cast)
    start(cast, made)
    work_off(bulk_id=made.pk, now=lambda: cast.at + HOLD - timedelta(seconds=1))
    assert said(ids) == []
    stop_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.later(seconds=5))
    made.refresh_from_db()
    assert (made.state, made.calls[0]["args"]["body"]) == (BulkRun.State.PREPARED, TEXT)
    work_off(bulk_id=made.pk, now=lambda: cast.later(hours=1))
    assert said(ids) == []
    start(cast, made, Call("reply", {"body": "Better so."}))
    through(made, cast.at + HOLD)
    assert said(ids) == ["Better so."] * 3


def test_each_requester_reads_their_own_and_the_ticket_goes_on_as_after_any_reply(cast: Cast) -> None:
    made, ids = prepare(cast)
    start(cast, made)
    through(made, cast.at + HOLD)
    assert said(ids) == [f"Hi Ravi, #{number} is fixed. Ada" for number in ids]
    assert set(Ticket.objects.filter(pk__in=ids).values_list("state", "assignee_id")) == {("open", cast.ada.pk)}
    assert progress_of(made.pk) == Progress(done=3)


def test_messages_go_out_in_measure(cast: Cast) -> None:
    made, ids = prepare(cast, MESSAGES_AT_ONCE * 2 + 3)
    start(cast, made)
    begins = cast.at + HOLD
    for step, sent in ((0, 10), (0, 10), (1, 20), (2, 23)):
        run_some(bulk_id=made.pk, at=begins + MESSAGES_EVERY * step, seconds=60)
        assert len(said(ids)) == sent
    assert BulkRun.objects.get(pk=made.pk).state == BulkRun.State.ENDED


def test_stopped_in_the_middle_nobody_hears_it_twice(cast: Cast) -> None:
    made, ids = prepare(cast, 15)
    start(cast, made)
    run_some(bulk_id=made.pk, at=cast.later(seconds=HOLD.total_seconds()), seconds=60)
    stop_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.at)
    assert BulkRun.objects.get(pk=made.pk).state == BulkRun.State.STOPPED
    resume_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.at)
    run_some(bulk_id=made.pk, at=cast.at, seconds=60)
    assert len(said(ids)) == 10, "it is held for a moment again"
    run_some(bulk_id=made.pk, at=cast.later(seconds=HOLD.total_seconds()), seconds=60)
    assert len(said(ids)) == len(set(said(ids))) == 15
    with pytest.raises(Invalid, match="taken back"):
        undo_bulk(bulk_id=made.pk, by=cast.actor(cast.ada), at=cast.at)


def test_a_ticket_whose_variable_is_empty_is_left_out_and_named(cast: Cast) -> None:
    made, ids = prepare(cast, 2)
    nameless = cast.ticket("No team is known", requester=requester("Nia", team="")).pk
    made = gather(ticket_ids=[*ids, nameless], by=cast.actor(cast.ada), at=cast.at)
    call = Call("reply", {"body": "For {{requester.role}}: done."})
    seen = preview_bulk(made, [call], by=cast.actor(cast.ada))
    assert (seen.changing, seen.refused, seen.refusals[0].ticket_id) == (2, 1, nameless)
    start(cast, made, call)
    through(made, cast.at + HOLD)
    assert said([nameless]) == []
    row = BulkRow.objects.get(run=made, ticket_id=nameless)
    assert (row.state, "{{requester.role}}" in row.reason) == (BulkRow.State.FAILED, True)
    assert said(ids) == ["For moderator: done."] * 2


def test_what_a_requester_wrote_meanwhile_is_not_passed_over(cast: Cast) -> None:
    made, ids = prepare(cast)
    start(cast, made)
    receive_message(
        ticket_id=ids[1], body="It works again, but now the colors are wrong.", by=cast.actor(cast.ravi), at=cast.later(seconds=3)
    )
    through(made, cast.at + HOLD)
    assert said([ids[1]]) == []
    row = BulkRow.objects.get(run=made, ticket_id=ids[1])
    assert "wrote while" in row.reason
    assert progress_of(made.pk) == Progress(done=2, failed=1)


def test_an_unknown_variable_starts_nothing(cast: Cast) -> None:
    made, _ids = prepare(cast)
    with pytest.raises(Invalid):
        start(cast, made, Call("reply", {"body": "Hi {{requester.shoe_size}}"}))


def test_two_workers_send_each_message_once(fresh_cast: Cast) -> None:
    made, ids = prepare(fresh_cast, 8)
    start(fresh_cast, made)
    at = fresh_cast.at + HOLD
    at_once(*[lambda: run_some(bulk_id=made.pk, at=at)] * 3)
    through(made, at)
    assert len(said(ids)) == len(set(said(ids))) == 8
