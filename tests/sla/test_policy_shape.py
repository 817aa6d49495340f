"""Policies as people write them."""

import pytest

from steward.sla.rules.policy_shape import BadPolicy, Fault, parse_promises
from steward.sla.rules.posture import DEFAULT_PAUSE_ON

TARGETS = {"resolution": {"1": 3600}}


def test_a_policy_is_read_into_its_stored_form():
    read = parse_promises({"queue_ids": [2, 1, 2], "markets": []}, {"resolution": {1: 3600}}, 0.5, {"resolution": ["pending"]})
    assert read.conditions == {"queue_ids": [1, 2]}
    assert read.targets == TARGETS
    assert read.warn_at == 0.5
    assert read.pause_on == {**DEFAULT_PAUSE_ON, "resolution": ["pending"]}


def test_reading_what_was_stored_gives_the_same():
    read = parse_promises({"teams": ["Ads"]}, TARGETS, None, {"next_response": ["solved", "on_hold:vendor"]})
    assert parse_promises(read.conditions, read.targets, read.warn_at, read.pause_on) == read


@pytest.mark.parametrize(
    ("conditions", "targets", "warn_at", "pause_on", "fault"),
    [
        ([], TARGETS, 0.5, None, Fault.CONDITION),
        ({"moon": [1]}, TARGETS, 0.5, None, Fault.CONDITION),
        ({"queue_ids": ["1"]}, TARGETS, 0.5, None, Fault.CONDITION),
        ({"queue_ids": [True]}, TARGETS, 0.5, None, Fault.CONDITION),
        ({"queue_ids": 1}, TARGETS, 0.5, None, Fault.CONDITION),
        ({"teams": ["a\x00b"]}, TARGETS, 0.5, None, Fault.CONDITION),
        ({"priorities": [5]}, TARGETS, 0.5, None, Fault.PRIORITY),
        ({}, {}, 0.5, None, Fault.EMPTY),
        ({}, {"resolution": {}}, 0.5, None, Fault.EMPTY),
        ({}, {"birthday": {"1": 3600}}, 0.5, None, Fault.KIND),
        ({}, {"resolution": {"5": 3600}}, 0.5, None, Fault.PRIORITY),
        ({}, {"resolution": {"1": 59}}, 0.5, None, Fault.TARGET),
        ({}, {"resolution": {"1": 367 * 86400}}, 0.5, None, Fault.TARGET),
        ({}, {"resolution": {"1": "soon"}}, 0.5, None, Fault.TARGET),
        ({}, {"resolution": 3600}, 0.5, None, Fault.TARGET),
        ({}, TARGETS, 1, None, Fault.WARN_AT),
        ({}, TARGETS, 0, None, Fault.WARN_AT),
        ({}, TARGETS, float("nan"), None, Fault.WARN_AT),
        ({}, TARGETS, "half", None, Fault.WARN_AT),
        ({}, TARGETS, 0.5, {"resolution": ["open"]}, Fault.PAUSE_ON),
        ({}, TARGETS, 0.5, {"resolution": ["solved"]}, Fault.PAUSE_ON),
        ({}, TARGETS, 0.5, {"resolution": "pending"}, Fault.PAUSE_ON),
        ({}, TARGETS, 0.5, {"birthday": ["pending"]}, Fault.KIND),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(conditions, targets, warn_at, pause_on, fault):
    with pytest.raises(BadPolicy) as refused:
        parse_promises(conditions, targets, warn_at, pause_on)
    assert refused.value.fault == fault
