"""The palette's second step: what can be chosen for a ticket and for rows, and what choosing it does."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag
from steward.desk.models import Ticket, TicketTag
from steward.people.models import User
from tests.cast import Cast
from tests.web.ticket.acting import HTMX, as_, asking_user, text_of

STEPS = ("assign", "status", "priority", "category", "tag", "queue")


def options(who: User, step: str, *tickets: Ticket, here: str = "ticket") -> dict[str, dict[str, Any]]:
    ids = ",".join(str(one.pk) for one in tickets)
    answer = as_(who).get("/tickets/choose/", {"step": step, "ids": ids, "here": here})
    assert answer.status_code == 200, answer
    found = {}
    for attributes, label in re.findall(r"<li role=\"option\"([^>]*)>.*?<span[^>]*>(.*?)</span>", text_of(answer)):
        read = {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', attributes)}
        read["values"] = json.loads(read.get("values", "{}"))
        found[html.unescape(label)] = read
    return found


def choose(who: User, option: dict[str, Any]) -> Any:
    return as_(who).post(option["post"], option["values"], headers=HTMX)


def test_the_agent_stands_first_among_those_a_ticket_can_go_to(cast: Cast) -> None:
    ticket = cast.ticket()
    found = options(cast.lin, "assign", ticket)
    assert next(iter(found)) == "Lin"
    assert {"Ada", "Ben", "Lin"} <= set(found)
    assert choose(cast.lin, found["Ben"]).status_code == 200
    ticket.refresh_from_db()
    assert ticket.assignee_id == cast.ben.pk
    assert "Unassigned" in options(cast.lin, "assign", ticket)


def test_a_choice_made_on_an_old_list_overwrites_nobody(cast: Cast) -> None:
    ticket = cast.ticket()
    found = options(cast.lin, "assign", ticket)
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    answer = choose(cast.lin, found["Ben"])
    assert answer.status_code == 409
    assert "Keep theirs" in text_of(answer)
    ticket.refresh_from_db()
    assert ticket.assignee_id == cast.ada.pk


def test_on_hold_is_chosen_with_its_reason_and_closing_asks_for_one(cast: Cast) -> None:
    ticket = cast.ticket()
    found = options(cast.ada, "status", ticket)
    assert found["Closed…"]["open"] == "close"
    choose(cast.ada, found["On hold: waiting for a vendor"])
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waiting_reason) == ("on_hold", "vendor")


def test_priority_category_and_labels_are_set_by_choosing(cast: Cast) -> None:
    ticket = cast.ticket()
    choose(cast.ada, options(cast.ada, "priority", ticket)["Urgent"])
    add_tag(ticket_id=cast.ticket().pk, name="outage", by=cast.actor(cast.ada), at=cast.at)
    found = options(cast.ada, "tag", ticket)
    assert found[""]["add"] == "tag"
    choose(cast.ada, found["outage"])
    ticket.refresh_from_db()
    assert ticket.priority == 1
    assert TicketTag.objects.get(ticket=ticket).tag.name == "outage"
    choose(cast.ada, options(cast.ada, "tag", ticket)["outage"])
    assert not TicketTag.objects.filter(ticket=ticket).exists()


def test_another_queue_of_support_is_one_choice_and_leads_ask_for_a_reason(cast: Cast) -> None:
    ticket = cast.ticket()
    found = options(cast.ada, "queue", ticket)
    assert found["Leads…"]["open"] == "transfer"
    assert json.loads(found["Leads…"]["fill"]) == {"#transfer-queue": cast.leads.pk}


@pytest.mark.parametrize("step", STEPS)
def test_a_ticket_out_of_sight_offers_nothing(cast: Cast, step: str) -> None:
    hidden = cast.ticket("Something grave.", queue=cast.restricted)
    answer = as_(cast.ada).get("/tickets/choose/", {"step": step, "ids": hidden.pk, "here": "ticket"}, headers=HTMX)
    assert answer.status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_who_only_reads_is_offered_nothing(cast: Cast, step: str) -> None:
    assert options(cast.ana, step, cast.ticket()) == {}


def test_requesters_and_strangers_are_offered_nothing(cast: Cast, client: Client) -> None:
    ticket = cast.ticket()
    who, _asks = asking_user()
    for here in ("ticket", "list"):
        query = {"step": "assign", "ids": ticket.pk, "here": here}
        assert as_(who).get("/tickets/choose/", query, headers=HTMX).status_code in {403, 404}
        assert client.get("/tickets/choose/", query).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        {"step": "assign"},
        {"step": "assign", "ids": "x"},
        {"step": "nonsense", "ids": "1"},
        {"step": "assign", "ids": ",".join(map(str, range(1, 120)))},
    ],
)
def test_a_broken_question_is_told_so(cast: Cast, query: dict[str, str]) -> None:
    cast.ticket()
    assert as_(cast.ada).get("/tickets/choose/", query, headers=HTMX).status_code == 422


def test_rows_are_changed_together_and_what_was_refused_is_told(cast: Cast) -> None:
    mine, other = cast.ticket(), cast.ticket()
    hidden = cast.ticket("Something grave.", queue=cast.restricted)
    found = options(cast.ada, "priority", mine, other, hidden, here="list")
    answer = choose(cast.ada, found["Urgent"])
    page = text_of(answer)
    assert answer.status_code == 200
    assert "2 tickets" in page
    assert f"#{hidden.pk}" in page
    assert "grave" not in page
    assert sorted(Ticket.objects.filter(priority=1).values_list("pk", flat=True)) == [mine.pk, other.pk]


def test_rows_are_taken_labeled_and_put_on_hold(cast: Cast) -> None:
    rows = [cast.ticket(), cast.ticket()]
    choose(cast.ada, options(cast.ada, "assign", *rows, here="list")["Ada"])
    choose(cast.ada, options(cast.ada, "status", *rows, here="list")["On hold: waiting for engineering"])
    add = options(cast.ada, "tag", *rows, here="list")[""]
    add["values"]["tag"] = "wave"
    choose(cast.ada, add)
    for row in Ticket.objects.filter(pk__in=[one.pk for one in rows]):
        assert (row.assignee_id, row.state, row.waiting_reason) == (cast.ada.pk, "on_hold", "engineering")
    assert TicketTag.objects.filter(tag__name="wave").count() == 2


def test_nothing_changed_is_an_error_and_says_why(cast: Cast) -> None:
    hidden = cast.ticket("Something grave.", queue=cast.restricted)
    found = options(cast.ada, "priority", hidden, here="list")
    answer = choose(cast.ada, found["Urgent"])
    assert answer.status_code == 409
    assert "Nothing was changed." in text_of(answer)
    hidden.refresh_from_db()
    assert hidden.priority == 3


def test_only_the_verbs_of_the_palette_are_done(cast: Cast) -> None:
    ticket = cast.ticket()
    sent = {"verb": "reply", "ids": ticket.pk, "body": "Hello"}
    assert as_(cast.ada).post("/tickets/apply/", sent, headers=HTMX).status_code == 422
    who, _asks = asking_user()
    sent = {"verb": "priority", "ids": ticket.pk, "priority": 1}
    assert as_(who).post("/tickets/apply/", sent, headers=HTMX).status_code == 409
    ticket.refresh_from_db()
    assert ticket.priority == 3
