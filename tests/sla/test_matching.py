"""Which policy a ticket falls under."""

import pytest

from steward.sla.rules.matching import Subject, matches, target_of

TICKET = Subject(queue_id=3, priority=2, category_ids=frozenset({7, 1}), channel="email", market="DE", team="Ads")


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, True),
        ({"queue_ids": []}, True),
        ({"queue_ids": [1, 3]}, True),
        ({"queue_ids": [1]}, False),
        ({"priorities": [1, 2]}, True),
        ({"priorities": [4]}, False),
        ({"category_ids": [1]}, True),
        ({"category_ids": [9]}, False),
        ({"channels": ["email"]}, True),
        ({"channels": ["portal"]}, False),
        ({"markets": ["de"]}, True),
        ({"markets": ["FR"]}, False),
        ({"teams": ["ADS"]}, True),
        ({"teams": ["Feed"]}, False),
        ({"queue_ids": [3], "priorities": [4]}, False),
        ({"queue_ids": [3], "priorities": [2], "teams": ["Ads", "Feed"]}, True),
    ],
)
def test_every_condition_must_hold_and_an_empty_one_holds_for_all(conditions, expected):
    assert matches(conditions, TICKET) is expected


def test_a_ticket_without_a_category_is_in_none():
    assert not matches({"category_ids": [1]}, Subject(queue_id=3, priority=2))


def test_a_target_is_promised_by_kind_and_priority_or_not_at_all():
    targets = {"resolution": {"1": 3600}}
    assert target_of(targets, "resolution", 1) == 3600
    assert target_of(targets, "resolution", 2) is None
    assert target_of(targets, "first_response", 1) is None
