"""Signing in and up, by the rules of this desk."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from steward.ledger.models import Event
from steward.people.actions import change_user, deactivate_user, ensure_requester
from steward.people.models import Requester, User
from tests.people.cast import AT, PASSWORD, SYSTEM, admin, kinds_on, last_on, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live_urls")]
SIGN_UP = {"email": "Ravi@x.example", "password1": PASSWORD, "password2": PASSWORD}


def sign_in(client: Client, email: str = "ada@desk.example", password: str = PASSWORD) -> bool:
    client.post("/sign-in/login/", {"login": email, "password": password})
    return not client.get("/").content.startswith(b"anonymous")


def test_address_and_password_sign_in_however_the_address_is_written(client: Client) -> None:
    user("Ada", password=PASSWORD)
    assert sign_in(client, email="ADA@Desk.Example")


@pytest.mark.parametrize(
    ("email", "password"), [("ada@desk.example", "wrong"), ("oto@desk.example", PASSWORD), ("", ""), ("ada@desk.example", "x\x00y")]
)
def test_anything_else_does_not(client: Client, email: str, password: str) -> None:
    user("Ada", password=PASSWORD)
    assert not sign_in(client, email, password)


def test_a_deactivated_user_does_not_sign_in(client: Client) -> None:
    ada = user("Ada", password=PASSWORD)
    deactivate_user(user_id=ada.pk, by=SYSTEM, at=AT)
    assert not sign_in(client)


def test_an_imported_user_without_password_does_not_sign_in(client: Client) -> None:
    user("Ada")
    assert not sign_in(client, password="")
    assert not sign_in(client)


def test_after_a_change_of_address_only_the_new_one_signs_in(client: Client) -> None:
    ada = user("Ada", password=PASSWORD)
    change_user(user_id=ada.pk, changes={"email": "ada.l@desk.example"}, by=admin(), at=AT)
    assert not sign_in(Client(), "ada@desk.example")
    assert sign_in(client, "ada.l@desk.example")


def test_ones_own_new_password_is_in_the_ledger_and_keeps_this_session(client: Client) -> None:
    ada = user("Ada", password=PASSWORD)
    assert sign_in(client)
    new = "an entirely other phrase"
    client.post("/sign-in/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert last_on(f"user:{ada.pk}") == {"user_id": ada.pk, "how": "self", "password_link_id": None}
    assert client.get("/").content == b"agent:Ada:[]"
    assert Event.objects.filter(stream=f"user:{ada.pk}").latest("seq").actor_id == ada.pk


def test_signing_up_is_closed(client: Client) -> None:
    client.post("/sign-in/signup/", SIGN_UP)
    assert not User.objects.exists()


def test_signing_up_stays_closed_while_addresses_are_not_proven(client: Client, settings) -> None:
    settings.SIGNUP, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "none"
    client.post("/sign-in/signup/", SIGN_UP)
    assert not User.objects.exists()


def test_on_an_open_desk_who_proves_their_address_is_the_requester_known_by_it(client: Client, settings) -> None:
    settings.SIGNUP, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "mandatory"
    known = ensure_requester(email="ravi@x.example", name="Ravi", by=SYSTEM, at=AT)
    client.post("/sign-in/signup/", SIGN_UP)
    ravi = User.objects.get()
    assert (ravi.email, ravi.roles) == ("ravi@x.example", ["requester"])
    assert Requester.objects.get(user=ravi) == known
    assert kinds_on(f"user:{ravi.pk}") == ["people.user_joined"]
    assert not sign_in(client, "ravi@x.example")
    [sent] = [each for each in mail.outbox if "/confirm-email/" in each.body]
    path = next(word for word in sent.body.split() if "/confirm-email/" in word).partition("testserver")[2]
    client.post(path)
    assert sign_in(Client(), "ravi@x.example")


def test_a_second_factor_can_be_set_up(client: Client) -> None:
    user("Ada", password=PASSWORD)
    assert sign_in(client)
    client.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    assert client.get("/sign-in/2fa/totp/activate/").status_code == 200
    assert client.get("/sign-in/2fa/webauthn/add/").status_code == 200


def test_with_a_second_factor_the_password_alone_does_not_sign_in(client: Client) -> None:
    TOTP.activate(user("Ada", password=PASSWORD), generate_totp_secret())
    assert not sign_in(client)


def test_the_address_is_not_for_its_owner_to_change(client: Client) -> None:
    client.force_login(user("Ada"))
    response = client.get("/sign-in/email/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/")
