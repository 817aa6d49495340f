"""Shifts entered by hand, and what the ledger keeps of them."""
# ruff: noqa: DTZ001 -- times on the wall clock, and naive ones to be refused

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.people.actions.users import deactivate_user
from steward.people.queries.actors import actor_for
from steward.roster.actions import add_shift, cancel_shift, change_shift
from steward.roster.facts import ShiftAdded, ShiftCancelled, ShiftChanged
from steward.roster.models import Shift, ShiftKind
from steward.roster.queries.checks import roster_problems

from .conftest import AT, SETUP

NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
FIVE = NINE + timedelta(hours=8)


def facts_of(shift):
    return [event.fact for event in Event.objects.filter(stream=f"shift:{shift.pk}").order_by("seq")]


def test_a_lead_puts_an_agent_on_shift(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, time_zone="Asia/Shanghai", by=lin, at=AT)
    assert facts_of(shift) == [
        ShiftAdded(
            shift_id=shift.pk,
            user_id=ada.pk,
            shift_kind="duty",
            starts_at=NINE,
            ends_at=FIVE,
            time_zone="Asia/Shanghai",
        )
    ]


def test_a_shift_without_a_zone_is_thought_in_its_workers(person, lin):
    ada = person("Ada", time_zone="Europe/Berlin")
    assert add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT).time_zone == "Europe/Berlin"


@pytest.mark.parametrize("role", ["agent", "engineer", "reviewer", "requester"])
def test_only_those_who_manage_shifts_may(person, ada, role):
    outsider = actor_for(person("Oto", role))
    with pytest.raises(NotAllowed):
        add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=outsider, at=AT)
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=SETUP, at=AT)
    with pytest.raises(NotAllowed):
        change_shift(shift_id=shift.pk, changes={"note": "x"}, by=outsider, at=AT)
    with pytest.raises(NotAllowed):
        cancel_shift(shift_id=shift.pk, by=outsider, at=AT)


def test_an_overlap_within_a_kind_names_the_other_shift(ada, lin):
    first = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    with pytest.raises(Conflict) as refused:
        add_shift(user=ada, starts_at=FIVE - timedelta(minutes=1), ends_at=FIVE + timedelta(hours=4), by=lin, at=AT)
    assert refused.value.theirs == first.pk
    assert f"shift {first.pk}" in refused.value.message
    assert Shift.objects.count() == 1


def test_shifts_may_touch_and_kinds_and_people_may_overlap(ada, person, lin):
    add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    add_shift(user=ada, starts_at=FIVE, ends_at=FIVE + timedelta(hours=1), by=lin, at=AT)
    add_shift(user=ada, kind=ShiftKind.ON_CALL, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    add_shift(user=person("Eng", "engineer"), kind=ShiftKind.ON_CALL, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    assert Shift.objects.count() == 4


def test_the_database_itself_refuses_an_overlap(ada):
    values = {"user": ada, "kind": 1, "starts_at": NINE, "ends_at": FIVE, "time_zone": "UTC"}
    Shift.objects.create(**values)
    with pytest.raises(IntegrityError, match="roster_shift_no_overlap"), transaction.atomic():
        Shift.objects.create(**values)
    Shift.objects.create(**values, cancelled_at=AT)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": NINE}, "ends_at"),
        ({"ends_at": NINE + timedelta(days=15)}, "ends_at"),
        ({"starts_at": datetime(2026, 6, 2, 9)}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"kind": 3}, "kind"),
        ({"note": "a\x00b"}, "note"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_shift_that_cannot_be_meant_is_refused(ada, lin, values, field):
    with pytest.raises(Invalid) as refused:
        add_shift(**{"user": ada, "starts_at": NINE, "ends_at": FIVE, "by": lin, "at": AT, **values})
    assert refused.value.field == field


def test_who_only_asks_or_has_left_gets_no_shift(person, lin):
    gone = person("Gone")
    deactivate_user(user_id=gone.pk, by=SETUP, at=AT)
    for user in (gone, person("Ravi", "requester")):
        with pytest.raises(Invalid, match="active user"):
            add_shift(user=user, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)


def test_a_change_keeps_old_and_new(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    later = FIVE + timedelta(hours=1)
    change_shift(shift_id=shift.pk, changes={"ends_at": later, "note": "covers Bo", "starts_at": NINE}, by=lin, at=AT)
    assert facts_of(shift)[-1] == ShiftChanged(
        shift_id=shift.pk,
        user_id=ada.pk,
        changes={"ends_at": (FIVE.isoformat(), later.isoformat())},
        personal=("note",),
    )


def test_a_change_of_nothing_records_nothing(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    change_shift(shift_id=shift.pk, changes={"ends_at": FIVE}, by=lin, at=AT)
    assert len(facts_of(shift)) == 1


def test_a_change_may_not_overlap_either(ada, lin):
    add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    evening = add_shift(user=ada, starts_at=FIVE, ends_at=FIVE + timedelta(hours=4), by=lin, at=AT)
    with pytest.raises(Conflict):
        change_shift(shift_id=evening.pk, changes={"starts_at": NINE}, by=lin, at=AT)


def test_an_unknown_field_is_refused(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    with pytest.raises(Invalid):
        change_shift(shift_id=shift.pk, changes={"cancelled_at": AT}, by=lin, at=AT)


def test_a_cancelled_shift_frees_its_time_and_is_done_with(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    cancel_shift(shift_id=shift.pk, by=lin, at=AT)
    assert facts_of(shift)[-1] == ShiftCancelled(shift_id=shift.pk, user_id=ada.pk)
    add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    with pytest.raises(Conflict):
        cancel_shift(shift_id=shift.pk, by=lin, at=AT)
    with pytest.raises(NotFound):
        cancel_shift(shift_id=10**9, by=lin, at=AT)


def test_a_shift_that_has_begun_is_ended_not_cancelled(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    with pytest.raises(Invalid) as refused:
        cancel_shift(shift_id=shift.pk, by=lin, at=NINE)
    assert "ends" in refused.value.hint


def test_shifts_and_the_ledger_are_compared(ada, lin):
    shift = add_shift(user=ada, starts_at=NINE, ends_at=FIVE, by=lin, at=AT)
    change_shift(shift_id=shift.pk, changes={"time_zone": "Asia/Tokyo"}, by=lin, at=AT)
    cancel_shift(shift_id=shift.pk, by=lin, at=AT)
    assert list(roster_problems()) == []
    Shift.objects.filter(pk=shift.pk).update(time_zone="UTC", cancelled_at=None)
    assert len(list(roster_problems())) == 2
