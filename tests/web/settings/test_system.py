"""The operator's page."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client

from steward.core import clock, facts
from steward.core.facts import Fact
from steward.ledger import subscriptions
from steward.ledger.actions.following import settle
from steward.ledger.actions.recording import record
from steward.ledger.models import ParkedStream
from steward.ledger.subscriptions import subscribe
from steward.web.settings import system
from tests.cast import SETUP, Cast

BROKEN = {"now": True}


@pytest.fixture
def a_picky_subscriber(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Fact]]:
    """Follow a fact of this test alone; it fails for as long as BROKEN says."""
    monkeypatch.setattr(subscriptions, "_subscribers", {})
    monkeypatch.setattr(facts, "_kinds", dict(facts._kinds))
    BROKEN["now"] = True

    @dataclass(frozen=True, kw_only=True)
    class Knocked(Fact, kind="test.knocked", subject="door"):
        door_id: int

    @subscribe("test.picky", Knocked)
    def hear(_event: object, _fact: Fact) -> None:
        if BROKEN["now"]:
            raise ValueError("<b>the door is jammed</b>\nDETAIL: the secret row")

    return Knocked


def park(knocked: type[Fact]) -> None:
    from django.db import transaction

    with transaction.atomic():
        record(knocked(door_id=7), by=SETUP, at=clock.now())
    settle()


def test_a_parked_stream_is_shown_and_flows_again_once_its_cause_is_gone(
    fresh_cast: Cast, client: Client, a_picky_subscriber: type[Fact]
) -> None:
    park(a_picky_subscriber)
    client.force_login(fresh_cast.ana)
    page = client.get("/settings/system/").content.decode()
    assert "door:7" in page
    assert "&lt;b&gt;the door is jammed&lt;/b&gt;" in page
    assert "the secret row" not in page
    form = {"subscriber": "test.picky", "stream": "door:7"}
    again = client.post("/settings/system/retry/", form, HTTP_HX_REQUEST="true", HTTP_HX_REQUEST_TYPE="partial")
    assert "stopped again" in again.content.decode()
    assert ParkedStream.objects.get().tries == 2
    BROKEN["now"] = False
    assert client.post("/settings/system/retry/", form).status_code == 303
    assert not ParkedStream.objects.exists()
    assert "everything flows" in client.get("/settings/system/").content.decode()


def test_a_subscriber_that_is_unknown_is_told_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    assert client.post("/settings/system/retry/", {"subscriber": "nobody", "stream": "x:1\x00"}).status_code == 404


def test_the_oldest_open_write_is_named(fresh_cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(fresh_cast.ana)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            assert "A write has been open for" not in client.get("/settings/system/").content.decode()
            monkeypatch.setattr(system, "LONG_WRITE_SECONDS", 0.1)
            cursor.execute("SELECT pg_sleep(0.2)")
            page = client.get("/settings/system/").content.decode()
            assert "A write has been open for" in page
            assert "pg_terminate_backend" in page
    finally:
        other.close()
