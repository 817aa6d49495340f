"""A fact is what it says, in and out of the ledger."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import get_type_hints

import pytest

from steward.core.facts import Fact, fact_class, fact_classes
from steward.desk.facts.ticket import FollowUpAdded, TicketOpened


def test_a_fact_comes_back_as_it_was_said():
    said = FollowUpAdded(ticket_id=7, follow_up_id=2, owner_id=3, due_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert said.stream == "ticket:7"
    assert FollowUpAdded.load(said.dump()) == said
    assert fact_class("desk.follow_up_added") is FollowUpAdded


def test_an_older_event_without_a_newer_field_is_still_read():
    payload = {"ticket_id": 1, "requester_id": 2, "queue_id": 3, "status_id": 4, "state": "new", "priority": 3, "gone": "x"}
    assert TicketOpened.load(payload).channel == ""


def test_two_facts_cannot_be_of_one_kind():
    with pytest.raises(TypeError, match="two facts are of kind"):

        @dataclass(frozen=True, kw_only=True)
        class Impostor(Fact, kind="desk.ticket_opened", subject="ticket"):
            ticket_id: int


KNOWN = [known for known in fact_classes().values() if known.__module__.startswith("steward.")]


@pytest.mark.parametrize("known", sorted(KNOWN, key=lambda known: known.kind), ids=lambda known: known.kind)
def test_every_fact_names_its_subject_and_its_kind(known):
    names = [field.name for field in fields(known)]
    assert known.subject_field in names
    package, _dot, said = known.kind.partition(".")
    assert known.__module__.startswith(f"steward.{package}.")
    assert said == said.lower()
    assert get_type_hints(known)[known.subject_field] is int
