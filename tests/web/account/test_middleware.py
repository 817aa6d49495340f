"""Who is asking: the actor of a request, its id, its language and zone."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone, translation

from steward.people.actions import add_member, create_team, deactivate_user, reactivate_user, set_password
from steward.people.queries import actor_for
from tests.people.cast import AT, PASSWORD, SYSTEM, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live_urls")]


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(user("Ada"))
    return client


def test_the_actor_is_the_user_with_their_teams(client: Client) -> None:
    team, ada = create_team(name="Night", by=SYSTEM, at=AT), user("Ada")
    add_member(team_id=team.pk, user_id=ada.pk, by=SYSTEM, at=AT)
    client.force_login(ada)
    assert client.get("/").content.decode() == f"agent:Ada:[{team.pk}]"


def test_a_requester_acts_as_requester(client: Client) -> None:
    client.force_login(user("Ravi", "requester"))
    assert client.get("/").content == b"requester:Ravi:[]"


def test_without_a_session_nobody_acts_and_the_database_is_not_asked(client: Client, assert_queries) -> None:
    with assert_queries(0):
        assert client.get("/").content == b"anonymous::[]"


def test_the_actor_costs_one_query_beside_the_session(signed_in: Client, assert_queries) -> None:
    with assert_queries(2):
        signed_in.get("/")


def test_each_answer_has_an_id_of_its_own(client: Client) -> None:
    ids = {uuid.UUID(client.get("/quiet/").headers["X-Request-ID"]) for _each in range(3)}
    assert len(ids) == 3


def test_an_id_sent_along_is_not_taken(client: Client) -> None:
    assert client.get("/quiet/", headers={"X-Request-ID": "forged"}).headers["X-Request-ID"] != "forged"


def test_the_answer_is_in_the_users_language_and_zone_and_the_next_ones_is_not(client: Client) -> None:
    ada = user("Ada")
    ada.language, ada.time_zone = "zh-hans", "Asia/Shanghai"
    ada.save()
    client.force_login(ada)
    assert client.get("/quiet/").headers["Content-Language"] == "zh-hans"
    assert timezone.get_current_timezone_name() == "UTC"
    assert translation.get_language() == "en"
    client.logout()
    assert client.get("/quiet/").headers["Content-Language"] == "en"


def test_somebody_not_signed_in_is_spoken_to_as_their_browser_asks(client: Client) -> None:
    response = client.get("/quiet/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert response.headers["Content-Language"] == "zh-hans"
    assert "Accept-Language" in response.headers["Vary"]


def test_a_language_the_screens_do_not_speak_is_answered_in_that_of_the_desk(client: Client) -> None:
    ada = user("Ada")
    ada.language = "tlh"
    ada.save()
    client.force_login(ada)
    assert client.get("/quiet/").headers["Content-Language"] == "en"


def test_deactivation_ends_every_session_at_once_and_for_good(client: Client) -> None:
    ada, other_device = user("Ada"), Client()
    for device in (client, other_device):
        device.force_login(ada)
        assert device.get("/").content.startswith(b"agent:Ada")
    deactivate_user(user_id=ada.pk, by=SYSTEM, at=AT)
    for device in (client, other_device):
        assert device.get("/").content.startswith(b"anonymous")
    reactivate_user(user_id=ada.pk, by=SYSTEM, at=AT)
    assert other_device.get("/").content.startswith(b"anonymous")


def test_a_session_not_used_while_its_user_was_deactivated_is_over_too(signed_in: Client) -> None:
    [ada_id] = [int(signed_in.session["_auth_user_id"])]
    deactivate_user(user_id=ada_id, by=SYSTEM, at=AT)
    reactivate_user(user_id=ada_id, by=SYSTEM, at=AT)
    assert signed_in.get("/").content.startswith(b"anonymous")


def test_a_new_password_ends_the_other_sessions(signed_in: Client) -> None:
    from steward.people.models import User

    ada = User.objects.get()
    set_password(user_id=ada.pk, password=PASSWORD, how="self", by=actor_for(ada), at=AT)
    assert signed_in.get("/").content.startswith(b"anonymous")
