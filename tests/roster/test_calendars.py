"""Business calendars and their versions."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.roster.actions import change_calendar, create_calendar, publish_calendar_version
from steward.roster.facts import CalendarChanged, CalendarVersionPublished
from steward.roster.models import CalendarVersion
from steward.roster.queries import calendar_versions, calendars, current_version, hours_by_version, hours_of
from steward.roster.queries.checks import roster_problems
from steward.roster.rules.business_time import between

from .conftest import AT

OFFICE = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]
LONGER = [{"weekday": day, "start": "08:00", "end": "20:00"} for day in range(5)]


MONDAYS = [{"date": (AT.date() + timedelta(weeks=n)).isoformat()} for n in range(60)]


@pytest.fixture
def office(admin):
    return create_calendar(name="Office", time_zone="UTC", slots=OFFICE, by=admin, at=AT)


def last_fact(calendar):
    return Event.objects.filter(stream=f"calendar:{calendar.pk}").latest("seq").fact


def test_a_new_calendar_has_its_first_hours(office):
    version = current_version(office.pk)
    assert version.version == 1
    assert between(hours_of(version.pk), AT, AT + timedelta(days=7)) == 5 * 8 * 3600


def test_only_those_who_manage_settings_may(office, lin):
    with pytest.raises(NotAllowed):
        create_calendar(name="Mine", time_zone="UTC", slots=OFFICE, by=lin, at=AT)
    with pytest.raises(NotAllowed):
        publish_calendar_version(calendar_id=office.pk, time_zone="UTC", slots=LONGER, by=lin, at=AT)
    with pytest.raises(NotAllowed):
        change_calendar(calendar_id=office.pk, changes={"name": "Mine"}, by=lin, at=AT)


def test_other_hours_are_a_new_version_with_old_and_new_in_the_ledger(office, admin):
    later = AT + timedelta(days=1)
    second = publish_calendar_version(calendar_id=office.pk, time_zone="UTC", slots=LONGER, by=admin, at=later)
    assert [v.version for v in calendar_versions(office.pk)] == [2, 1]
    assert last_fact(office) == CalendarVersionPublished(
        calendar_id=office.pk,
        calendar_version_id=second.pk,
        version=2,
        changes={"slots": (OFFICE, LONGER)},
    )
    assert current_version(office.pk, at=AT).version == 1
    assert current_version(office.pk, at=later).version == 2
    assert current_version(office.pk, at=AT - timedelta(days=9)).version == 1


def test_the_same_hours_publish_nothing(office, admin):
    same = publish_calendar_version(calendar_id=office.pk, time_zone="UTC", slots=list(reversed(OFFICE)), by=admin, at=AT)
    assert same.version == 1
    assert CalendarVersion.objects.count() == 1


def test_two_people_publishing_at_once_see_each_other(office, admin):
    publish_calendar_version(calendar_id=office.pk, time_zone="UTC", slots=LONGER, seen_version=1, by=admin, at=AT)
    with pytest.raises(Conflict) as refused:
        publish_calendar_version(calendar_id=office.pk, time_zone="UTC", slots=OFFICE, seen_version=1, by=admin, at=AT)
    assert (refused.value.theirs, refused.value.yours) == (2, 1)


def test_a_published_version_can_neither_be_changed_nor_deleted(office):
    version = current_version(office.pk)
    for write in (CalendarVersion.objects.filter(pk=version.pk).update, version.delete):
        with pytest.raises(DatabaseError, match="stands for good"), transaction.atomic():
            write(**({"time_zone": "Asia/Tokyo"} if write != version.delete else {}))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"slots": []}, "slots"),
        ({"slots": [{"weekday": 9, "start": "09:00", "end": "10:00"}]}, "slots"),
        ({"holidays": [{"date": "soon"}]}, "holidays"),
        ({"slots": [{"weekday": 0, "start": "09:00", "end": "10:00"}], "holidays": MONDAYS}, "holidays"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(admin, values, field):
    with pytest.raises(Invalid) as refused:
        create_calendar(**{"name": "Office", "time_zone": "UTC", "slots": OFFICE, "by": admin, "at": AT, **values})
    assert refused.value.field == field
    assert refused.value.message


def test_a_name_is_taken_once(office, admin):
    with pytest.raises(Conflict):
        create_calendar(name="OFFICE", time_zone="UTC", slots=OFFICE, by=admin, at=AT)


def test_a_calendar_is_renamed_and_put_away(office, admin):
    change_calendar(calendar_id=office.pk, changes={"name": "Berlin", "is_active": False}, by=admin, at=AT)
    assert last_fact(office) == CalendarChanged(
        calendar_id=office.pk, changes={"name": ("Office", "Berlin"), "is_active": (True, False)}
    )
    assert calendars() == []
    assert [c.name for c in calendars(include_inactive=True)] == ["Berlin"]
    with pytest.raises(Invalid):
        change_calendar(calendar_id=office.pk, changes={"created_at": AT}, by=admin, at=AT)


def test_hours_of_several_versions_are_one_query(office, admin, django_assert_num_queries):
    second = publish_calendar_version(calendar_id=office.pk, time_zone="UTC", slots=LONGER, by=admin, at=AT)
    first = calendar_versions(office.pk)[-1]
    with django_assert_num_queries(1):
        assert set(hours_by_version([first.pk, second.pk, second.pk])) == {first.pk, second.pk}


def test_what_does_not_exist_is_not_found(db, admin):
    for call in (lambda: current_version(1), lambda: hours_of(1)):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(NotFound):
        publish_calendar_version(calendar_id=1, time_zone="UTC", slots=OFFICE, by=admin, at=AT)


def test_versions_and_the_ledger_are_compared(office):
    assert list(roster_problems()) == []
    CalendarVersion.objects.create(calendar=office, version=2, time_zone="UTC", slots=OFFICE, holidays=[], created_at=AT)
    assert len(list(roster_problems())) == 1
