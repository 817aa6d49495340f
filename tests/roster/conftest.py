"""The people of the roster's tests."""

from datetime import UTC, datetime

import pytest

from steward.people.actions.teams import add_member, create_team
from steward.people.actions.users import add_user
from steward.people.actor import system
from steward.people.queries.actors import actor_for

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
SETUP = system("test")


@pytest.fixture
def person(db):
    """Make a user by first name and roles."""

    def make(name, *roles, time_zone="UTC"):
        email = f"{name.lower()}@example.com"
        return add_user(email=email, name=name, roles=roles or ("agent",), time_zone=time_zone, by=SETUP, at=AT)

    return make


@pytest.fixture
def ada(person):
    return person("Ada")


@pytest.fixture
def lin(person):
    return actor_for(person("Lin", "lead"))


@pytest.fixture
def admin(person):
    return actor_for(person("Amal", "admin"))


@pytest.fixture
def team(db):
    """Make a team with members."""

    def make(name, *members):
        made = create_team(name=name, by=SETUP, at=AT)
        for user in members:
            add_member(team_id=made.pk, user_id=user.pk, by=SETUP, at=AT)
        return made

    return make
