"""The list of tickets over HTTP."""

import re
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from steward.core import clock
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import change_ticket, transfer_ticket
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Ticket
from steward.desk.rules.states import State
from steward.ledger.actions.following import settle
from steward.sla.actions import create_default_policy
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import HTMX, as_, asking_user, text_of


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def numbers(tickets: Iterable[Ticket]) -> list[int]:
    return [ticket.pk for ticket in tickets]


def test_a_row_shows_what_an_agent_needs_to_choose(cast: Cast) -> None:
    ticket = cast.ticket("The queue page is empty since this morning.", priority=1)
    page = text_of(as_(cast.ada).get("/tickets/?view=unassigned"))
    assert listed(page) == [ticket.pk]
    for shown in (f"#{ticket.pk}", "The queue page is empty", "Ravi", "New", "Urgent", "Support", "Unassigned"):
        assert shown in page, shown
    assert f'href="/tickets/{ticket.pk}/?view=unassigned"' in page


def test_agents_start_with_their_own_tickets_others_with_all(cast: Cast) -> None:
    mine, other = cast.ticket(), cast.ticket()
    assign_ticket(ticket_id=mine.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert listed(text_of(as_(cast.ada).get("/tickets/"))) == [mine.pk]
    assert sorted(listed(text_of(as_(cast.ana).get("/tickets/")))) == [mine.pk, other.pk]


def test_requesters_are_shown_to_the_portal_and_nobody_to_the_sign_in(cast: Cast, client: Client) -> None:
    who, _asks = asking_user()
    answer = as_(who).get("/tickets/")
    assert (answer.status_code, answer["Location"]) == (302, "/portal/")
    assert as_(who).get("/tickets/pane/").status_code in {302, 404}
    assert as_(who).post("/tickets/next/").status_code == 404
    assert client.get("/tickets/").status_code == 302


def test_restricted_tickets_show_nowhere_to_the_unnamed(cast: Cast) -> None:
    hidden = cast.ticket("Xylograph grave.", queue=cast.restricted)
    for path in (
        "/tickets/?view=all",
        f"/tickets/?view=open&queue_id={cast.restricted.pk}",
        "/tickets/?q=grave",
        f"/tickets/?q={hidden.pk}",
        "/tickets/pane/?view=all",
    ):
        for who in (cast.ada, cast.ana, cast.eno):
            page = text_of(as_(who).get(path))
            assert "Xylograph" not in page, (path, who)
            assert "Child safety" not in page
        assert "Xylograph" in text_of(as_(cast.lin).get(path)), path
    live = re.search(r'data-live="([^"]*queue[^"]*)"', text_of(as_(cast.ada).get("/tickets/?view=all")))
    assert live is not None
    assert f"queue:{cast.restricted.pk}" not in live.group(1).split()


def test_engineers_see_engineering_queues_only(cast: Cast) -> None:
    ticket, _other = cast.ticket(), cast.ticket()
    transfer_ticket(
        ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason="A defect.", by=cast.actor(cast.ada), at=cast.later(minutes=1)
    )
    page = text_of(as_(cast.eno).get("/tickets/?view=all"))
    assert listed(page) == [ticket.pk]
    assert "Get next" not in page
    assert as_(cast.eno).post("/tickets/next/").status_code == 403


def test_counters_match_what_opens(cast: Cast) -> None:
    tickets = [cast.ticket() for _ in range(5)]
    ada = cast.actor(cast.ada)
    assign_ticket(ticket_id=tickets[0].pk, to=cast.ada, by=ada, at=cast.later(minutes=1))
    change_status(ticket_id=tickets[1].pk, state=State.PENDING, by=ada, at=cast.later(minutes=1))
    change_status(ticket_id=tickets[2].pk, state=State.SOLVED, by=ada, at=cast.later(minutes=1))
    browser = as_(cast.ada)
    page = text_of(browser.get("/tickets/?view=open"))
    for view in ("mine", "unassigned", "open", "pending", "solved"):
        shown = re.search(rf'href="/tickets/\?view={view}"[^>]*>.*?<span class="count">(\d*)</span>', page)
        assert shown is not None
        assert int(shown.group(1) or 0) == len(listed(text_of(browser.get(f"/tickets/?view={view}")))), view


@pytest.mark.parametrize(
    "query",
    [
        "view=nonsense",
        "view=open&queue_id=abc&priority=x&order=;drop",
        "view=open&queue_id=" + "9" * 40,
        "queue_id=999999",
        "view=all&order=due",
        "states=x",
        "assignee=9" + "9" * 30,
    ],
)
def test_what_an_address_gets_wrong_is_left_out(cast: Cast, query: str) -> None:
    cast.ticket()
    assert as_(cast.ada).get(f"/tickets/?{query}").status_code == 200


def test_a_page_token_that_was_made_up_is_refused_in_words(cast: Cast) -> None:
    assert as_(cast.ada).get("/tickets/?view=open&page=nonsense").status_code == 422


def test_filters_stand_in_the_address_and_can_be_taken_off(cast: Cast) -> None:
    urgent, calm = cast.ticket(priority=1), cast.ticket(priority=4)
    browser = as_(cast.ada)
    page = text_of(browser.get("/tickets/?view=open&priority=1"))
    assert listed(page) == [urgent.pk]
    assert 'href="/tickets/?view=open"' in page
    assert f'href="/tickets/{urgent.pk}/?view=open&amp;q=priority%3Aurgent"' in page
    assert listed(text_of(browser.get("/tickets/?view=open&q=priority:urgent"))) == [urgent.pk]
    assert listed(text_of(browser.get("/tickets/?view=open&priority=4"))) == [calm.pk]
    assert "No ticket matches this filter" in text_of(browser.get("/tickets/?view=open&priority=2"))


def test_pages_lead_to_the_neighbors_and_back(cast: Cast) -> None:
    tickets = numbers(cast.ticket() for _ in range(53))
    browser = as_(cast.ada)
    first = text_of(browser.get("/tickets/?view=open&order=newest"))
    assert listed(first) == tickets[:2:-1]
    older = re.search(r'href="(/tickets/\?[^"]*page=[^"]+)"', first)
    assert older is not None
    second = text_of(browser.get(older.group(1).replace("&amp;", "&")))
    assert listed(second) == tickets[2::-1]
    newer = re.search(r'href="(/tickets/\?[^"]*page=[^"]+)"[^>]*>.*?Newer', second)
    assert newer is not None
    assert listed(text_of(browser.get(newer.group(1).replace("&amp;", "&")))) == tickets[:2:-1]


def test_words_and_numbers_are_found_and_what_was_not_searched_is_said(cast: Cast) -> None:
    ticket, other = cast.ticket("The zebra console is empty."), cast.ticket("Another matter.")
    browser = as_(cast.ada)
    page = text_of(browser.get("/tickets/?q=zebra"))
    assert listed(page) == [ticket.pk]
    assert "Not searched: what is inside files" in page
    assert listed(text_of(browser.get(f"/tickets/?q={other.pk}")))[0] == other.pk
    assert browser.get(f"/tickets/?q=%23{other.pk}")["Location"] == f"/tickets/{other.pk}/"
    assert "No ticket holds all of these words." in text_of(browser.get("/tickets/?q=giraffe"))
    assert browser.get("/tickets/", {"q": "'\"); drop:* & | ! <script>\x00" + "x" * 5_000}).status_code == 200


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    browser = as_(cast.ada)
    assert "Nothing is waiting for you." in text_of(browser.get("/tickets/"))
    assert "Every ticket has somebody." in text_of(browser.get("/tickets/?view=unassigned"))
    assert "This queue is empty." in text_of(browser.get(f"/tickets/?view=open&queue_id={cast.leads.pk}"))
    assert "No tickets here." in text_of(browser.get("/tickets/?view=closed"))


def test_the_list_costs_the_same_with_1_3_and_50_rows(cast: Cast) -> None:
    create_default_policy(by=SETUP, at=cast.at)
    browser = as_(cast.ada)
    counts, made = {"page": [], "refresh": [], "pane": []}, 0
    for rows in (1, 3, 50):
        made += len([cast.ticket() for _ in range(rows - made)])
        settle()
        for name, path, headers in (
            ("page", "/tickets/?view=open", {}),
            ("refresh", "/tickets/?view=open", HTMX),
            ("pane", "/tickets/pane/?view=open&current=1", HTMX),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path, headers=headers).status_code == 200
            counts[name].append(len(queries))
    assert {name: len(set(each)) for name, each in counts.items()} == {"page": 1, "refresh": 1, "pane": 1}, counts
    assert counts["page"][0] <= 14, counts


def test_the_time_left_stands_in_the_row_and_why_it_is_paused(cast: Cast) -> None:
    create_default_policy(by=SETUP, at=cast.at)
    cast.at = clock.now()
    running, paused = cast.ticket(), cast.ticket()
    reply(
        ticket_id=paused.pk,
        body="I asked the engineers.",
        then=State.ON_HOLD,
        reason="engineering",
        by=cast.actor(cast.ada),
        at=cast.later(seconds=1),
    )
    settle()
    page = text_of(as_(cast.ada).get("/tickets/?view=open"))
    assert re.search(rf'id="row-{running.pk}".*?data-due="[^"]+".*? left</span>', page, re.DOTALL)
    assert re.search(rf'id="row-{paused.pk}".*?data-tone="paused".*?waiting for engineering', page, re.DOTALL)


def test_a_refresh_brings_rows_and_counts_without_the_shell(cast: Cast) -> None:
    ticket = cast.ticket()
    part = text_of(as_(cast.ada).get("/tickets/?view=open", headers=HTMX))
    assert "<html" not in part
    assert listed(part) == [ticket.pk]
    assert 'hx-target="#inbox-views"' in part


def test_the_pane_beside_a_ticket_knows_its_place(cast: Cast) -> None:
    tickets = numbers(cast.ticket() for _ in range(3))
    part = text_of(as_(cast.ada).get(f"/tickets/pane/?view=all&current={tickets[1]}", headers=HTMX))
    assert "2 of 3" in part
    assert f'href="/tickets/{tickets[2]}/?view=all"' in part
    assert f'href="/tickets/{tickets[0]}/?view=all"' in part
    assert part.count('aria-current="true"') == 1
    gone = text_of(as_(cast.ada).get("/tickets/pane/?view=all&current=999999", headers=HTMX))
    assert " of 3" not in gone


def test_get_next_opens_the_ticket_that_goes_first(cast: Cast) -> None:
    cast.at = clock.now()
    cast.on_shift(cast.ada)
    _calm, urgent = cast.ticket(priority=4), cast.ticket(priority=1)
    browser = as_(cast.ada)
    answer = browser.post("/tickets/next/", headers=HTMX)
    assert answer["HX-Redirect"] == f"/tickets/{urgent.pk}/?view=mine"
    assert Ticket.objects.get(pk=urgent.pk).assignee_id == cast.ada.pk
    assert browser.post("/tickets/next/").status_code == 303
    empty = browser.post("/tickets/next/", headers=HTMX)
    assert "Nothing waits." in text_of(empty)
    assert browser.post("/tickets/next/")["Location"] == "/tickets/?view=unassigned"
    assert browser.get("/tickets/next/").status_code == 405


def test_off_shift_nothing_is_handed_out_and_it_is_said_why(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    answer = browser.post("/tickets/next/", headers=HTMX)
    assert answer.status_code == 422
    assert "You are not on shift" in text_of(answer)
    assert Ticket.objects.get(pk=ticket.pk).assignee_id is None


def test_the_shift_is_told_beside_the_button(cast: Cast) -> None:
    cast.at = clock.now()
    cast.on_shift(cast.ada)
    assert "On shift until" in text_of(as_(cast.ada).get("/tickets/"))
    assert "Off shift, none planned" in text_of(as_(cast.ben).get("/tickets/"))
    cast.later(hours=20)
    cast.on_shift(cast.ben, hours=4)
    assert "Off shift, next" in text_of(as_(cast.ben).get("/tickets/"))
    assert "shift-dot" not in text_of(as_(cast.ana).get("/tickets/"))


def test_a_list_of_one_persons_requests_names_the_person(cast: Cast) -> None:
    mine, _other = cast.ticket(), cast.ticket(requester=cast.oto)
    page = text_of(as_(cast.ada).get(f"/tickets/?view=all&requester_id={cast.ravi.pk}"))
    assert listed(page) == [mine.pk]
    assert 'class="chip"' in page
    change_ticket(ticket_id=mine.pk, changes={"priority": (3, 1)}, by=cast.actor(cast.ada), at=cast.later(minutes=1))
