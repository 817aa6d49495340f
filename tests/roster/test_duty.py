"""Who is on duty at an instant."""

from datetime import UTC, datetime, timedelta

import pytest

from steward.people.actions.users import deactivate_user
from steward.roster.actions import add_shift, cancel_shift
from steward.roster.models import ShiftKind
from steward.roster.queries import is_on_duty, next_duty, on_call, on_duty, shift_of, shifts_between

from .conftest import AT, SETUP

NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
FIVE = NINE + timedelta(hours=8)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def shift(ada):
    return add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=SETUP, at=AT)


def test_a_shift_runs_from_its_start_up_to_its_end(ada, shift):
    assert on_duty(NINE - MOMENT) == set()
    assert on_duty(NINE) == {ada.pk}
    assert on_duty(FIVE - MOMENT) == {ada.pk}
    assert on_duty(FIVE) == set()
    assert is_on_duty(ada.pk, NINE)
    assert not is_on_duty(ada.pk, FIVE)


def test_being_on_call_is_not_being_on_duty(person):
    eng = person("Eng", "engineer")
    add_shift(user=eng, kind=ShiftKind.ON_CALL, starts_at=NINE, ends_at=FIVE, by=SETUP, at=AT)
    assert on_duty(NINE) == set()
    assert on_call(NINE) == {eng.pk}
    assert next_duty(AT) is None


def test_a_cancelled_shift_and_a_deactivated_user_do_not_count(ada, shift, person):
    bo = person("Bo")
    cancelled = add_shift(user=bo, starts_at=NINE, ends_at=FIVE, by=SETUP, at=AT)
    cancel_shift(shift_id=cancelled.pk, by=SETUP, at=AT)
    assert on_duty(NINE) == {ada.pk}
    deactivate_user(user_id=ada.pk, by=SETUP, at=AT)
    assert on_duty(NINE) == set()
    assert not is_on_duty(ada.pk, NINE)
    assert next_duty(AT) is None


def test_a_shift_for_no_team_serves_the_teams_of_its_worker(ada, shift, team, person):
    bo = person("Bo")
    hers, other = team("Console", ada), team("Legal", bo)
    assert on_duty(NINE, team_id=hers.pk) == {ada.pk}
    assert on_duty(NINE, team_id=other.pk) == set()
    # A shift entered for a team serves that team only, whoever works it.
    add_shift(user=bo, starts_at=NINE, ends_at=FIVE, team=hers, by=SETUP, at=AT)
    assert on_duty(NINE, team_id=hers.pk) == {ada.pk, bo.pk}
    assert on_duty(NINE, team_id=other.pk) == set()
    assert on_duty(NINE) == {ada.pk, bo.pk}


def test_the_next_duty_is_now_while_somebody_is_there(shift, team):
    assert next_duty(AT) == NINE
    assert next_duty(NINE + timedelta(hours=1)) == NINE + timedelta(hours=1)
    assert next_duty(FIVE) is None
    assert next_duty(AT, team_id=team("Empty").pk) is None


def test_the_shift_of_a_user_is_the_one_running(ada, shift):
    assert shift_of(ada.pk, NINE) == shift
    assert shift_of(ada.pk, FIVE) is None
    assert shift_of(ada.pk, NINE, kind=ShiftKind.ON_CALL) is None


def test_the_roster_of_a_day_is_one_query(ada, shift, person, django_assert_num_queries):
    bo = person("Bo")
    night = add_shift(user=bo, starts_at=FIVE, ends_at=FIVE + timedelta(hours=9), by=SETUP, at=AT)
    with django_assert_num_queries(1):
        found = shifts_between(NINE + timedelta(hours=1), FIVE + timedelta(hours=1))
        assert [(s, s.user.name) for s in found] == [(shift, "Ada"), (night, "Bo")]
    assert shifts_between(FIVE, FIVE + timedelta(hours=1)) == [night]
    cancel_shift(shift_id=night.pk, by=SETUP, at=AT)
    assert shifts_between(FIVE, FIVE + timedelta(hours=1)) == []
    assert shifts_between(FIVE, FIVE + timedelta(hours=1), cancelled=True) == [night]
