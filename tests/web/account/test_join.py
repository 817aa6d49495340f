"""The page behind an invitation's link."""

from datetime import timedelta

import pytest
from django.test import Client

from steward.core import clock
from steward.people.actions import first_admin_link, invite_user
from steward.people.models import User
from steward.people.rules import LINK_LIVES_FOR
from tests.people.cast import PASSWORD, SYSTEM, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live_urls")]
FORM = {"name": "Ada", "password": PASSWORD, "language": "en", "time_zone": "Asia/Shanghai"}


def invited(ago: timedelta = timedelta(0), **given: object) -> str:
    _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=SYSTEM, at=clock.now() - ago)
    return f"/account/join/{token}/"


def test_the_page_shows_the_address_and_asks_for_name_and_password(client: Client) -> None:
    response = client.get(invited())
    page = response.content.decode()
    assert response.status_code == 200
    assert "ada@desk.example" in page
    assert 'name="password"' in page
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_looking_does_not_use_the_link(client: Client) -> None:
    url = invited()
    for _look in range(3):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200


def test_joining_signs_in(client: Client) -> None:
    response = client.post(invited(), FORM)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/").content == b"agent:Ada:[]"
    assert User.objects.get().time_zone == "Asia/Shanghai"


def test_the_first_admin_says_their_address(client: Client) -> None:
    url = f"/account/join/{first_admin_link(at=clock.now())}/"
    assert "autofocus" in client.get(url).content.decode()
    assert client.post(url, {**FORM, "email": "Root@desk.example"}).status_code == 302
    assert User.objects.get().roles == ["lead", "admin"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("password", "short"), ("time_zone", "Mars"), ("language", "klingon please"), ("name", "N\x00")],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(client: Client, field: str, value: str) -> None:
    url = invited()
    response = client.post(url, {**FORM, field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="field-{field}-error"' in page
    assert PASSWORD not in page
    if field != "name":
        assert 'value="Ada"' in page
    assert client.post(url, FORM).status_code == 302


def test_a_used_link_says_so(client: Client) -> None:
    url = invited()
    client.post(url, FORM)
    for response in (client.get(url), Client().get(url), Client().post(url, FORM)):
        assert response.status_code == 409
        assert b"used already" in response.content


def test_an_expired_link_says_so(client: Client) -> None:
    response = client.get(invited(ago=LINK_LIVES_FOR))
    assert response.status_code == 409
    assert b"expired" in response.content


def test_a_made_up_link_is_not_found(client: Client) -> None:
    assert client.get("/account/join/made-up/").status_code == 404


def test_an_address_taken_meanwhile_is_told(client: Client) -> None:
    url = invited()
    user("Ada")
    response = client.post(url, FORM)
    assert response.status_code == 422
    assert b"here already" in response.content


def test_who_is_signed_in_is_warned_and_then_signed_in_as_the_new_person(client: Client) -> None:
    client.force_login(user("Ben"))
    url = invited()
    assert b"signed in as Ben" in client.get(url).content
    client.post(url, FORM)
    assert client.get("/").content == b"agent:Ada:[]"


def test_a_form_from_elsewhere_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post(invited(), FORM).status_code == 403
