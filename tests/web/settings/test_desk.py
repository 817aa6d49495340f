"""Queues, who sees them, categories and statuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from steward.desk.actions.settings import create_category, create_queue
from steward.desk.models import Category, Queue, QueueAccess, Status
from tests.cast import SETUP, Cast

XSS = "<script>alert(1)</script>"
FORM = {
    "name": "Appeals",
    "team": "",
    "purpose": "support",
    "routing": "push",
    "capacity": "5",
    "position": "3",
    "remind_after": "12h",
    "close_after": "2d",
    "reopen_for": "14d",
}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana)
    return client


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_of_queues_costs_the_same_however_many_there_are(
    cast: Cast, admin: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    admin.get("/settings/queues/")
    for number in range(count):
        create_queue(values={"name": f"Queue {number}", "team": cast.team, "restricted": True}, by=SETUP, at=cast.at)
    with assert_queries(5):
        admin.get("/settings/queues/")


def test_a_queue_is_made_and_changed(cast: Cast, admin: Client) -> None:
    made = admin.post("/settings/queues/new/", {**FORM, "team": cast.team.pk})
    assert made.status_code == 303
    queue = Queue.objects.get(name="Appeals")
    assert (queue.team, queue.remind_after, queue.close_after) == (cast.team, timedelta(hours=12), timedelta(days=2))
    assert (
        admin.post(f"/settings/queues/{queue.pk}/about/", {**FORM, "close_after": "3d 4h", "restricted": "on"}).status_code == 303
    )
    page = admin.get(f"/settings/queues/{queue.pk}/").content.decode()
    for words in ('value="3d 4h"', '<del dir="auto">2d</del>', "Console support", "Nobody sees this queue"):
        assert words in page


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "support"}, 409, "name"),
        ({"name": "a\x00b"}, 422, "name"),
        ({"purpose": "war"}, 422, "purpose"),
        ({"routing": ""}, 422, "routing"),
        ({"capacity": "many"}, 422, "capacity"),
        ({"capacity": "0"}, 422, "capacity"),
        ({"capacity": "99999"}, 422, "capacity"),
        ({"remind_after": "soon"}, 422, "remind_after"),
        ({"remind_after": "5d"}, 422, "remind_after"),
        ({"reopen_for": "9999d"}, 422, "reopen_for"),
        ({"team": "999999"}, 422, "team"),
    ],
)
def test_a_bad_queue_is_refused_at_its_field(cast: Cast, admin: Client, change: dict[str, str], status: int, field: str) -> None:
    response = admin.post("/settings/queues/new/", {**FORM, **change}, HTTP_HX_REQUEST="true")
    assert response.status_code == status
    assert f'"field": "{field}"' in response["HX-Trigger"]
    assert not Queue.objects.filter(name="Appeals").exists()


def test_people_are_named_for_a_restricted_queue_and_taken_off(cast: Cast, admin: Client) -> None:
    to = f"/settings/queues/{cast.restricted.pk}/"
    assert admin.post(f"{to}access/", {"user_id": cast.ada.pk}).status_code == 303
    assert QueueAccess.objects.filter(queue=cast.restricted, user=cast.ada).exists()
    assert "May see this queue now: Ada" in admin.get(to).content.decode()
    assert admin.post(f"{to}access/{cast.ada.pk}/revoke/").status_code == 303
    assert not QueueAccess.objects.filter(queue=cast.restricted, user=cast.ada).exists()
    assert "May no longer see this queue: Ada" in admin.get(to).content.decode()
    assert admin.post(f"{to}access/", {"user_id": "999999"}).status_code == 422


def test_the_last_door_and_a_queue_in_use_stay_open(cast: Cast, admin: Client) -> None:
    assert admin.post(f"/settings/queues/{cast.support.pk}/active/").status_code == 422
    assert admin.post(f"/settings/queues/{cast.leads.pk}/active/").status_code == 303
    assert not Queue.objects.get(pk=cast.leads.pk).is_active
    assert admin.post(f"/settings/queues/{cast.leads.pk}/active/", {"active": "1"}).status_code == 303


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_tree_costs_the_same_however_large_it_is(
    cast: Cast, admin: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    admin.get("/settings/categories/")
    parent = None
    for number in range(count):
        parent = create_category(
            values={"name": f"Category {number}", "parent": parent if number % 5 else None}, by=SETUP, at=cast.at
        )
    with assert_queries(6):
        admin.get("/settings/categories/")


def test_categories_are_made_moved_and_retired_but_not_tied_into_a_ring(cast: Cast, admin: Client) -> None:
    assert admin.post("/settings/categories/new/", {"name": XSS, "parent": ""}).status_code == 303
    top = Category.objects.get()
    assert admin.post("/settings/categories/new/", {"name": "Below", "parent": top.pk}).status_code == 303
    below = Category.objects.get(name="Below")
    page = admin.get("/settings/categories/").content.decode()
    assert XSS not in page
    assert "&lt;script&gt;" in page
    assert admin.post(f"/settings/categories/{top.pk}/about/", {"name": "Top", "parent": below.pk}).status_code == 422
    assert admin.post(f"/settings/categories/{below.pk}/about/", {"name": "Beside", "parent": ""}).status_code == 303
    assert admin.post(f"/settings/categories/{below.pk}/active/").status_code == 303
    page = admin.get(f"/settings/categories/{below.pk}/").content.decode()
    for words in ("&lt;script&gt;", "Beside", "Retired", "In use"):
        assert words in page
    assert admin.post("/settings/categories/new/", {"name": "x", "parent": "999999"}).status_code == 422


def test_a_status_is_made_the_default_and_the_one_before_steps_aside(cast: Cast, admin: Client) -> None:
    form = {"name": "Waiting for legal", "state": "on_hold", "is_default": "on", "position": "2"}
    assert admin.post("/settings/statuses/new/", form).status_code == 303
    made = Status.objects.get(name="Waiting for legal")
    assert Status.objects.get(state="on_hold", is_default=True) == made
    assert admin.post(f"/settings/statuses/{made.pk}/active/").status_code == 422
    assert admin.post(f"/settings/statuses/{made.pk}/about/", {**form, "name": "Legal"}).status_code == 303
    page = admin.get(f"/settings/statuses/{made.pk}/").content.decode()
    assert '<del dir="auto">Waiting for legal</del>' in page
    assert admin.post("/settings/statuses/new/", {**form, "state": "limbo"}).status_code == 422
    assert "Legal" in admin.get("/settings/statuses/").content.decode()
