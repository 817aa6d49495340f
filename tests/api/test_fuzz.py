"""Requests that nobody would think of: no fault of ours, and nothing answered that the description does not say."""

import os
import random
import sys
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as conformance

from steward.api.tokens import BUCKETS
from steward.desk.models import Conversation, CustomField, FollowUp, Message, Ticket
from steward.people.models import Requester, Team, User
from tests.api.conftest import program_of
from tests.cast import user

HELD = (
    checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_schema_conformance,
    conformance.response_headers_conformance,
)
SHARE, ALL = int(os.environ.get("FUZZ_SHARE", "120")), 15_000


@pytest.fixture(autouse=True)
def _one_connection():
    """Keep what a request's begin and end would close: the connection is the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def somebody_who_may_everything(cast):
    return user("Omni", "agent", "lead", "admin", "reviewer", team=cast.team)


def real_numbers(cast):
    """Give, for the names of numbers, some that are there."""
    from datetime import timedelta

    from steward.core import clock
    from steward.desk.actions.field_settings import create_field
    from steward.desk.actions.following_up import add_follow_up
    from steward.desk.actions.settings import create_category
    from steward.sla.actions import create_default_policy

    for number in range(4):
        cast.ticket(f"Something is odd with page {number}.")
    by = cast.actor(cast.lin)
    due = clock.now() + timedelta(days=2)
    add_follow_up(ticket_id=Ticket.objects.latest("id").pk, owner=cast.lin, what="Call", due_at=due, by=by, at=clock.now())
    create_field(values={"name": "Cause", "kind": "one_of"}, options=["A", "B"], by=cast.actor(cast.ana), at=clock.now())
    create_category(values={"name": "Access"}, by=cast.actor(cast.ana), at=clock.now())
    create_default_policy(by=cast.actor(cast.ana), at=clock.now())
    numbers = {"ticket": Ticket, "user": User, "requester": Requester, "team": Team, "message": Message}
    numbers |= {"conversation": Conversation, "follow_up": FollowUp, "field": CustomField}
    return {name: list(model.objects.values_list("pk", flat=True)) for name, model in numbers.items()}


def make_real(value: Any, numbers: dict[str, list[int]], chance: random.Random, name: str = "") -> Any:
    """Put numbers that are there in the place of most that were drawn, so that requests get past the door."""
    if isinstance(value, dict):
        return {key: make_real(one, numbers, chance, str(key)) for key, one in value.items()}
    if isinstance(value, list):
        return [make_real(one, numbers, chance, name.removesuffix("s")) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and name.endswith(("_id", "_ids")) and chance.random() < 0.7:
        known = next((found for kind, found in numbers.items() if name.removesuffix("_id").endswith(kind)), None)
        return chance.choice(known or range(1, 5))
    return value


def fuzz(cast, number: int, examples: int) -> int:
    token = program_of(somebody_who_may_everything(cast), rate=60_000).token
    numbers, chance = real_numbers(cast), random.Random(number)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    met: set[int] = set()

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema.as_strategy())
    def ask(case):
        BUCKETS.clear()
        case.path_parameters = make_real(case.path_parameters or {}, numbers, chance)
        if isinstance(case.body, dict | list):
            case.body = make_real(case.body, numbers, chance)
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
            transaction.set_rollback(True)
        met.add(response.status_code)
        case.validate_response(response, checks=HELD)

    ask()
    return len(met)


def fresh_seed() -> int:
    number = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"seed {number}: FUZZ_SEED={number} pytest {__file__}\n")
    return number


def test_a_share_of_what_can_be_asked_is_answered_as_described(cast):
    assert fuzz(cast, fresh_seed(), SHARE) >= 3


@pytest.mark.long
def test_all_that_can_be_asked_is_answered_as_described(cast):
    assert fuzz(cast, fresh_seed(), ALL) >= 5
