"""People, invitations, password links and teams as an admin manages them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from steward.core import clock
from steward.people.models import Invitation, Membership, PasswordLink, User
from steward.people.queries.links import open_invitation, open_password_link
from tests.cast import SETUP, Cast, user

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana)
    return client


def token_in(body: str, kind: str) -> str:
    found = re.search(rf'value="http://testserver/account/{kind}/([^"/]+)/"', body)
    assert found, body[:3000]
    return found[1]


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_list_of_people_costs_the_same_however_many_there_are(
    cast: Cast, admin: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    admin.get("/settings/people/")
    for _number in range(count):
        user("Zoe", "agent", team=cast.team)
    # Session, user, actor; people, their memberships and teams; open invitations; queues and notices for the bell.
    with assert_queries(8):
        page = admin.get("/settings/people/")
    assert page.content.decode().count("Zoe</a>") == min(count, 45)


def test_people_are_searched_and_narrowed(cast: Cast, admin: Client) -> None:
    rows = admin.get("/settings/people/?q=BEN&role=agent&state=active", **HTMX).content.decode()
    assert "Ben" in rows
    assert "Lin" not in rows
    assert "<html" not in rows
    assert "Nobody like that" in admin.get("/settings/people/?q=nobody").content.decode()
    assert admin.get("/settings/people/?role=emperor&state=odd&q=%00").status_code == 200
    assert admin.get("/settings/people/?page=rubbish").status_code == 422


def test_a_user_is_changed_and_the_history_says_what_became_of_what(cast: Cast, admin: Client) -> None:
    form = {"name": "Ada", "email": cast.ada.email, "language": "en", "time_zone": "Asia/Tokyo"}
    assert admin.post(f"/settings/people/{cast.ada.pk}/about/", form).status_code == 303
    assert admin.post(f"/settings/people/{cast.ada.pk}/roles/", {"roles": ["agent", "lead"]}).status_code == 303
    cast.ada.refresh_from_db()
    assert (cast.ada.time_zone, cast.ada.roles) == ("Asia/Tokyo", ["agent", "lead"])
    page = admin.get(f"/settings/people/{cast.ada.pk}/").content.decode()
    for words in ('<del dir="auto">UTC</del>', '<ins dir="auto">Asia/Tokyo</ins>', "Agent, Lead", "Ana"):
        assert words in page


def test_a_bad_value_changes_nothing_and_names_its_field(cast: Cast, admin: Client) -> None:
    form = {"name": "Ada", "email": cast.ben.email, "language": "en", "time_zone": "UTC"}
    response = admin.post(f"/settings/people/{cast.ada.pk}/about/", form, **HTMX)
    assert response.status_code == 409
    assert '"field": "email"' in response["HX-Trigger"]
    response = admin.post(f"/settings/people/{cast.ada.pk}/about/", {**form, "email": "x", "name": "\x00"}, **HTMX)
    assert response.status_code == 422
    assert admin.post(f"/settings/people/{cast.ada.pk}/roles/", {"roles": ["emperor"]}).status_code == 422
    assert admin.post(f"/settings/people/{cast.ada.pk}/roles/").status_code == 422
    assert admin.get("/settings/people/999999/").status_code == 404
    assert admin.get(f"/settings/people/{9 * 10**30}/").status_code == 404


def test_somebody_is_deactivated_and_let_in_again(cast: Cast, admin: Client) -> None:
    to = f"/settings/people/{cast.ada.pk}/active/"
    assert admin.post(to).status_code == 303
    assert not User.objects.get(pk=cast.ada.pk).is_active
    assert "Reactivate" in admin.get(f"/settings/people/{cast.ada.pk}/").content.decode()
    assert admin.post(to, {"active": "1"}).status_code == 303
    assert User.objects.get(pk=cast.ada.pk).is_active


def test_the_last_admin_is_neither_deactivated_nor_demoted(cast: Cast, admin: Client) -> None:
    for to, form in (
        (f"/settings/people/{cast.ana.pk}/active/", {}),
        (f"/settings/people/{cast.ana.pk}/roles/", {"roles": ["lead"]}),
    ):
        response = admin.post(to, form)
        assert response.status_code == 409
        assert "This is the last admin" in response.content.decode()


def test_an_invitation_shows_its_link_once(cast: Cast, admin: Client) -> None:
    form = {"email": "Mara@desk.example", "name": XSS, "roles": ["agent"], "team_ids": [cast.team.pk]}
    made = admin.post("/settings/people/invitations/new/", form, **HTMX)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    invitation = open_invitation(token=token_in(made.content.decode(), "join"), at=clock.now())
    assert (invitation.email, invitation.team_ids) == ("mara@desk.example", [cast.team.pk])
    page = admin.get("/settings/people/invitations/").content.decode()
    assert "mara@desk.example" in page
    assert "/account/join/" not in page
    assert XSS not in page
    assert "&lt;img src=x" in page


def test_without_scripts_the_link_is_a_page(cast: Cast, admin: Client) -> None:
    made = admin.post("/settings/people/invitations/new/", {"email": "m@desk.example", "roles": ["agent"]})
    assert token_in(made.content.decode(), "join")
    assert "<html" in made.content.decode()


def test_an_invitation_is_withdrawn(cast: Cast, admin: Client) -> None:
    admin.post("/settings/people/invitations/new/", {"email": "m@desk.example", "roles": ["agent"]})
    invitation = Invitation.objects.get(email="m@desk.example")
    assert admin.post(f"/settings/people/invitations/{invitation.pk}/withdraw/").status_code == 303
    assert "m@desk.example" not in admin.get("/settings/people/invitations/").content.decode()
    assert admin.post("/settings/people/invitations/999/withdraw/").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"email": "no address"},
        {"email": "m@desk.example", "roles": []},
        {"email": "m@desk.example", "team_ids": ["x"]},
        {"email": "m@desk.example", "team_ids": ["99"]},
        {"email": "m@desk.example", "time_zone": "Mars"},
    ],
)
def test_a_bad_invitation_makes_nothing(cast: Cast, admin: Client, form: dict[str, Any]) -> None:
    assert admin.post("/settings/people/invitations/new/", {"roles": ["agent"], **form}).status_code == 422
    assert not Invitation.objects.filter(first_admin=False).exists()


def test_a_password_link_is_shown_once_and_earlier_ones_die(cast: Cast, admin: Client) -> None:
    to = f"/settings/people/{cast.ada.pk}/password-link/"
    first = admin.post(to, **HTMX).content.decode()
    second = admin.post(to).content.decode()
    links = [re.search(r'data-copy="http://testserver(/account/[^"]+)"', body)[1] for body in (first, second)]
    assert open_password_link(token=links[1].strip("/").rpartition("/")[2], at=clock.now()).user_id == cast.ada.pk
    assert admin.get(links[0]).status_code == 409
    assert PasswordLink.objects.filter(user=cast.ada, withdrawn_at=None).count() == 1
    admin.post(f"/settings/people/{cast.ada.pk}/active/")
    assert admin.post(to).status_code == 409


def test_teams_are_made_filled_and_closed(cast: Cast, admin: Client) -> None:
    made = admin.post("/settings/teams/new/", {"name": XSS})
    assert made.status_code == 303
    to = made["Location"]
    assert admin.post(f"{to}members/", {"user_id": cast.eno.pk}).status_code == 303
    page = admin.get(to).content.decode()
    assert "Eno" in page
    assert XSS not in page
    assert admin.post(f"{to}members/{cast.eno.pk}/remove/").status_code == 303
    assert admin.post(f"{to}about/", {"name": "Night watch"}).status_code == 303
    assert admin.post(f"{to}active/").status_code == 303
    page = admin.get(to).content.decode()
    for words in ("Night watch", "Member added: Eno", "Member removed: Eno", "Closed"):
        assert words in page
    assert admin.post("/settings/teams/new/", {"name": "night WATCH"}).status_code == 409
    assert admin.post(f"{to}members/", {"user_id": ""}).status_code == 422
    assert admin.post(f"{to}members/", {"user_id": "999999"}).status_code == 404


def test_somebodys_teams_are_the_boxes_ticked(cast: Cast, admin: Client) -> None:
    to = f"/settings/people/{cast.ada.pk}/teams/"
    assert admin.post(to).status_code == 303
    assert not Membership.objects.filter(user=cast.ada).exists()
    assert admin.post(to, {"team_ids": [cast.team.pk]}).status_code == 303
    assert Membership.objects.filter(user=cast.ada, team=cast.team).count() == 1
    assert admin.post(to, {"team_ids": [cast.team.pk, 999_999]}).status_code == 404
    assert Membership.objects.filter(user=cast.ada).count() == 1


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_of_teams_costs_the_same_however_many_there_are(
    cast: Cast, admin: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    from steward.people.actions import add_member, create_team

    admin.get("/settings/teams/")
    for number in range(count):
        team = create_team(name=f"Team {number}", by=SETUP, at=cast.at)
        add_member(team_id=team.pk, user_id=cast.ben.pk, by=SETUP, at=cast.at)
    with assert_queries(6):
        admin.get("/settings/teams/")


def test_a_users_name_cannot_carry_markup_anywhere(cast: Cast, admin: Client) -> None:
    cast.ada.name = XSS
    cast.ada.save(update_fields=["name"])
    for path in ("people/", f"people/{cast.ada.pk}/", "teams/", f"teams/{cast.team.pk}/", f"queues/{cast.restricted.pk}/"):
        body = admin.get(f"/settings/{path}").content.decode()
        assert XSS not in body, path
        assert "&lt;img" in body, path
