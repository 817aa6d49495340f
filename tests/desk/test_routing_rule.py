"""Who gets the next ticket: the least loaded, of equals the one idle longest, and nobody over capacity."""

from hypothesis import given
from hypothesis import strategies as st

from steward.desk.rules.routing import Candidate, pick


def somebody(user_id, open_tickets, idle_for=0.0):
    return Candidate(user_id=user_id, open_tickets=open_tickets, idle_for=idle_for)


def test_the_least_loaded_gets_it():
    assert pick([somebody(1, 3), somebody(2, 1), somebody(3, 2)], capacity={}, default_capacity=8) == 2


def test_of_equals_the_one_idle_longest_then_the_lower_number():
    assert pick([somebody(1, 1, 10), somebody(2, 1, 60)], capacity={}, default_capacity=8) == 2
    assert pick([somebody(2, 1, 10), somebody(1, 1, 10)], capacity={}, default_capacity=8) == 1


def test_nobody_with_room_means_nobody():
    assert pick([], capacity={}, default_capacity=8) is None
    assert pick([somebody(1, 8)], capacity={}, default_capacity=8) is None
    assert pick([somebody(1, 8), somebody(2, 9)], capacity={2: 10}, default_capacity=8) == 2


@given(
    st.lists(
        st.builds(Candidate, user_id=st.integers(1, 9), open_tickets=st.integers(0, 9), idle_for=st.floats(0, 1e6)), max_size=6
    ),
    st.integers(1, 9),
)
def test_whoever_is_chosen_has_room_and_no_more_than_anybody_with_room(candidates, capacity):
    chosen = pick(candidates, capacity={}, default_capacity=capacity)
    free = [candidate for candidate in candidates if candidate.open_tickets < capacity]
    assert (chosen is None) == (not free)
    if free:
        assert min(c.open_tickets for c in free if c.user_id == chosen) == min(c.open_tickets for c in free)
