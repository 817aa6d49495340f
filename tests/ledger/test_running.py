"""The worker's loop: woken at once, and alive after its connection was not."""

import threading
import time

import pytest
from django.db import connection

from steward.ledger.actions import running
from steward.ledger.actions.running import run_follower
from tests.ledger.conftest import listen, tick


@pytest.fixture
def follower(heard, monkeypatch):
    monkeypatch.setattr(running, "RETRY_SECONDS", 0.05)
    stop = threading.Event()
    thread = threading.Thread(target=run_follower, args=(stop,))
    yield thread
    stop.set()
    if thread.is_alive():
        with connection.cursor() as cursor:
            # It may sit in its idle wait: woken, it sees the stop.
            cursor.execute(f"NOTIFY {running.CHANNEL}")
        thread.join(10)
    assert not thread.is_alive()


def wait_for(heard, count, *, within):
    started = time.monotonic()
    while len(heard()) < count:
        assert time.monotonic() - started < within, f"{len(heard())} of {count} heard after {within} s"
        time.sleep(0.01)
    return time.monotonic() - started


def test_the_follower_is_woken_by_a_commit(heard, follower, monkeypatch):
    monkeypatch.setattr(running, "IDLE_SECONDS", 30.0)
    listen("one")
    follower.start()
    tick(1)
    wait_for(heard, 1, within=10)
    for count in (2, 3, 4):
        time.sleep(0.1)
        tick(1)
        assert wait_for(heard, count, within=10) < 1


def test_the_follower_survives_the_loss_of_its_connection(heard, follower):
    listen("one")
    follower.start()
    tick(1)
    wait_for(heard, 1, within=10)
    for count in (2, 3):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        tick(1)
        wait_for(heard, count, within=10)


def test_a_subscriber_that_stumbles_does_not_hold_up_the_others(heard, follower, monkeypatch):
    listen("bad")
    listen("good")
    real = running.follow

    def stumble(name, **values):
        if name == "bad":
            raise ValueError(name)
        return real(name, **values)

    monkeypatch.setattr(running, "follow", stumble)
    follower.start()
    tick(1)
    wait_for(heard, 1, within=10)
    tick(2)
    wait_for(heard, 2, within=10)
