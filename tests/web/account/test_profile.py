"""One's own account."""

import pytest
from django.test import Client

from tests.people.cast import last_on, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live_urls")]
FORM = {"name": "Ada L.", "language": "zh-hans", "time_zone": "Asia/Shanghai"}


@pytest.mark.parametrize("role", ["agent", "requester", "admin"])
def test_everybody_sees_their_own_account(client: Client, role: str) -> None:
    client.force_login(user("Ada", role))
    page = client.get("/account/").content.decode()
    assert 'value="Ada"' in page
    assert "ada@desk.example" in page


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client) -> None:
    for response in (client.get("/account/"), client.post("/account/", FORM), client.post("/account/notices/")):
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/login/")


def test_name_language_and_zone_are_changed(client: Client) -> None:
    ada = user("Ada")
    client.force_login(ada)
    assert client.post("/account/", FORM).status_code == 303
    ada.refresh_from_db()
    assert (ada.name, ada.language, ada.time_zone) == ("Ada L.", "zh-hans", "Asia/Shanghai")
    assert last_on(f"user:{ada.pk}")["personal"] == ["name"]


def test_a_bad_value_is_told_beside_its_field_and_nothing_is_changed(client: Client) -> None:
    ada = user("Ada")
    client.force_login(ada)
    response = client.post("/account/", {**FORM, "time_zone": "Mars"})
    assert response.status_code == 422
    assert b"field-time_zone-error" in response.content
    assert b"Ada L." in response.content
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_an_address_sent_along_changes_nothing(client: Client) -> None:
    ada = user("Ada")
    client.force_login(ada)
    client.post("/account/", {**FORM, "email": "evil@desk.example", "roles": "admin"})
    ada.refresh_from_db()
    assert (ada.email, ada.roles) == ("ada@desk.example", ["agent"])
