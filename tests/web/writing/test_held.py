"""Held replies over HTTP: marked for agents, unknown to the requester, taken back and let go."""

import json
import re

import pytest
from django.test import Client

from steward.core import clock
from steward.desk.actions.releasing import release_due
from steward.desk.actions.settings import set_hold_time
from steward.desk.models import HeldReply, Message
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import as_, asking_user, send, text_of

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def held_for_a_while(cast: Cast) -> None:
    set_hold_time(channel="portal", seconds=60, by=SETUP, at=cast.at)
    cast.at = clock.now()


def hold(cast: Cast, ticket, body: str = "Zanzibar", **fields: object):
    return send(as_(cast.ada), ticket, "replies", body=body, client_token="t", **fields)


def test_agents_see_it_counted_down_and_only_who_may_decides(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    answer = hold(cast, ticket, then="pending")
    told = json.loads(answer["HX-Trigger"])["steward:held"]
    held = HeldReply.objects.get()
    assert (told["id"], told["ticket"]) == (held.pk, ticket.pk)
    assert 55 < told["seconds"] <= 60
    assert "Zanzibar" in text_of(answer)
    for who, decides in ((cast.ada, True), (cast.ben, False), (cast.lin, True)):
        page = text_of(as_(who).get(f"/tickets/{ticket.pk}/"))
        assert re.search(r"sending in \d+ s", page)
        assert (f"/writing/held/{held.pk}/back/" in page) == decides


def test_the_requester_knows_nothing_of_it_until_it_is_said(cast: Cast) -> None:
    who, asks = asking_user()
    ticket = cast.ticket("Help", requester=asks)
    hold(cast, ticket, then="solved")
    theirs = as_(who)
    addresses = (f"/portal/requests/{ticket.pk}/", "/portal/", f"/chat/{ticket.pk}/", f"/portal/requests/{ticket.pk}/live/")
    for address in addresses:
        assert "Zanzibar" not in text_of(theirs.get(address))
    assert not Message.objects.filter(body="Zanzibar").exists()
    assert f"row-{ticket.pk}" not in text_of(as_(cast.ada).get("/tickets/?view=all&q=Zanzibar"))
    release_due(at=cast.later(minutes=2))
    assert "Zanzibar" in text_of(theirs.get(addresses[0]))
    assert f"row-{ticket.pk}" in text_of(as_(cast.ada).get("/tickets/?view=all&q=Zanzibar"))
    ticket.refresh_from_db()
    assert ticket.state == "solved"


def test_taken_back_by_a_script_it_comes_with_all_the_box_needs(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    hold(cast, ticket)
    held = HeldReply.objects.get()
    told = as_(cast.ada).post(f"/writing/held/{held.pk}/back/", headers=JSON).json()
    assert (told["mine"], told["body"], told["token"], told["files"]) == (True, "Zanzibar", "t", [])
    again = as_(cast.ada).post(f"/writing/held/{held.pk}/send/", headers=JSON)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "too_late")


def test_without_scripts_it_is_taken_back_and_stands_in_the_box(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    browser.post(f"/tickets/{ticket.pk}/replies/", {"body": "Zanzibar", "client_token": "t"})
    held = HeldReply.objects.get()
    answer = browser.post(f"/writing/held/{held.pk}/back/")
    assert (answer.status_code, answer["Location"]) == (303, f"/tickets/{ticket.pk}/")
    assert re.search(r"<textarea[^>]*>\s*Zanzibar</textarea>", text_of(browser.get(f"/tickets/{ticket.pk}/")))


def test_send_now_says_it_once_and_a_lead_taking_back_gets_no_text(cast: Cast) -> None:
    ticket, other = cast.ticket("Help"), cast.ticket("Another")
    hold(cast, ticket)
    first = HeldReply.objects.get()
    for _again in range(2):
        assert as_(cast.ada).post(f"/writing/held/{first.pk}/send/", headers=JSON).json() == {"ticket": ticket.pk}
    assert Message.objects.filter(body="Zanzibar").count() == 1
    hold(cast, other, "Timbuktu")
    told = as_(cast.lin).post(f"/writing/held/{HeldReply.objects.get(body='Timbuktu').pk}/back/", headers=JSON).json()
    assert (told["mine"], told["body"]) == (False, "")


def test_the_page_that_counted_down_lets_it_go_and_not_before(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    hold(cast, ticket)
    held = HeldReply.objects.get()
    assert browser.post(f"/writing/held/{held.pk}/due/", headers=JSON).json() == {"ended": False, "said": False}
    HeldReply.objects.filter(pk=held.pk).update(due_at=clock.now())
    assert as_(cast.ben).post(f"/writing/held/{held.pk}/due/", headers=JSON).json() == {"ended": True, "said": False}
    assert not Message.objects.filter(body="Zanzibar").exists()
    assert browser.post(f"/writing/held/{held.pk}/due/", headers=JSON).json() == {"ended": True, "said": True}
    assert Message.objects.filter(body="Zanzibar").count() == 1


@pytest.mark.parametrize("who", ["ben", "eno", "requester"])
def test_nobody_else_takes_it_back_or_lets_it_go(cast: Cast, who: str) -> None:
    ticket = cast.ticket("Help")
    hold(cast, ticket)
    held = HeldReply.objects.get()
    browser = as_(asking_user()[0]) if who == "requester" else as_(getattr(cast, who))
    for act in ("back", "send"):
        assert browser.post(f"/writing/held/{held.pk}/{act}/", headers=JSON).status_code in {403, 404}
    assert Client().post(f"/writing/held/{held.pk}/send/").status_code == 302
    held.refresh_from_db()
    assert held.is_waiting


def test_a_reply_for_an_hour_waits_in_the_list_with_its_hour(cast: Cast) -> None:
    cast.ravi.time_zone = "Asia/Kolkata"
    cast.ravi.save(update_fields=["time_zone"])
    ticket = cast.ticket("Help")
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert "At 9:00 their time" in page
    answer = hold(cast, ticket, send_at="theirs")
    assert json.loads(answer["HX-Trigger"])["steward:held"]["scheduled"]
    held = HeldReply.objects.get()
    assert (held.is_scheduled, held.stop_if_newer) == (True, True)
    assert (held.due_at.hour, held.due_at.minute) == (3, 30)
    assert "goes out" in text_of(as_(cast.ben).get(f"/tickets/{ticket.pk}/"))
    assert "Zanzibar" in text_of(as_(cast.ada).get("/writing/"))
    assert "Zanzibar" not in text_of(as_(cast.ben).get("/writing/?whose=all"))
    assert "Zanzibar" in text_of(as_(cast.lin).get("/writing/?whose=all"))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"send_at": "mine"}, 200),
        ({"send_at": "picked", "send_at_local": "2031-02-30T09:00"}, 422),
        ({"send_at": "picked", "send_at_local": "2001-02-03T09:00"}, 422),
        ({"send_at": "picked", "send_at_local": "2131-02-03T09:00"}, 422),
        ({"send_at": "picked"}, 422),
        ({"send_at": "theirs"}, 422),
        ({"send_at": "nonsense"}, 422),
    ],
)
def test_a_time_that_is_none_is_refused_in_words_and_nothing_is_sent(cast: Cast, fields: dict[str, str], status: int) -> None:
    ticket = cast.ticket("Help")
    assert hold(cast, ticket, **fields).status_code == status
    assert HeldReply.objects.count() == (status == 200)
