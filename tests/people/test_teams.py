"""Teams and who is in them."""

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.people.actions import add_member, change_team, create_team, deactivate_user, remove_member
from steward.people.models import Membership
from steward.people.queries import actor_for, members_of, team_ids_of, teams_with_members
from tests.people.cast import AT, SYSTEM, admin, kinds_on, last_on, user

pytestmark = pytest.mark.django_db


def test_a_team_is_made_renamed_and_closed_with_old_and_new() -> None:
    root = admin()
    team = create_team(name=" Night  shift ", by=root, at=AT)
    assert team.name == "Night shift"
    change_team(team_id=team.pk, changes={"name": "Nights", "is_active": False}, by=root, at=AT)
    assert last_on(f"team:{team.pk}")["changes"] == {"name": ["Night shift", "Nights"], "is_active": [True, False]}


def test_changing_nothing_records_nothing() -> None:
    team = create_team(name="Night", by=SYSTEM, at=AT)
    change_team(team_id=team.pk, changes={"name": "Night"}, by=SYSTEM, at=AT)
    assert kinds_on(f"team:{team.pk}") == ["people.team_created"]


def test_two_teams_have_two_names() -> None:
    create_team(name="Night", by=SYSTEM, at=AT)
    day = create_team(name="Day", by=SYSTEM, at=AT)
    with pytest.raises(Conflict):
        create_team(name="NIGHT", by=SYSTEM, at=AT)
    with pytest.raises(Conflict):
        change_team(team_id=day.pk, changes={"name": "night"}, by=SYSTEM, at=AT)


def test_a_team_without_a_name_or_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(Invalid):
        create_team(name="  ", by=SYSTEM, at=AT)
    team = create_team(name="Night", by=SYSTEM, at=AT)
    with pytest.raises(Invalid):
        change_team(team_id=team.pk, changes={"color": "red"}, by=SYSTEM, at=AT)


def test_a_member_is_added_once_and_removed_once() -> None:
    team, ada = create_team(name="Night", by=SYSTEM, at=AT), user("Ada")
    for _twice in range(2):
        add_member(team_id=team.pk, user_id=ada.pk, by=SYSTEM, at=AT)
    assert actor_for(ada).team_ids == {team.pk}
    for _twice in range(2):
        remove_member(team_id=team.pk, user_id=ada.pk, by=SYSTEM, at=AT)
    assert actor_for(ada).team_ids == frozenset()
    assert kinds_on(f"team:{team.pk}") == ["people.team_created", "people.membership_added", "people.membership_removed"]


def test_members_and_teams_that_are_not_there_are_not_found() -> None:
    team, ada = create_team(name="Night", by=SYSTEM, at=AT), user("Ada")
    with pytest.raises(NotFound):
        add_member(team_id=team.pk, user_id=999_999, by=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        add_member(team_id=999_999, user_id=ada.pk, by=SYSTEM, at=AT)


@pytest.mark.parametrize("role", ["requester", "agent", "lead", "engineer", "reviewer"])
def test_nobody_but_an_admin_makes_teams_or_says_who_is_in_them(role: str) -> None:
    team, actor = create_team(name="Night", by=SYSTEM, at=AT), actor_for(user("Someone", role))
    for act in (
        lambda: create_team(name="Mine", by=actor, at=AT),
        lambda: change_team(team_id=team.pk, changes={"name": "Mine"}, by=actor, at=AT),
        lambda: add_member(team_id=team.pk, user_id=actor.user_id or 0, by=actor, at=AT),
        lambda: remove_member(team_id=team.pk, user_id=actor.user_id or 0, by=actor, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not Membership.objects.exists()


def test_a_closed_team_gives_nobody_anything() -> None:
    team, ada = create_team(name="Night", by=SYSTEM, at=AT), user("Ada")
    add_member(team_id=team.pk, user_id=ada.pk, by=SYSTEM, at=AT)
    change_team(team_id=team.pk, changes={"is_active": False}, by=SYSTEM, at=AT)
    assert actor_for(ada).team_ids == frozenset()
    assert team_ids_of([ada.pk]) == {ada.pk: frozenset()}


def test_members_are_the_active_ones_by_name() -> None:
    team = create_team(name="Night", by=SYSTEM, at=AT)
    people = [user(name) for name in ("Cleo", "Ada", "Ben")]
    for each in people:
        add_member(team_id=team.pk, user_id=each.pk, by=SYSTEM, at=AT)
    deactivate_user(user_id=people[2].pk, by=SYSTEM, at=AT)
    assert [each.name for each in members_of(team.pk)] == ["Ada", "Cleo"]


@pytest.mark.parametrize("count", [1, 3, 12])
def test_teams_and_their_members_cost_two_queries(count: int, assert_queries) -> None:
    for number in range(count):
        team = create_team(name=f"Team {number}", by=SYSTEM, at=AT)
        add_member(team_id=team.pk, user_id=user(f"U{number}").pk, by=SYSTEM, at=AT)
    with assert_queries(2):
        assert sum(len([each.user.name for each in team.memberships.all()]) for team in teams_with_members()) == count
