"""Policies and their versions, changed by hand."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.people.actor import system
from steward.people.queries.actors import actor_for
from steward.roster.actions import change_calendar
from steward.roster.models import BusinessCalendar
from steward.sla.actions import change_policy, create_default_policy, create_policy, publish_policy_version
from steward.sla.facts import PolicyChanged, PolicyVersionPublished
from steward.sla.models import Policy, PolicyVersion
from steward.sla.queries import current_policy_version, policies, policy_versions
from steward.sla.queries.policies import promise_for
from steward.sla.rules.story import Story
from tests.cast import NOW, SETUP

from .conftest import TARGETS

pytestmark = pytest.mark.django_db


def last_fact(policy):
    return Event.objects.filter(stream=f"policy:{policy.pk}").latest("seq").fact


def test_only_those_who_manage_settings_may(desk):
    for who in (desk.cast.ada, desk.cast.lin, desk.cast.eno):
        by = actor_for(who)
        with pytest.raises(NotAllowed):
            create_policy(name="Mine", calendar=desk.always, targets=TARGETS, by=by, at=NOW)
        with pytest.raises(NotAllowed):
            change_policy(policy_id=desk.policy.pk, changes={"name": "Mine"}, by=by, at=NOW)
        with pytest.raises(NotAllowed):
            publish_policy_version(policy_id=desk.policy.pk, calendar=desk.always, targets=TARGETS, by=by, at=NOW)
        with pytest.raises(NotAllowed):
            create_default_policy(by=by, at=NOW)
    create_policy(name="Hers", calendar=desk.always, targets=TARGETS, by=actor_for(desk.cast.ana), at=NOW)


def test_a_new_policy_is_matched_last_unless_said_otherwise(desk):
    last = create_policy(name="Last", calendar=desk.always, targets=TARGETS, by=SETUP, at=NOW)
    first = create_policy(name="First", calendar=desk.always, targets=TARGETS, position=0, by=SETUP, at=NOW)
    assert policies() == [first, desk.policy, last]
    change_policy(policy_id=last.pk, changes={"position": 50, "name": "Middle"}, by=SETUP, at=NOW)
    assert last_fact(last) == PolicyChanged(policy_id=last.pk, changes={"name": ("Last", "Middle"), "position": (101, 50)})
    assert [p.name for p in policies()] == ["First", "Middle", "All"]
    change_policy(policy_id=first.pk, changes={"is_active": False}, by=SETUP, at=NOW)
    assert first not in policies()
    assert first in policies(include_inactive=True)


def test_a_version_keeps_old_and_new_of_what_changed(desk):
    targets = {"resolution": {"1": 3600}}
    version = publish_policy_version(
        policy_id=desk.policy.pk, calendar=desk.office, targets=targets, warn_at=0.75, by=SETUP, at=NOW
    )
    assert [v.version for v in policy_versions(desk.policy.pk)] == [2, 1]
    assert current_policy_version(desk.policy.pk) == version
    assert last_fact(desk.policy) == PolicyVersionPublished(
        policy_id=desk.policy.pk,
        policy_version_id=version.pk,
        version=2,
        changes={"calendar_id": (desk.always.pk, desk.office.pk), "targets": (TARGETS, targets)},
    )


def test_the_same_again_publishes_nothing(desk):
    publish_policy_version(policy_id=desk.policy.pk, calendar=desk.always, targets=TARGETS, by=SETUP, at=NOW)
    assert PolicyVersion.objects.count() == 1


def test_two_people_publishing_at_once_see_each_other(desk):
    publish_policy_version(policy_id=desk.policy.pk, calendar=desk.office, targets=TARGETS, seen_version=1, by=SETUP, at=NOW)
    with pytest.raises(Conflict) as refused:
        publish_policy_version(policy_id=desk.policy.pk, calendar=desk.always, targets=TARGETS, seen_version=1, by=SETUP, at=NOW)
    assert (refused.value.theirs, refused.value.yours) == (2, 1)


def test_a_published_version_can_neither_be_changed_nor_deleted(desk):
    with pytest.raises(DatabaseError, match="stands for good"), transaction.atomic():
        PolicyVersion.objects.update(warn_at=0.1)
    with pytest.raises(DatabaseError, match="stands for good"), transaction.atomic():
        PolicyVersion.objects.all().delete()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"targets": {}}, "targets"),
        ({"targets": {"resolution": {"1": 5}}}, "targets"),
        ({"conditions": {"moon": [1]}}, "conditions"),
        ({"warn_at": 2}, "warn_at"),
        ({"pause_on": {"resolution": ["new"]}}, "pause_on"),
        ({"name": " "}, "name"),
        ({"position": -1}, "position"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_in_words(desk, values, field):
    with pytest.raises(Invalid) as refused:
        create_policy(**{"name": "New", "calendar": desk.always, "targets": TARGETS, "by": SETUP, "at": NOW, **values})
    assert refused.value.field == field
    assert refused.value.message


def test_names_are_taken_once_and_a_put_away_calendar_is_not_promised_by(desk):
    with pytest.raises(Conflict):
        create_policy(name="ALL", calendar=desk.always, targets=TARGETS, by=SETUP, at=NOW)
    away = change_calendar(calendar_id=desk.office.pk, changes={"is_active": False}, by=SETUP, at=NOW)
    with pytest.raises(Invalid):
        create_policy(name="New", calendar=away, targets=TARGETS, by=SETUP, at=NOW)
    with pytest.raises(NotFound):
        change_policy(policy_id=10**9, changes={}, by=SETUP, at=NOW)
    with pytest.raises(Invalid):
        change_policy(policy_id=desk.policy.pk, changes={"created_at": NOW}, by=SETUP, at=NOW)


def test_the_first_policy_in_order_that_matches_holds(desk):
    urgent = create_policy(
        name="Indian urgent",
        calendar=desk.always,
        targets=TARGETS,
        conditions={"priorities": [1], "markets": ["IN"]},
        position=0,
        by=SETUP,
        at=NOW - timedelta(days=1),
    )

    def matched(priority, requester, at=NOW):
        found = promise_for(Story(queue_id=1, priority=priority, state="new"), requester, at=at)
        return found and found.policy_version.policy

    assert matched(1, desk.cast.ravi) == urgent
    assert matched(1, desk.cast.oto) == desk.policy
    assert matched(2, desk.cast.ravi) == desk.policy
    assert matched(1, desk.cast.ravi, NOW - timedelta(days=2)) == desk.policy
    assert matched(1, desk.cast.ravi, NOW - timedelta(days=99)) is None


def test_a_fresh_desk_gets_two_calendars_and_two_policies_once(db):
    by = system("set-up")
    made = create_default_policy(time_zone="Asia/Shanghai", by=by, at=NOW)
    assert [version.calendar.name for p in made for version in policy_versions(p.pk)] == ["Around the clock", "Office hours"]
    assert create_default_policy(by=by, at=NOW) == made
    assert (Policy.objects.count(), BusinessCalendar.objects.count()) == (2, 2)


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_a_fresh_desk_promises_something_at_every_priority(cast, priority):
    create_default_policy(by=system("set-up"), at=NOW)
    found = promise_for(Story(queue_id=cast.support.pk, priority=priority, state="new"), cast.ravi, at=NOW)
    assert set(found.policy_version.targets) == {"first_response", "next_response", "resolution"}
    assert found.policy_version.targets["first_response"][str(priority)] > 0
