"""The ticket's page: who sees it, what it shows, and that user text stays text."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.changing import add_tag, change_ticket, transfer_ticket
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import add_note
from steward.desk.queries import timeline as timelines
from steward.people.models import Requester
from steward.people.rules import Role
from tests.cast import Cast, requester, user
from tests.web.ticket.acting import ATTACK, HTMX, as_, asking_user, assert_harmless, say, text_of


def test_the_page_tells_the_whole_story(cast: Cast) -> None:
    ticket = cast.ticket("The queue page is empty.")
    say(cast, ticket, cast.ada, "Since when?")
    add_note(ticket_id=ticket.pk, body="Known at the vendor.", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/?view=mine"))
    for told in (
        "The queue page is empty.",
        "Since when?",
        "Known at the vendor.",
        "Internal note",
        "opened the ticket",
        "Ravi",
        "moderator",
        "took it",
    ):
        assert told in page, told
    assert 'href="/tickets/?view=mine"' in page
    assert 'data-last-message="' in page


def test_nobody_signed_in_is_sent_to_the_sign_in_and_back(cast: Cast, client: Client) -> None:
    ticket = cast.ticket()
    answer = client.get(f"/tickets/{ticket.pk}/")
    assert answer.status_code == 302
    assert f"next=/tickets/{ticket.pk}/" in answer["Location"]


def test_a_requester_finds_no_agents_page_not_even_of_the_own_ticket(cast: Cast) -> None:
    who, asks = asking_user()
    own, other = cast.ticket(requester=asks), cast.ticket()
    browser = as_(who)
    for ticket in (own, other):
        assert browser.get(f"/tickets/{ticket.pk}/").status_code == 404
        assert browser.get(f"/tickets/{ticket.pk}/live/").status_code == 404
        assert browser.get(f"/tickets/{ticket.pk}/earlier/").status_code == 404


def test_an_engineer_sees_engineering_tickets_only(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.eno)
    assert browser.get(f"/tickets/{ticket.pk}/").status_code == 404
    transfer_ticket(
        ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason="Please look.", by=cast.actor(cast.ada), at=cast.later(minutes=1)
    )
    page = browser.get(f"/tickets/{ticket.pk}/")
    assert page.status_code == 200
    assert "composer-reply" in text_of(page)


def test_a_restricted_ticket_is_told_apart_from_none_by_nobody_unnamed(cast: Cast) -> None:
    hidden = cast.ticket("Something grave.", queue=cast.restricted)
    unseen = as_(cast.ada).get(f"/tickets/{hidden.pk}/")
    none = as_(cast.ada).get("/tickets/999999/")
    assert unseen.status_code == none.status_code == 404
    assert "Something grave" not in text_of(unseen)
    assert f"There is no ticket #{hidden.pk}, or you may not see it." in text_of(unseen)
    assert "There is no ticket #999999, or you may not see it." in text_of(none)
    assert as_(cast.ana).get(f"/tickets/{hidden.pk}/").status_code == 404
    assert as_(cast.lin).get(f"/tickets/{hidden.pk}/").status_code == 200


@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 40])
def test_a_number_beyond_all_tickets_is_not_found(cast: Cast, number: str) -> None:
    assert as_(cast.ada).get(f"/tickets/{number}/").status_code == 404


def test_a_reviewer_reads_and_cannot_write(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(user("Rev", Role.REVIEWER))
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "You may read this ticket, not write on it." in page
    assert "data-composer " not in page
    assert "set-priority" not in page
    assert browser.post(f"/tickets/{ticket.pk}/replies/", {"body": "Hello"}).status_code == 403


def test_the_page_costs_the_same_however_much_was_said(cast: Cast) -> None:
    browser = as_(cast.ada)
    counts = []
    for messages in (1, 3, 30):
        ticket = cast.ticket()
        for number in range(messages):
            say(cast, ticket, cast.ada, f"Answer {number}")
            add_note(ticket_id=ticket.pk, body="Note", by=cast.actor(cast.lin), at=cast.later(minutes=1))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/tickets/{ticket.pk}/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 32


def test_what_people_write_stays_text(cast: Cast) -> None:
    ticket = cast.ticket(ATTACK, subject=ATTACK[:290], requester=_attacker())
    ada = cast.actor(cast.ada)
    say(cast, ticket, cast.ada, ATTACK)
    add_note(ticket_id=ticket.pk, body=ATTACK, by=ada, at=cast.later(minutes=1))
    add_tag(ticket_id=ticket.pk, name="<b>tag</b>", by=ada, at=cast.at)
    add_follow_up(ticket_id=ticket.pk, owner=cast.ada, what=ATTACK, due_at=cast.at.replace(year=2099), by=ada, at=cast.at)
    change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 1)}, by=ada, at=cast.later(minutes=1))
    for path in (
        f"/tickets/{ticket.pk}/",
        f"/tickets/{ticket.pk}/live/",
        "/tickets/?view=all",
        f"/tickets/pane/?view=all&current={ticket.pk}",
        "/follow-ups/",
    ):
        assert_harmless(text_of(as_(cast.ada).get(path)))
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert "<b>tag</b>" not in page
    assert 'href="javascript:' not in page


def _attacker() -> Requester:
    return requester("Mallory", platform_role=ATTACK[:60], team="<i>team</i>", market='"><b>')


def test_the_address_of_the_list_is_carried_as_text(cast: Cast) -> None:
    ticket = cast.ticket()
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/", {"view": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page


def test_opened_from_the_list_only_the_middle_and_the_panel_come(cast: Cast) -> None:
    ticket = cast.ticket()
    part = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/?view=open", headers=HTMX))
    assert "<html" not in part
    assert '<section class="pane-main" id="ticket"' in part
    assert 'hx-target="#panel"' in part
    whole = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/", headers={"HX-Request": "true", "HX-Request-Type": "full"}))
    assert "<html" in whole


def test_a_live_refresh_leaves_the_boxes_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    part = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/live/", headers=HTMX))
    assert "data-composer" not in part
    assert 'hx-target="#panel-body"' in part
    assert "opened the ticket" in part


def test_events_between_messages_are_folded_and_none_is_lost(cast: Cast) -> None:
    ticket = cast.ticket()
    ada = cast.actor(cast.ada)
    say(cast, ticket, cast.ada, "One moment.")
    change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 1)}, by=ada, at=cast.later(minutes=1))
    add_tag(ticket_id=ticket.pk, name="outage", by=ada, at=cast.later(minutes=1))
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert "4 events" in page
    for told in ("took it", "set the priority from Normal to Urgent", "added the label outage", "set it from New to Open"):
        assert told in page


def test_a_very_long_message_is_folded_but_whole(cast: Cast) -> None:
    rows = "\n".join(f"row {number}" for number in range(10_000))
    ticket = cast.ticket(rows)
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert "more lines" in page
    assert "row 9999" in page


def test_messages_before_the_newest_are_a_click_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = cast.ticket("The very first words.")
    for number in range(4):
        receive_message(ticket_id=ticket.pk, body=f"Message {number}", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    monkeypatch.setattr(
        timelines.messages_of, "__kwdefaults__", {"after": 0, "before": None, "most": 3, "family": (), "requester_id": None}
    )
    monkeypatch.setattr("steward.web.ticket.reading.MOST_MESSAGES", 3)
    browser = as_(cast.ada)
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Message 3" in page
    assert 'id="earlier"' in page
    assert "The very first words.</div>" not in page
    first = ticket.message_set.order_by("id")[2].pk
    part = text_of(browser.get(f"/tickets/{ticket.pk}/earlier/?before={first}", headers=HTMX))
    assert "The very first words." in part
    assert "Message 0" in part


def test_the_text_direction_is_found_by_the_browser(cast: Cast) -> None:
    ticket = cast.ticket("لا تظهر القائمة", subject="مشكلة")
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert '<div class="text" dir="auto">لا تظهر القائمة' in page
    assert '<h1 dir="auto">مشكلة' in page
