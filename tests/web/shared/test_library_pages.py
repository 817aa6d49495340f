import re

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_sign_in_page_is_ours(client: Client) -> None:
    page = client.get("/sign-in/login/?next=/account/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<title>Sign in · Steward</title>" in text
    assert 'autocomplete="username webauthn"' in text
    assert 'name="next" value="/account/"' in text
    assert 'src="/static/mfa/js/webauthn.js"' in text


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client, cast: Cast) -> None:
    page = client.post("/sign-in/login/", {"login": cast.ada.email, "password": "not this one"})
    text = page.content.decode()
    assert 'role="alert"' in text
    assert f'value="{cast.ada.email}"' in text
    assert "not this one" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/password/change/",
        "/sign-in/2fa/",
        "/sign-in/2fa/totp/activate/",
        "/sign-in/2fa/webauthn/add/",
        "/sign-in/sessions/",
        "/sign-in/logout/",
    ],
)
def test_the_pages_of_the_library_wear_our_shell(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.ada)
    page = client.get(address, follow=True)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'href="/static/app-' in text
    assert '<div class="library">' in text or "reauthenticate" in page.request["PATH_INFO"]
    assert re.search(r"<title>\S.* · Steward</title>", text)
    assert not re.search(r"\sstyle=", text)
    assert text.count("<html") == 1


def test_a_managed_page_has_the_desk_around_it_and_an_entrance_does_not(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert 'class="desk"' in client.get("/sign-in/2fa/").content.decode()
    client.logout()
    assert 'class="bare"' in client.get("/sign-in/login/").content.decode()
