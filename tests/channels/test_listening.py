"""Listening on channels: what arrives is kept before the vendor hears of it, connections follow the settings, falls are told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import DjangoDbBlocker

from steward.channels import adapters
from steward.channels.actions.accounts import change_channel, create_channel
from steward.channels.actions.listening import kinds_listened, listen_on
from steward.channels.contract import Account, Arrival, Later, Line, Traits
from steward.channels.models import Channel, ChannelHealth, InboundEnvelope
from steward.channels.rules.asked import Setting
from steward.channels.rules.kinds import ChannelKind
from steward.core import clock
from tests.cast import Cast
from tests.site import wait_for


class Wire:
    """A vendor with a connection of its own that says what it is told to."""

    traits = Traits()

    def __init__(self) -> None:
        self.says: list[tuple[str, str]] = []
        self.told: list[tuple[str, str, int]] = []
        self.ended: list[str] = []
        self.falls: list[Exception] = []
        self.asked = (Setting("mode", "How events come"),)

    def listens(self, account: Account) -> bool:
        return bool(account.settings.get("mode") != "webhook")

    def listen(self, account: Account, line: Line) -> None:
        if self.falls:
            raise self.falls.pop()
        line.well()
        while not line.stopped(within=0.02):
            while self.says:
                event, cursor = self.says.pop(0)
                new = line.keep([Arrival(event, {"event": event}, "one")], cursor=cursor)
                self.told.append((event, line.cursor, new))
        self.ended.append(account.name)

    def answer(self, *_more: object) -> None: ...
    def read(self, *_more: object) -> list[object]:
        return []

    profile = fetch = history = carry = catch_up = check = answer


@pytest.fixture
def wire(fresh_cast: Cast, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire()
    monkeypatch.setitem(adapters._CARRIERS, ChannelKind.LARK, wire)
    with django_db_blocker.unblock():
        yield wire


def channel(cast: Cast, name: str = "Console help", **settings: str) -> Channel:
    return create_channel(kind="lark", name=name, settings=settings, secrets={}, by=cast.actor(cast.ana), at=clock.now())


@contextmanager
def listening() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=listen_on, args=(["lark"], stop), kwargs={"now": clock.now})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def test_what_arrives_is_kept_before_the_vendor_is_told(fresh_cast: Cast, wire: Wire) -> None:
    made = channel(fresh_cast)
    wire.says += [("one", "1"), ("one", "2"), ("two", "3")]
    with listening():
        assert wait_for(lambda: len(wire.told) == 3, 20)
        health = ChannelHealth.objects.get(channel=made)
        assert health.heard_at is not None
        assert health.listened_at is not None
    assert wire.told == [("one", "1", 1), ("one", "2", 0), ("two", "3", 1)]
    assert list(InboundEnvelope.objects.order_by("id").values_list("vendor_event_id", flat=True)) == ["one", "two"]
    assert wire.ended == ["Console help"]


def test_connections_come_and_go_with_the_settings(fresh_cast: Cast, wire: Wire) -> None:
    assert kinds_listened() == []
    first, _called = channel(fresh_cast), channel(fresh_cast, "Called", mode="webhook")
    assert kinds_listened() == ["lark"]
    with listening():
        wire.says.append(("one", "1"))
        assert wait_for(lambda: len(wire.told) == 1, 20)
        change_channel(channel_id=first.pk, is_active=False, by=fresh_cast.actor(fresh_cast.ana), at=clock.now())
        assert wait_for(lambda: wire.ended == ["Console help"], 20)
        change_channel(channel_id=first.pk, is_active=True, name="Again", by=fresh_cast.actor(fresh_cast.ana), at=clock.now())
        wire.says.append(("two", "2"))
        assert wait_for(lambda: len(wire.told) == 2, 20)
    assert wire.ended == ["Console help", "Again"]
    assert wire.told[1] == ("two", "2", 1)


@pytest.mark.parametrize("fall", [Later("The vendor is away.", seconds=0.1), RuntimeError("a library fell")])
def test_a_fall_is_told_and_tried_again(fresh_cast: Cast, wire: Wire, fall: Exception) -> None:
    made = channel(fresh_cast)
    wire.falls.append(fall)
    with listening():
        assert wait_for(lambda: ChannelHealth.objects.filter(channel=made, failures=1).exists(), 20)
        assert str(fall) in ChannelHealth.objects.get(channel=made).problem
        assert wait_for(lambda: ChannelHealth.objects.filter(channel=made, failures=0, problem="").exists(), 40)
        wire.says.append(("one", "1"))
        assert wait_for(lambda: len(wire.told) == 1, 20)
