"""How much tickets weigh: a product in which anything may count for more, for less, or for nothing."""

import pytest

from steward.desk.rules.load import InHand, Weights, load_of, weight_of


def ticket(priority=3, category_id=None, channel="portal", state="open", asleep=False, count=1):
    return InHand(priority, category_id, channel, state, asleep, count)


@pytest.mark.parametrize(
    ("one", "weighs"),
    [
        (ticket(), 1.0),
        (ticket(state="new"), 1.0),
        (ticket(priority=1), 2.0),
        (ticket(priority=2), 1.5),
        (ticket(priority=4), 0.75),
        (ticket(state="pending"), 0.25),
        (ticket(priority=1, state="pending"), 0.5),
        (ticket(state="on_hold"), 0.0),
        (ticket(asleep=True), 0.0),
        (ticket(priority=1, asleep=True, state="pending"), 0.0),
    ],
)
def test_without_settings(one, weighs):
    assert weight_of(one, Weights()) == weighs


def test_settings_multiply_and_what_is_not_set_is_ordinary():
    weights = Weights(priorities={1: 300}, channels={"chat": 50}, states={"pending": 0, "snoozed": 10}, categories={7: 150})
    assert weight_of(ticket(priority=1, channel="chat", category_id=7), weights) == 2.25
    assert weight_of(ticket(priority=2, channel="email", category_id=8), weights) == 1.5
    assert weight_of(ticket(state="pending"), weights) == 0
    assert weight_of(ticket(asleep=True, state="pending"), weights) == 0.1


def test_a_load_is_the_sum_to_the_hundredth():
    assert load_of([ticket(count=3), ticket(priority=4, count=2), ticket(state="pending")], Weights()) == 4.75
    assert load_of([ticket(count=3)], Weights(channels={"portal": 33})) == 0.99
    assert load_of([], Weights()) == 0
