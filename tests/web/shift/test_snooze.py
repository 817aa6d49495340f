"""Snoozing over HTTP: the dialog, one ticket, many, and what cannot be."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.core import clock
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import set_due
from steward.desk.models import Snooze, Ticket
from steward.people.actions import change_user
from steward.roster.actions import add_shift
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import HTMX, as_, text_of


def given(cast: Cast):
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.lin), at=cast.at)
    return ticket


def snoozed(ticket: Ticket) -> Snooze:
    return Snooze.objects.get(ticket=ticket, ended_at=None)


def test_the_dialog_offers_times_on_ones_own_wall_and_warns_of_a_promise_before(cast: Cast) -> None:
    cast.at = clock.now()
    change_user(user_id=cast.ada.pk, changes={"time_zone": "Asia/Shanghai"}, by=SETUP, at=cast.at)
    ticket, browser = given(cast), as_(cast.ada)
    page = text_of(browser.get(f"/shift/snooze/?ids={ticket.pk}"))
    assert "Tomorrow morning" in page
    assert "9:00" in page
    assert "after the promise" not in page
    assert "My next shift" not in page
    set_due(ticket_id=ticket.pk, due_at=cast.at + timedelta(minutes=10))
    add_shift(user=cast.ada, starts_at=cast.at + timedelta(hours=20), ends_at=cast.at + timedelta(hours=28), by=SETUP, at=cast.at)
    page = text_of(browser.get(f"/shift/snooze/?ids={ticket.pk}"))
    assert page.count("after the promise") >= 4
    assert "My next shift" in page


@pytest.mark.parametrize(("choice", "until"), [("hour", "time"), ("week", "time"), ("shift", "shift"), ("reply", "reply")])
def test_a_choice_snoozes_and_says_until_when(cast: Cast, choice: str, until: str) -> None:
    cast.at = clock.now()
    add_shift(user=cast.ada, starts_at=cast.at + timedelta(hours=20), ends_at=cast.at + timedelta(hours=28), by=SETUP, at=cast.at)
    ticket, browser = given(cast), as_(cast.ada)
    answer = browser.post("/shift/snooze/", {"ids": ticket.pk, "choice": choice, "here": "list"}, headers=HTMX)
    assert f"#{ticket.pk} is snoozed until" in text_of(answer)
    assert snoozed(ticket).until == until
    assert "Bring it back now" in text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Bring it back now" in text_of(browser.get(f"/shift/snooze/?ids={ticket.pk}"))
    assert browser.post(f"/shift/snooze/{ticket.pk}/end/").status_code == 303
    assert Ticket.objects.get(pk=ticket.pk).snoozing == ""


def test_a_time_of_ones_own_is_read_in_ones_own_zone(cast: Cast) -> None:
    cast.at = clock.now()
    change_user(user_id=cast.ada.pk, changes={"time_zone": "Asia/Kolkata"}, by=SETUP, at=cast.at)
    ticket = given(cast)
    wall = (cast.at + timedelta(days=2)).astimezone(ZoneInfo("Asia/Kolkata")).replace(second=0, microsecond=0)
    fields = {"ids": ticket.pk, "choice": "own", "until_at": f"{wall:%Y-%m-%dT%H:%M}", "next": "/tickets/?view=mine"}
    assert as_(cast.ada).post("/shift/snooze/", fields)["Location"] == "/tickets/?view=mine"
    assert snoozed(ticket).until_at == wall


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "never"},
        {"choice": "own", "until_at": ""},
        {"choice": "own", "until_at": "2020-01-01T09:00"},
        {"choice": "shift"},
        {},
    ],
)
def test_what_cannot_be_is_said_and_nothing_happens(cast: Cast, fields: dict[str, str]) -> None:
    cast.at = clock.now()
    ticket = given(cast)
    answer = as_(cast.ada).post("/shift/snooze/", {"ids": ticket.pk, **fields}, headers=HTMX)
    assert answer.status_code == 422
    assert not Snooze.objects.exists()


def test_many_are_snoozed_and_those_that_cannot_be_are_named(cast: Cast) -> None:
    cast.at = clock.now()
    mine, also, bens = given(cast), given(cast), cast.ticket()
    assign_ticket(ticket_id=bens.pk, to=cast.ben, by=cast.actor(cast.lin), at=cast.at)
    hidden = cast.ticket(queue=cast.restricted)
    ids = ",".join(str(ticket.pk) for ticket in (mine, also, bens, hidden))
    browser = as_(cast.ada)
    assert "Snooze 3 tickets" in text_of(browser.get(f"/shift/snooze/?ids={ids}"))
    said = text_of(browser.post("/shift/snooze/", {"ids": ids, "choice": "hour", "here": "list"}, headers=HTMX))
    assert "2 tickets are snoozed" in said
    assert f"#{bens.pk}: This ticket is somebody else" in said
    assert f"#{hidden.pk}" not in said


def test_another_site_is_no_place_to_go_on_to(cast: Cast) -> None:
    cast.at = clock.now()
    ticket = given(cast)
    fields = {"ids": ticket.pk, "choice": "hour", "next": "https://evil.example/"}
    assert as_(cast.ada).post("/shift/snooze/", fields)["Location"] == "/tickets/"


@pytest.mark.parametrize("ids", ["", "x", "999999", "9" * 40, "1;drop"])
def test_tickets_that_are_not_there_are_not_found(cast: Cast, ids: str) -> None:
    assert as_(cast.ada).get("/shift/snooze/", {"ids": ids}).status_code == 404
