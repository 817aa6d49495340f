"""Who acts, and what they may do."""

import pytest

from steward.people import permissions
from steward.people.actions import add_member, create_team, ensure_requester
from steward.people.actor import Actor, ActorKind, anonymous, system
from steward.people.queries import actor_for, actor_of_user, has_admin, requester_actor, users_page, users_with_capability
from steward.people.rules import Capability, Role
from tests.people.cast import AT, SYSTEM, user

pytestmark = pytest.mark.django_db


def test_a_user_is_an_agent_with_teams_and_capabilities() -> None:
    team, ada = create_team(name="Night", by=SYSTEM, at=AT), user("Ada", "agent", "requester")
    add_member(team_id=team.pk, user_id=ada.pk, by=SYSTEM, at=AT)
    actor = actor_for(ada, request_id="r")
    assert (actor.kind, actor.id, actor.user_id, actor.name) == (ActorKind.AGENT, ada.pk, ada.pk, "Ada")
    assert actor.team_ids == {team.pk}
    assert actor.requester_id is not None
    assert actor.can(Capability.WORK_TICKETS)
    assert not actor.can(Capability.MANAGE_PEOPLE)


def test_the_actor_costs_one_query_beside_the_users(assert_queries) -> None:
    ada = user("Ada", "agent", "requester")
    with assert_queries(1):
        actor_for(ada)
    with assert_queries(2):
        actor_of_user(ada.pk)


def test_a_requester_without_account_speaks_for_themselves() -> None:
    ravi = ensure_requester(email="ravi@x.example", name="Ravi", time_zone="Asia/Tokyo", by=SYSTEM, at=AT)
    actor = requester_actor(ravi)
    assert (actor.kind, actor.id, actor.user_id, actor.time_zone) == ("requester", ravi.pk, None, "Asia/Tokyo")
    assert actor.capabilities == {Capability.ASK}
    assert actor.is_person
    assert not actor.is_signed_in


def test_the_system_may_do_everything_and_nobody_nothing() -> None:
    assert system("sla.sweep").capabilities == frozenset(Capability)
    assert system("sla.sweep").id is None
    assert anonymous().capabilities == frozenset()
    assert not anonymous().is_person


@pytest.mark.parametrize(
    "predicate",
    [permissions.may_manage_people, permissions.may_manage_teams, permissions.may_see_people, permissions.may_change_requester],
)
def test_nobody_and_requesters_may_nothing(predicate) -> None:
    assert not predicate(anonymous())
    assert not predicate(actor_for(user("Ravi", "requester")))


def test_nobody_has_no_profile_and_is_no_requester() -> None:
    nobody = Actor(kind=ActorKind.ANONYMOUS)
    assert not permissions.may_change_profile(nobody, 0)
    assert not permissions.may_see_requester(nobody, 0)


def test_everybody_who_works_here_sees_who_else_does() -> None:
    for role in set(Role) - {Role.REQUESTER}:
        assert permissions.may_see_people(actor_for(user(role.value, role.value)))


def test_users_are_found_by_what_they_can_do() -> None:
    ada, lin = user("Ada"), user("Lin", "lead", "agent")
    user("Eva", "engineer")
    assert set(users_with_capability(Capability.WORK_TICKETS)) == {ada, lin}
    assert not has_admin()


def test_the_list_of_users_is_paged_both_ways() -> None:
    for name in ("Eve", "Ada", "Cleo", "Ben", "Dan"):
        user(name)
    first = users_page(page_size=2)
    second = users_page(page=first.older or "", page_size=2)
    third = users_page(page=second.older or "", page_size=2)
    assert [[each.name for each in page.rows] for page in (first, second, third)] == [["Ada", "Ben"], ["Cleo", "Dan"], ["Eve"]]
    assert (first.newer, third.older) == (None, None)
    back = users_page(page=third.newer or "", page_size=2)
    assert [each.name for each in back.rows] == ["Cleo", "Dan"]
    assert [each.name for each in users_page(page=back.newer or "", page_size=2).rows] == ["Ada", "Ben"]


def test_the_list_of_users_is_searched_and_filtered() -> None:
    user("Ada", "agent")
    user("Lin", "lead")
    assert [each.name for each in users_page(search="LI").rows] == ["Lin"]
    assert [each.name for each in users_page(search="ada@").rows] == ["Ada"]
    assert [each.name for each in users_page(role=Role.LEAD).rows] == ["Lin"]
    assert users_page(is_active=False).rows == []
    assert users_page(search="%").rows == []


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_list_of_users_costs_three_queries(count: int, assert_queries) -> None:
    team = create_team(name="Night", by=SYSTEM, at=AT)
    for number in range(count):
        add_member(team_id=team.pk, user_id=user(f"U{number}").pk, by=SYSTEM, at=AT)
    with assert_queries(3):
        assert len([each.memberships.all()[0].team.name for each in users_page().rows]) == count
