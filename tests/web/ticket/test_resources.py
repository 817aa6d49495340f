"""Status, follow-ups and links of a ticket over HTTP, and what the page says of the two words."""

import pytest

from steward.core import clock
from steward.desk.actions.answering import answer_question
from steward.desk.actions.lifecycle import change_status
from steward.desk.models import FollowUp, Link, Question
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.web.ticket.acting import as_, send, text_of


def test_solving_asks_the_requester_and_shows_the_words_apart(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    answer = send(browser, ticket, "status", state="solved")
    assert answer.status_code == 200
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Ada says so" in page
    assert "Not answered yet" in page
    assert "The requester says so" not in page
    question = Question.objects.get(ticket=ticket, kind="confirmation")
    answer_question(question_id=question.pk, answer="yes", by=cast.actor(cast.ravi), at=clock.now())
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Ada says so" in page
    assert "The requester says so" in page
    assert "Confirmed by the requester" in page


def test_a_denied_fix_says_so_and_a_rating_is_shown(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    send(browser, ticket, "status", state="solved")
    question = Question.objects.get(ticket=ticket, kind="confirmation")
    answer_question(question_id=question.pk, answer="no", comment="Still <b>broken</b>", by=cast.actor(cast.ravi), at=clock.now())
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "The requester said no" in page
    assert "Still &lt;b&gt;broken&lt;/b&gt;" in page
    assert "reopened it: it is not fixed" in page
    send(browser, ticket, "status", state="solved")
    again = Question.objects.filter(ticket=ticket, kind="confirmation").latest("id")
    answer_question(question_id=again.pk, answer="yes", by=cast.actor(cast.ravi), at=clock.now())
    rating = Question.objects.get(ticket=ticket, kind="rating")
    answer_question(question_id=rating.pk, answer="4", comment="Quick", by=cast.actor(cast.ravi), at=clock.now())
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert 'aria-label="4 of 5"' in page
    assert "Rated 4 of 5" in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "on_hold", "reason": "vendor"}, 200),
        ({"state": "on_hold"}, 422),
        ({"state": "closed", "reason": "Spam."}, 200),
        ({"state": "closed"}, 422),
        ({"state": "new"}, 200),
        ({"state": "asleep"}, 422),
        ({"state": "open", "status_id": "999999"}, 422),
        ({}, 422),
    ],
)
def test_a_move_obeys_the_rules(cast: Cast, fields: dict[str, str], status: int) -> None:
    assert send(as_(cast.ada), cast.ticket(), "status", **fields).status_code == status


def test_only_allowed_moves_are_offered(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Put on hold…" in page
    assert "Reopen</span>" not in page
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="Spam.", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Put on hold…" not in page
    assert "Reopen</span>" in page
    assert send(browser, ticket, "status", state="pending").status_code == 422


def test_a_follow_up_is_promised_in_the_persons_own_time_and_ends_with_an_outcome(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.ada.time_zone = "Asia/Kolkata"
    cast.ada.save()
    browser = as_(cast.ada)
    assert send(browser, ticket, "follow-ups", what="Ask again", due_at="2099-01-01T09:00").status_code == 200
    promise = FollowUp.objects.get(ticket=ticket)
    assert promise.due_at.isoformat() == "2099-01-01T03:30:00+00:00"
    assert promise.owner_id == cast.ada.pk
    assert "Ask again" in text_of(browser.get("/follow-ups/"))
    assert send(browser, ticket, f"follow-ups/{promise.pk}", outcome="done").status_code == 200
    promise.refresh_from_db()
    assert promise.outcome == "done"
    assert send(browser, ticket, f"follow-ups/{promise.pk}", outcome="dropped").status_code == 409
    assert send(browser, cast.ticket(), f"follow-ups/{promise.pk}", outcome="done").status_code == 404


@pytest.mark.parametrize("due_at", ["", "tomorrow", "2020-01-01T09:00", "2099-13-45T09:00", "9" * 40])
def test_an_impossible_time_is_refused_in_words(cast: Cast, due_at: str) -> None:
    assert send(as_(cast.ada), cast.ticket(), "follow-ups", what="Ask again", due_at=due_at).status_code == 422


def test_a_follow_up_ended_on_the_list_leads_back_there_and_nowhere_else(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    for target, expected in (
        ("/follow-ups/?whose=mine", "/follow-ups/?whose=mine"),
        ("https://evil.example/", f"/tickets/{ticket.pk}/"),
    ):
        send(browser, ticket, "follow-ups", what="Ask again", due_at="2099-01-01T09:00")
        promise = FollowUp.objects.filter(ticket=ticket).latest("id")
        answer = send(browser, ticket, f"follow-ups/{promise.pk}", htmx=False, outcome="done", next=target)
        assert (answer.status_code, answer["Location"]) == (303, expected)


def test_tickets_are_linked_by_number_and_unlinked(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket("The <b>other</b> one")
    browser = as_(cast.ada)
    answer = send(browser, ticket, "links", other=f"#{other.pk}", kind="duplicate_of")
    assert answer.status_code == 200
    assert "duplicate of</span>" in text_of(answer)
    assert "The &lt;b&gt;other&lt;/b&gt; one" in text_of(answer)
    assert "duplicated by</span>" in text_of(browser.get(f"/tickets/{other.pk}/"))
    link = Link.objects.get()
    assert send(browser, cast.ticket(), f"links/{link.pk}/remove").status_code == 404
    assert send(browser, ticket, f"links/{link.pk}/remove").status_code == 200
    assert Link.objects.get().removed_at is not None


@pytest.mark.parametrize(
    ("other", "kind", "status"), [("", "related", 422), ("abc", "related", 422), ("999999", "related", 404), ("1", "friend", 422)]
)
def test_an_impossible_link_is_refused_in_words(cast: Cast, other: str, kind: str, status: int) -> None:
    assert send(as_(cast.ada), cast.ticket(), "links", other=other, kind=kind).status_code == status


def test_a_linked_ticket_out_of_sight_shows_nothing_of_itself(cast: Cast) -> None:
    ticket, hidden = cast.ticket(), cast.ticket("Something grave", queue=cast.restricted)
    assert send(as_(cast.lin), ticket, "links", other=hidden.pk, kind="related").status_code == 200
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert "A ticket you may not see" in page
    assert "Something grave" not in page
    assert send(as_(cast.ada), ticket, "links", other=hidden.pk, kind="related").status_code == 404
