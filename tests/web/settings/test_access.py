"""Who may see and change which setting: each role at each screen."""

import pytest
from django.test import Client

from steward.people.models import User
from steward.people.rules import Role
from tests.cast import Cast, user
from tests.web.settings.story import ANYBODYS, LEADS, POSTS, SCREENS, address

WORKING = [Role.AGENT, Role.LEAD, Role.ENGINEER, Role.REVIEWER]


@pytest.fixture
def people(cast: Cast) -> dict[Role, User]:
    return {role: user(role.value.capitalize(), role) for role in Role}


@pytest.mark.parametrize("screen", SCREENS)
def test_an_admin_sees_every_screen(cast: Cast, client: Client, screen: str) -> None:
    client.force_login(cast.ana)
    response = client.get(address(screen, cast))
    assert response.status_code == 200, response.content.decode()[:2000]


@pytest.mark.parametrize("screen", SCREENS)
def test_who_is_not_signed_in_is_sent_to_the_sign_in(cast: Cast, client: Client, screen: str) -> None:
    response = client.get(address(screen, cast))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


def test_a_requester_is_shown_to_the_portal_and_may_post_nothing(cast: Cast, client: Client, people: dict[Role, User]) -> None:
    client.force_login(people[Role.REQUESTER])
    for screen in SCREENS:
        response = client.get(address(screen, cast))
        assert (response.status_code, response.headers.get("Location")) == (302, "/portal/"), screen
    for screen in POSTS:
        assert client.post(address(screen, cast)).status_code == 404, screen


@pytest.mark.parametrize("role", WORKING)
def test_other_roles_are_refused_in_words_except_where_everybody_may_look(
    cast: Cast, client: Client, people: dict[Role, User], role: Role
) -> None:
    client.force_login(people[role])
    for screen in SCREENS:
        response = client.get(address(screen, cast))
        may = screen in ANYBODYS or (role == Role.LEAD and screen in LEADS)
        assert response.status_code == (200 if may else 403), (screen, response.status_code)
    for screen in POSTS:
        may = screen == "settings:requester_about" and role in {Role.AGENT, Role.LEAD}
        may = may or (role == Role.LEAD and screen in LEADS)
        response = client.post(address(screen, cast))
        assert response.status_code == (303 if may else 403), (screen, response.status_code)


def test_the_sections_shown_are_those_one_may_go_to(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    page = client.get("/settings/").content.decode()
    assert "Requesters" in page
    assert "SLA policies" not in page
    client.force_login(cast.ana)
    page = client.get("/settings/").content.decode()
    assert "SLA policies" in page
