"""Who gets the next ticket: who speaks its language, then the least loaded, then the one idle longest; nobody over capacity."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from steward.desk.rules.routing import Candidate, Next, pick


def somebody(user_id, load, idle_for=0.0, **values):
    return Candidate(user_id=user_id, load=load, idle_for=idle_for, **values)


def chosen(*candidates, default_capacity=8):
    picked = pick(list(candidates), default_capacity=default_capacity)
    return (picked.user_id, picked.because) if picked else None


def test_the_least_loaded_gets_it():
    assert chosen(somebody(1, 3), somebody(2, 1), somebody(3, 2)) == (2, ("least_loaded",))


def test_of_equals_the_one_idle_longest_then_the_lower_number():
    assert chosen(somebody(1, 1, 10), somebody(2, 1, 60)) == (2, ("idle_longest",))
    assert chosen(somebody(2, 1, 10), somebody(1, 1, 10)) == (1, ("idle_longest",))


def test_nobody_with_room_means_nobody():
    assert chosen() is None
    assert chosen(somebody(1, 8)) is None
    assert chosen(somebody(1, 8), somebody(2, 9, capacity=10)) == (2, ("least_loaded",))
    assert chosen(somebody(1, 2, capacity=2), somebody(2, 7.75)) == (2, ("least_loaded",))


def test_who_answers_in_the_language_goes_before_who_has_less_in_hand():
    assert chosen(somebody(1, 0, speaks=False), somebody(2, 5)) == (2, ("language", "least_loaded"))
    assert chosen(somebody(1, 0, speaks=False), somebody(2, 8)) == (1, ("least_loaded",)), "better by somebody than by nobody"


def test_what_put_a_ticket_first_is_named_in_the_order_of_the_rule():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert Next(1, is_own=True, in_language=True, due_at=at, priority=1).because == ("own_queue", "language", "earliest_promise")
    assert Next(1, is_own=False, in_language=False, due_at=None, priority=2).because == ("other_queue", "priority")
    assert Next(1, is_own=True, in_language=False, due_at=None, priority=3).because == ("own_queue", "longest_wait")


@given(
    st.lists(
        st.builds(
            Candidate,
            user_id=st.integers(1, 9),
            load=st.floats(0, 9),
            idle_for=st.floats(0, 1e6),
            capacity=st.none() | st.integers(1, 9),
            speaks=st.booleans(),
        ),
        max_size=6,
    ),
    st.integers(1, 9),
)
def test_whoever_is_chosen_has_room_and_nobody_better_has(candidates, capacity):
    picked = pick(candidates, default_capacity=capacity)
    free = [one for one in candidates if one.load < (one.capacity or capacity)]
    assert (picked is None) == (not free)
    if picked:
        best = min((not one.speaks, one.load) for one in free)
        assert best in {(not one.speaks, one.load) for one in free if one.user_id == picked.user_id}
