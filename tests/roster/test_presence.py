"""Breaks, and signing off at the end of a shift."""

from datetime import timedelta

import pytest

from steward.core.errors import Invalid, NotAllowed
from steward.ledger.models import Event
from steward.people.queries.actors import actor_for
from steward.roster.actions import add_shift, end_break, end_shift, start_break
from steward.roster.facts import BreakEnded, BreakStarted, ShiftEnded
from steward.roster.models import Break, Shift
from steward.roster.queries import is_on_duty, last_shift_of, next_shift_start, on_break, presence_of
from steward.roster.queries.checks import roster_problems
from tests.roster.conftest import AT, SETUP


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(db):
    yield
    assert list(roster_problems()) == []


@pytest.fixture
def shift(ada):
    """Give a shift of Ada's that began an hour ago and ends in seven."""
    return add_shift(user=ada, starts_at=AT - timedelta(hours=1), ends_at=AT + timedelta(hours=7), by=SETUP, at=AT)


def told(fact):
    return Event.objects.filter(kind=fact.kind).count()


def test_a_break_begins_once_and_ends_once(ada, shift):
    by = actor_for(ada)
    first = start_break(user_id=ada.pk, by=by, at=AT)
    assert start_break(user_id=ada.pk, by=by, at=AT + timedelta(minutes=1)).pk == first.pk
    assert on_break([ada.pk]) == {ada.pk}
    assert presence_of(ada.pk, AT).away_since == AT
    for _click in range(2):
        end_break(user_id=ada.pk, by=by, at=AT + timedelta(minutes=15))
    assert on_break([ada.pk]) == set()
    assert presence_of(ada.pk, AT + timedelta(minutes=20)).away_since is None
    assert (told(BreakStarted), told(BreakEnded)) == (1, 1)
    start_break(user_id=ada.pk, by=by, at=AT + timedelta(minutes=15))
    assert Break.objects.count() == 2


def test_off_shift_there_is_no_break(ada):
    with pytest.raises(Invalid, match="part of a shift"):
        start_break(user_id=ada.pk, by=actor_for(ada), at=AT)


def test_others_neither_send_somebody_on_a_break_nor_home_but_leads_do(ada, shift, person, lin):
    other = actor_for(person("Ben"))
    for verb in (start_break, end_break, end_shift):
        with pytest.raises(NotAllowed):
            verb(user_id=ada.pk, by=other, at=AT)
    start_break(user_id=ada.pk, by=lin, at=AT)
    end_shift(user_id=ada.pk, by=lin, at=AT)


def test_signing_off_ends_the_shift_and_its_break_now(ada, shift):
    by = actor_for(ada)
    start_break(user_id=ada.pk, by=by, at=AT)
    assert end_shift(user_id=ada.pk, by=by, at=AT + timedelta(hours=2)) == shift
    ended = Shift.objects.get(pk=shift.pk)
    assert ended.ends_at == ended.ended_at == AT + timedelta(hours=2)
    assert not is_on_duty(ada.pk, AT + timedelta(hours=2))
    assert is_on_duty(ada.pk, AT + timedelta(hours=1))
    assert not Break.objects.filter(ended_at=None).exists()
    assert end_shift(user_id=ada.pk, by=by, at=AT + timedelta(hours=2)) is None
    assert told(ShiftEnded) == 1


def test_how_somebody_stands_to_their_shifts(ada, shift):
    later = add_shift(user=ada, starts_at=AT + timedelta(hours=24), ends_at=AT + timedelta(hours=30), by=SETUP, at=AT)
    now = presence_of(ada.pk, AT)
    assert (now.shift_id, now.until, now.next_at, now.is_on_duty) == (shift.pk, shift.ends_at, later.starts_at, True)
    between = presence_of(ada.pk, AT + timedelta(hours=8))
    assert (between.is_on_duty, between.next_at) == (False, later.starts_at)
    assert presence_of(ada.pk, AT + timedelta(days=9)).next_at is None
    assert next_shift_start(ada.pk, AT) == later.starts_at
    assert last_shift_of(ada.pk, AT + timedelta(hours=8), within=timedelta(hours=2)) == shift
    assert last_shift_of(ada.pk, AT + timedelta(hours=10), within=timedelta(hours=2)) is None


def test_a_shift_that_has_only_begun_is_not_ended_in_the_same_moment(ada):
    add_shift(user=ada, starts_at=AT, ends_at=AT + timedelta(hours=1), by=SETUP, at=AT)
    with pytest.raises(Invalid, match="only just begun"):
        end_shift(user_id=ada.pk, by=actor_for(ada), at=AT)
