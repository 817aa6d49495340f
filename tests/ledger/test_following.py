"""Subscribers hear every event once, in order; a failure parks its stream and nothing else."""

import threading

import pytest
from django.db import connection, transaction

from steward.core.errors import NotFound
from steward.core.remembering import forget, remembered, remembering
from steward.ledger.actions import following
from steward.ledger.actions.following import Horizon, enroll, follow, pass_over, retry_parked, settle
from steward.ledger.actions.recording import record
from steward.ledger.models import ParkedStream, Subscription
from steward.ledger.queries import lags, parked_streams
from steward.ledger.subscriptions import skip_covered, subscribe
from tests.ledger.conftest import AT, BY, Ticked, Tocked, listen, tick


def test_every_event_is_heard_once_by_each_subscriber_in_order(heard):
    listen("one")
    listen("two")
    for number in range(30):
        tick(1, number % 3 + 1)
    assert settle() == 120
    for name in ("one", "two"):
        found = heard(name)
        assert len(found) == len(set(found)) == 60
        for stream in ("tick:1", "tick:2", "tick:3"):
            assert [seq for _n, s, seq in found if s == stream] == sorted(seq for _n, s, seq in found if s == stream)
    assert settle() == 0
    assert len(heard()) == 120


def test_a_new_subscriber_hears_the_whole_past(heard):
    listen("old")
    tick(1, 2)
    settle()
    listen("new")
    assert settle() == 2
    assert heard("new") == [("new", "tick:1", 1), ("new", "tick:2", 1)]


def test_kinds_nobody_asked_for_are_passed_over(heard):
    listen("one", Tocked)
    tick(1, 2, 3)
    assert settle() == 0
    assert Subscription.objects.get().position == 3


def test_a_handler_that_fails_parks_its_stream_and_the_others_flow(heard):
    listen("deaf", fails=lambda fact: fact.tick_id == 1)
    listen("well")
    tick(1, 2)
    tick(1, 2)
    settle()
    assert heard("deaf") == [("deaf", "tick:2", 1), ("deaf", "tick:2", 2)]
    assert len(heard("well")) == 4
    (parked,) = parked_streams()
    assert (parked.subscriber, parked.stream, parked.event_id, parked.tries) == ("deaf", "tick:1", 1, 1)
    assert "RuntimeError: cannot hear Ticked(tick_id=1, n=0)" in parked.error
    assert [(lag.name, lag.events, lag.parked) for lag in lags(AT)] == [("deaf", 0, 1), ("well", 0, 0)]


def test_what_a_failing_batch_did_before_is_done_once(heard):
    listen("deaf", fails=lambda fact: fact.tick_id == 3)
    tick(1, 2, 3, 4)
    assert settle() == 4
    assert [stream for _name, stream, _seq in heard("deaf")] == ["tick:1", "tick:2", "tick:4"]
    assert Subscription.objects.get(name="deaf").position == 4


def test_an_event_the_next_of_its_stream_covers_is_not_heard_by_itself(heard):
    listen("lazy")
    listen("eager")
    skip_covered("lazy", lambda event, after: event.payload["n"] == after.payload["n"])
    for n in (0, 0, 1):
        tick(1, 2, n=n)
    assert settle() == 12
    assert heard("lazy") == [("lazy", stream, seq) for stream, seq in (("tick:1", 2), ("tick:2", 2), ("tick:1", 3), ("tick:2", 3))]
    assert len(heard("eager")) == 6


def test_what_is_remembered_lasts_for_a_batch_and_no_longer(heard):
    read = []

    @subscribe("curious", Ticked)
    def _hear(_event: object, _fact: object) -> None:
        remembered("answer", lambda: read.append(1))

    tick(1, 2, 3)
    settle()
    tick(1)
    settle()
    assert len(read) == 2
    remembered("answer", lambda: read.append(1))
    remembered("answer", lambda: read.append(1))
    assert len(read) == 4
    with remembering():
        remembered("answer", lambda: read.append(1))
        forget("answer")
        remembered("answer", lambda: read.append(1))
        remembered("answer", lambda: read.append(1))
    assert len(read) == 6


def test_those_for_whom_nothing_came_move_on_together(heard):
    listen("ticks")
    listen("tocks", Tocked)
    listen("both", Ticked, Tocked)
    enroll()
    tick(1, 2)
    assert pass_over(upto=2) == ["ticks", "both"]
    assert dict(Subscription.objects.values_list("name", "position")) == {"ticks": 0, "tocks": 2, "both": 0}
    settle()
    assert pass_over(upto=2) == []
    assert heard("tocks") == []


