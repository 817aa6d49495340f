"""Which move is allowed from where: the whole table."""

import pytest

from steward.desk.rules.states import ENDED, WORKING, State, may_move, moves_from

ALLOWED = {
    "new": {"open", "pending", "on_hold", "solved", "closed"},
    "open": {"pending", "on_hold", "solved", "closed"},
    "pending": {"open", "on_hold", "solved", "closed"},
    "on_hold": {"open", "pending", "solved", "closed"},
    "solved": {"open", "closed"},
    "closed": {"open"},
}


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_a_ticket_moves_only_as_the_table_says(old, new):
    assert may_move(old, new) is (old == new or new in ALLOWED[old])
    assert moves_from(old) == ALLOWED[old]


def test_every_state_is_worked_or_ended():
    assert set(State) == WORKING | ENDED
    assert not WORKING & ENDED
