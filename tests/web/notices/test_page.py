"""One's notices: what is shown, to whom, and marking them as read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from steward.desk.actions.caring import flag_ticket
from steward.desk.actions.settings import change_queue, revoke_queue_access
from steward.people.actions import notify
from steward.people.models import Notice, User
from steward.people.rules import Role
from tests.cast import SETUP, Cast, user

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


def tell(cast: Cast, who: User, *, count: int = 1, apart: int = 11, **values: Any) -> list[Notice]:
    """Tell somebody of a ticket so many times, as many minutes apart: each in a batch of its own, or together."""
    ticket = cast.ticket("<b>The list is empty</b>", **values)
    return [
        notice
        for number in range(count)
        for notice in notify(
            user_ids=[who.pk],
            kind="clock_warned",
            ticket_id=ticket.pk,
            queue_id=ticket.queue_id,
            data={"clock_kind": "resolution"},
            by=SETUP,
            at=cast.at + number * timedelta(minutes=apart),
        )
    ]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_the_desk_has_notices_and_a_requester_the_portal(cast: Cast, client: Client, role: Role) -> None:
    client.force_login(user("Role", role))
    is_requester = role == Role.REQUESTER
    assert client.get("/notices/").status_code == (302 if is_requester else 200)
    assert client.post("/notices/read/", {"up_to": "1"}).status_code == (404 if is_requester else 303)
    assert client.get("/notices/count/").content == b""


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client, db: None) -> None:
    for path in ("/notices/", "/notices/count/"):
        assert client.get(path)["Location"].startswith("/sign-in/")


def test_a_notice_leads_to_its_ticket_and_is_counted_until_read(cast: Cast, client: Client) -> None:
    notice = tell(cast, cast.ada)[0]
    client.force_login(cast.ada)
    page = client.get("/notices/").content.decode()
    assert f"/tickets/{notice.ticket_id}/" in page
    assert "&lt;b&gt;The list" in page
    assert "<b>The list" not in page
    assert "Resolution" in page
    assert client.get("/notices/count/").content == b"1"
    assert client.post("/notices/read/", {"up_to": notice.pk}).status_code == 303
    assert client.get("/notices/count/").content == b""
    assert "Nothing new." in client.get("/notices/").content.decode()


def test_what_came_after_the_page_was_drawn_stays_new(cast: Cast, client: Client) -> None:
    first, second = tell(cast, cast.ada), tell(cast, cast.ada)
    client.force_login(cast.ada)
    client.post("/notices/read/", {"up_to": first[0].pk})
    assert Notice.objects.get(pk=second[0].pk).read_at is None
    for odd in ("", "x", "9" * 40):
        assert client.post("/notices/read/", {"up_to": odd}).status_code == 422


def test_what_stands_in_a_queue_out_of_sight_does_not_exist(cast: Cast, client: Client) -> None:
    tell(cast, cast.lin, queue=cast.restricted)
    client.force_login(cast.lin)
    number = f"#{Notice.objects.latest('id').ticket_id}"
    assert number in client.get("/notices/").content.decode()
    revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.lin.pk, by=SETUP, at=cast.at)
    page = client.get("/notices/").content.decode()
    assert number not in page
    assert "You have no notices" in page
    assert client.get("/notices/count/").content == b""


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_costs_the_same_however_long_it_is(
    cast: Cast, client: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    tell(cast, cast.ada, count=count)
    client.force_login(cast.ada)
    client.get("/notices/")
    with assert_queries(9):
        client.get("/notices/")


def test_older_notices_are_on_further_pages(cast: Cast, client: Client) -> None:
    tell(cast, cast.ada, count=35)
    client.force_login(cast.ada)
    first = client.get("/notices/", **HTMX).content.decode()
    assert first.count('id="notice-') == 30
    older = first.partition("before=")[2].partition('"')[0]
    rest = client.get(f"/notices/?before={older}", **HTMX).content.decode()
    assert rest.count('id="notice-') == 5
    assert "<html" not in rest
    assert "There are no older" in client.get("/notices/?before=1").content.decode()


def test_notices_of_one_kind_within_minutes_are_one_line(cast: Cast, client: Client) -> None:
    for _ticket in range(3):
        tell(cast, cast.ada, count=2, apart=0)
    tell(cast, cast.ada, queue=cast.restricted)
    client.force_login(cast.ada)
    page = client.get("/notices/").content.decode()
    assert page.count('id="notice-') == 1
    assert "6 clocks are about to run out, on 3 tickets" in page
    assert "and 1 more" in page
    assert client.get("/notices/count/").content == b"1"
    batch = Notice.objects.filter(user=cast.ada).earliest("id")
    assert client.post(f"/notices/{batch.pk}/read/").status_code == 204
    assert client.get("/notices/count/").content == b""


def test_the_bell_says_the_kind_of_the_newest_loud_notice_and_nothing_of_the_ticket(cast: Cast, client: Client) -> None:
    ticket = cast.ticket("Secret words")
    notify(user_ids=[cast.ada.pk], kind="reply", ticket_id=ticket.pk, queue_id=ticket.queue_id, by=SETUP, at=cast.at)
    client.force_login(cast.ada)
    told = client.get("/notices/count/").headers["HX-Trigger"]
    assert "A requester wrote on my ticket" in told
    assert "Secret" not in told


def test_anothers_batch_is_not_mine_to_read(cast: Cast, client: Client) -> None:
    notice = tell(cast, cast.ada)[0]
    client.force_login(cast.ben)
    assert client.post(f"/notices/{notice.pk}/read/").status_code == 204
    assert Notice.objects.get(pk=notice.pk).read_at is None


@pytest.mark.parametrize("how", ["restricted", "careful", "flagged"])
def test_a_notice_of_a_flagged_ticket_carries_no_words_and_no_picture(cast: Cast, client: Client, how: str) -> None:
    queue = cast.restricted if how == "restricted" else cast.support
    ticket = tell(cast, cast.lin, queue=queue)[0].ticket_id
    if how == "careful":
        change_queue(queue_id=queue.pk, values={"care": "requesters"}, by=SETUP, at=cast.at)
    if how == "flagged":
        flag_ticket(ticket_id=ticket or 0, harm="violence", by=cast.actor(cast.lin), at=cast.at)
    client.force_login(cast.lin)
    page = client.get("/notices/").content.decode()
    assert f"#{ticket}" in page
    assert "The list" not in page
    assert "<img" not in page.partition('id="main"')[2]
