"""The pages for a lost password."""

import pytest
from django.core import mail
from django.test import Client

from steward.core import clock
from steward.people.actions import make_password_link
from steward.people.models import User
from tests.people.cast import PASSWORD, SYSTEM, last_on, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live_urls")]
NEW = "an entirely other phrase"


def link_for(ada: User) -> str:
    _link, token = make_password_link(user_id=ada.pk, by=SYSTEM, at=clock.now())
    return f"/account/new-password/{token}/"


def test_a_link_sets_the_password_and_the_new_one_signs_in(client: Client) -> None:
    url = link_for(user("Ada", password=PASSWORD))
    assert b"ada@desk.example" in client.get(url).content
    response = client.post(url, {"password": NEW})
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/login/")
    assert client.get("/").content.startswith(b"anonymous")
    assert client.post("/sign-in/login/", {"login": "ADA@desk.example", "password": NEW}).status_code == 302
    assert client.get("/").content == b"agent:Ada:[]"


def test_every_session_ends_with_the_old_password(client: Client) -> None:
    ada, elsewhere = user("Ada", password=PASSWORD), Client()
    elsewhere.force_login(ada)
    client.post(link_for(ada), {"password": NEW})
    assert elsewhere.get("/").content.startswith(b"anonymous")


def test_a_bad_password_is_told_beside_the_field(client: Client) -> None:
    url = link_for(user("Ada"))
    response = client.post(url, {"password": "short"})
    assert response.status_code == 422
    assert b"field-password-error" in response.content
    assert client.post(url, {"password": NEW}).status_code == 302


def test_a_used_link_says_so_and_a_made_up_one_is_not_found(client: Client) -> None:
    url = link_for(user("Ada"))
    client.post(url, {"password": NEW})
    assert client.get(url).status_code == 409
    assert client.get("/account/new-password/made-up/").status_code == 404


def test_without_mail_one_is_told_whom_to_ask(client: Client, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    response = client.get("/sign-in/password/reset/")
    assert response.status_code == 200
    assert b"Ask an admin" in response.content


def test_with_mail_a_link_comes_to_the_address_and_works_once(client: Client) -> None:
    ada = user("Ada", password=PASSWORD)
    client.post("/sign-in/password/reset/", {"email": "Ada@Desk.example"})
    [sent] = mail.outbox
    path = next(word for word in sent.body.split() if "/password/reset/key/" in word).partition("testserver")[2]
    form = client.get(path, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert last_on(f"user:{ada.pk}") == {"user_id": ada.pk, "how": "mail", "password_link_id": None}
    assert b"already been used" in Client().get(path, follow=True).content