def test_a_parked_stream_goes_on_in_order_from_where_it_stopped(heard):
    broken = {"is": True}
    listen("deaf", fails=lambda fact: broken["is"] and fact.tick_id == 1)
    for n in range(3):
        tick(1, 2, n=n)
    settle()
    assert retry_parked(subscriber="deaf", stream="tick:1", at=AT) is False
    assert ParkedStream.objects.get().tries == 2
    broken["is"] = False
    assert retry_parked(subscriber="deaf", stream="tick:1", at=AT) is True
    assert [row for row in heard("deaf") if row[1] == "tick:1"] == [("deaf", "tick:1", n) for n in (1, 2, 3)]
    assert not parked_streams()
    tick(1)
    settle()
    assert heard("deaf")[-1] == ("deaf", "tick:1", 4)
    assert retry_parked(subscriber="deaf", stream="tick:1", at=AT) is True


def test_a_retry_that_stops_further_on_keeps_what_it_got_through(heard):
    deaf_to = {0, 1, 2}
    listen("deaf", fails=lambda fact: fact.n in deaf_to)
    for n in range(4):
        tick(1, n=n)
    settle()
    deaf_to -= {0, 1}
    assert retry_parked(subscriber="deaf", stream="tick:1", at=AT) is False
    assert ParkedStream.objects.get().event_id == 3
    deaf_to.clear()
    assert retry_parked(subscriber="deaf", stream="tick:1", at=AT)
    assert [seq for _n, _s, seq in heard()] == [1, 2, 3, 4]


def test_a_subscriber_this_version_does_not_have_cannot_be_retried(heard):
    with pytest.raises(NotFound, match="no subscriber gone"):
        retry_parked(subscriber="gone", stream="tick:1", at=AT)


def test_a_crash_between_effect_and_position_repeats_nothing(heard, monkeypatch):
    listen("one")
    tick(1, 2)
    enroll()
    upto = Horizon().advance()

    class Killed(BaseException):
        pass

    real = following._deliver_all

    def dies_afterwards(*args):
        real(*args)
        raise Killed

    monkeypatch.setattr(following, "_deliver_all", dies_afterwards)
    with pytest.raises(Killed):
        follow("one", upto=upto)
    assert heard() == []
    monkeypatch.undo()
    listen("one")
    settle()
    assert len(heard()) == 2


def test_what_only_a_deferred_constraint_refuses_parks_its_stream_too(heard):
    @subscribe("careless", Ticked)
    def point_at_nothing(event, fact):
        if fact.tick_id == 1:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO people_membership (user_id, team_id) VALUES (999, 999)")

    tick(1, 2)
    settle()
    assert [parked.stream for parked in parked_streams()] == ["tick:1"]


def test_a_statement_that_times_out_parks_its_stream(heard):
    @subscribe("slow", Ticked)
    def sleep(event, fact):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50")
            cursor.execute("SELECT pg_sleep(5)")

    tick(1)
    settle()
    assert "statement timeout" in parked_streams()[0].error


def test_an_event_that_waits_for_somebodys_lock_is_left_for_later(heard, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE held (id int); INSERT INTO held VALUES (1)")
    monkeypatch.setattr(following, "LOCK_TIMEOUT", "50ms")

    @subscribe("patient", Ticked)
    def wait(event, fact):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO heard (subscriber, stream, seq) VALUES ('patient', %s, %s)", [event.stream, event.seq])
            if fact.tick_id == 2:
                cursor.execute("UPDATE held SET id = id")

    tick(1, 2, 3)
    enroll()
    upto = Horizon().advance()
    locked, go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM held FOR UPDATE")
            locked.set()
            go.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    assert follow("patient", upto=upto) == 1
    assert not parked_streams()
    go.set()
    holder.join()
    settle()
    assert [stream for _n, stream, _seq in heard()] == ["tick:1", "tick:2", "tick:3"]


def test_settle_gives_up_when_a_write_stays_open(heard):
    listen("one")
    opened, go = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            record(Ticked(tick_id=9), by=BY, at=AT)
            opened.set()
            go.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert opened.wait(10)
    tick(1)
    with pytest.raises(RuntimeError, match="open write transaction"):
        settle(patience=0.2)
    assert heard() == []
    assert lags(AT)[0].events == 1
    go.set()
    writer.join()
    assert settle() == 2


def test_a_subscriber_another_process_serves_is_left_to_it(heard):
    listen("one")
    tick(1)
    enroll()
    upto = Horizon().advance()
    serving, go = threading.Event(), threading.Event()

    def serve():
        with transaction.atomic():
            Subscription.objects.select_for_update().get(name="one")
            serving.set()
            go.wait(10)
        connection.close()

    server = threading.Thread(target=serve)
    server.start()
    assert serving.wait(10)
    assert follow("one", upto=upto) == 0
    go.set()
    server.join()
    assert follow("one", upto=upto) == 1


def test_one_subscriber_has_one_handler_a_fact(alone):
    listen("one", Ticked)
    with pytest.raises(TypeError, match="two handlers"):
        listen("one", Ticked)
    listen("one", Tocked)
