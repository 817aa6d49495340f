"""What the tests of promises stand on: a policy around the clock, and one in office hours."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from steward.ledger.actions.following import settle
from steward.ledger.models import Event, ParkedStream
from steward.roster.actions import create_calendar
from steward.roster.models import BusinessCalendar
from steward.sla.actions import create_policy
from steward.sla.models import Clock, Policy
from steward.sla.queries.checks import verify_problems
from tests.cast import NOW, SETUP, Cast

ALWAYS = [{"weekday": day, "start": "00:00", "end": "24:00"} for day in range(7)]
OFFICE = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]
HOUR = 3600
TARGETS = {
    "first_response": {"1": HOUR // 4, "2": HOUR, "3": 4 * HOUR},
    "next_response": {"1": HOUR // 2, "2": 2 * HOUR, "3": 8 * HOUR},
    "resolution": {"1": 4 * HOUR, "2": 8 * HOUR, "3": 24 * HOUR},
}
# Promised before the story begins: a promise counts from its publication.
BEFORE = NOW - timedelta(days=30)


@dataclass
class Desk:
    """The cast, with what it promises."""

    cast: Cast
    always: BusinessCalendar
    office: BusinessCalendar
    policy: Policy

    def settle(self) -> None:
        """Let the ledger come to rest, and hold every clock to it."""
        settle()
        assert [str(parked) for parked in ParkedStream.objects.all()] == []
        assert list(verify_problems()) == []

    def clock(self, ticket, kind: str) -> Clock:
        """Give the latest clock of a kind."""
        return Clock.objects.filter(ticket_id=ticket.pk, kind=kind).latest("id")

    def told(self, ticket, *, kind: str = "") -> list[str]:
        """Name what happened to a ticket's clocks, in order."""
        events = Event.objects.filter(stream=f"ticket:{ticket.pk}", kind__startswith="sla.").order_by("seq")
        return [e.kind.removeprefix("sla.clock_") for e in events if not kind or e.payload["clock_kind"] == kind]


def promise(cast: Cast) -> Desk:
    """Let the cast's desk promise the same to every ticket, around the clock."""
    always = create_calendar(name="Always", time_zone="UTC", slots=ALWAYS, by=SETUP, at=BEFORE)
    office = create_calendar(name="Office", time_zone="UTC", slots=OFFICE, by=SETUP, at=BEFORE)
    policy = create_policy(name="All", calendar=always, targets=TARGETS, position=100, by=SETUP, at=BEFORE)
    return Desk(cast, always, office, policy)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return promise(cast)


@pytest.fixture
def fresh_desk(fresh_cast: Cast) -> Desk:
    return promise(fresh_cast)
