"""`steward verify` finds what the ledger does not say."""

import pytest

from steward.people.actions import add_member, create_team, deactivate_user, reactivate_user, remove_member, set_roles
from steward.people.models import Membership, User
from steward.people.queries.checks import people_problems
from tests.people.cast import AT, SYSTEM, user

pytestmark = pytest.mark.django_db


def busy_desk() -> tuple[User, int]:
    ada, ben = user("Ada"), user("Ben")
    team = create_team(name="Night", by=SYSTEM, at=AT)
    for each in (ada, ben):
        add_member(team_id=team.pk, user_id=each.pk, by=SYSTEM, at=AT)
    remove_member(team_id=team.pk, user_id=ben.pk, by=SYSTEM, at=AT)
    set_roles(user_id=ada.pk, roles=["lead"], by=SYSTEM, at=AT)
    deactivate_user(user_id=ben.pk, by=SYSTEM, at=AT)
    reactivate_user(user_id=ben.pk, by=SYSTEM, at=AT)
    return ada, team.pk


def test_what_was_done_by_actions_is_in_order() -> None:
    busy_desk()
    assert list(people_problems()) == []


def test_roles_activity_and_teams_changed_behind_the_ledger_are_told() -> None:
    ada, _team_id = busy_desk()
    User.objects.filter(id=ada.pk).update(roles=["admin"], is_active=False)
    Membership.objects.filter(user=ada).delete()
    problems = "\n".join(people_problems())
    assert "has the roles ['admin']" in problems
    assert "inactive" in problems
    assert "is not in team" in problems


def test_a_user_and_a_membership_nobody_made_are_told() -> None:
    _ada, team_id = busy_desk()
    stranger = User.objects.create(email="x@desk.example", name="X", roles=["agent"], created_at=AT)
    Membership.objects.create(team_id=team_id, user=stranger)
    problems = "\n".join(people_problems())
    assert f"user {stranger.pk} is not in the ledger" in problems
    assert f"user {stranger.pk} is in team {team_id}" in problems
