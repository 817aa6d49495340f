"""Long work gives way to followers, and does not wait for followers that are not there."""

from threading import Thread
from time import monotonic, sleep

from django.db import connection

from steward.ledger.actions import giving_way
from steward.ledger.actions.following import enroll, settle
from steward.ledger.actions.giving_way import Courtesy
from steward.ledger.models import Subscription
from tests.ledger.conftest import listen, tick


def test_long_work_waits_until_followers_have_caught_up(heard, monkeypatch):
    monkeypatch.setattr(giving_way, "MOST_BEFORE", 3)
    monkeypatch.setattr(giving_way, "WAIT_SECONDS", 30.0)
    listen("slow")
    enroll()
    tick(*range(1, 11))
    courtesy, done = Courtesy(), []

    def work():
        courtesy.give_way()
        done.append(Subscription.objects.get().position)
        connection.close()

    waiting = Thread(target=work)
    waiting.start()
    sleep(0.2)
    assert waiting.is_alive()
    settle()
    waiting.join(10)
    assert done == [10]


def test_with_nobody_following_it_waits_once_and_no_more(heard, monkeypatch):
    monkeypatch.setattr(giving_way, "MOST_BEFORE", 3)
    monkeypatch.setattr(giving_way, "WAIT_SECONDS", 0.3)
    listen("away")
    enroll()
    tick(*range(1, 11))
    courtesy = Courtesy()
    courtesy.give_way()
    started = monotonic()
    for _ in range(100):
        courtesy.give_way()
    assert Subscription.objects.get().position == 0
    assert monotonic() - started < 30 - 0.3  # a hundred waits would take as long


def test_little_left_to_hear_holds_nothing_up(heard, monkeypatch):
    monkeypatch.setattr(giving_way, "WAIT_SECONDS", 600.0)
    listen("near")
    enroll()
    tick(1, 2)
    Courtesy().give_way()
    settle()
    Courtesy().give_way()
