"""The people who ask for help."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from steward.people.models import Requester
from tests.cast import Cast, requester

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


@pytest.mark.parametrize("count", [1, 3, 49])
def test_the_list_costs_the_same_however_many_there_are(
    cast: Cast, client: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    client.force_login(cast.ada)
    client.get("/settings/requesters/")
    for _number in range(count):
        requester("Mo")
    with assert_queries(5):
        client.get("/settings/requesters/")


def test_the_list_is_paged_both_ways(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    for _number in range(60):
        requester("Mo")
    first = client.get("/settings/requesters/", **HTMX)
    older = first.context["page"].older if first.context else None
    page = first.content.decode()
    assert page.count('id="requester-') == 50
    token = page.rpartition("page=")[2].split('"')[0] if older is None else older
    second = client.get(f"/settings/requesters/?page={token}", **HTMX).content.decode()
    assert second.count('id="requester-') == 12
    back = second.partition("page=")[2].split('"')[0]
    assert client.get(f"/settings/requesters/?page={back}", **HTMX).content.decode().count('id="requester-') == 50
    assert client.get("/settings/requesters/?page=x").status_code == 422


def test_a_requester_is_found_by_name_or_address(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    assert "Ravi" in client.get("/settings/requesters/?q=rav").content.decode()
    found = client.get("/settings/requesters/?q=console.example").content.decode()
    assert "Ravi" in found
    assert "Oto" in found
    assert "No requester has" in client.get("/settings/requesters/?q=zzz").content.decode()


def test_what_is_known_is_corrected_and_kept_with_old_and_new(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    form = {
        "name": "<b>Ravi</b>",
        "email": cast.ravi.email,
        "platform_role": "lead moderator",
        "team": "Video",
        "market": "EU",
        "language": "hi",
        "time_zone": "Asia/Kolkata",
        "client_version": "4.2",
    }
    assert client.post(f"/settings/requesters/{cast.ravi.pk}/about/", form).status_code == 303
    cast.ravi.refresh_from_db()
    assert (cast.ravi.market, cast.ravi.team, cast.ravi.time_zone) == ("EU", "Video", "Asia/Kolkata")
    page = client.get(f"/settings/requesters/{cast.ravi.pk}/").content.decode()
    assert "<b>Ravi</b>" not in page
    assert '<del dir="auto">IN</del>' not in page, "free words are not kept either"
    assert "personal values are not kept" in page
    assert client.post(f"/settings/requesters/{cast.ravi.pk}/about/", {**form, "time_zone": "Mars"}).status_code == 422
    assert client.post(f"/settings/requesters/{cast.ravi.pk}/about/", {**form, "email": cast.oto.email}).status_code == 409


def test_a_field_that_is_not_in_the_form_is_left_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    assert client.post(f"/settings/requesters/{cast.ravi.pk}/about/", {"market": "BR", "user_id": "1"}).status_code == 303
    found = Requester.objects.get(pk=cast.ravi.pk)
    assert (found.market, found.platform_role, found.email) == ("BR", "moderator", cast.ravi.email)


def test_who_may_only_look_sees_no_form(cast: Cast, client: Client) -> None:
    client.force_login(cast.eno)
    page = client.get(f"/settings/requesters/{cast.ravi.pk}/").content.decode()
    assert "moderator" in page
    assert f"requesters/{cast.ravi.pk}/about" not in page
