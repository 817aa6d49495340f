import pytest

from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Question, Ticket
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.web.portal.signing_in import HTMX, form, signed_in


@pytest.fixture
def solved(desk: Cast) -> Ticket:
    desk.on_shift(desk.ada)
    ticket = desk.ticket()
    reply(ticket_id=ticket.pk, body="Please reload.", then=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    return ticket


def answer_of(ticket: Ticket, kind: str = "confirmation") -> str:
    question = Question.objects.filter(ticket=ticket, kind=kind).latest("id")
    return f"/portal/requests/{ticket.pk}/answers/{question.pk}/"


def test_the_question_stands_in_sight_with_both_answers(desk, solved):
    page = signed_in(desk.ravi).get(f"/portal/requests/{solved.pk}/").content.decode()
    assert page.index("Yes, it is fixed") < page.index('role="log"')
    assert "No, not yet" in page
    assert page.count('name="answer" value="yes"') == 1


def test_one_click_confirms_and_asks_how_it_went(desk, solved):
    ravi = signed_in(desk.ravi)
    answer = ravi.post(answer_of(solved), {"answer": "yes"}, **HTMX)
    assert answer.status_code == 200
    assert "You said: yes, it is fixed" in answer.content.decode()
    assert "steward:answered" in answer["HX-Trigger"]
    solved.refresh_from_db()
    assert (solved.state, solved.outcome) == ("closed", "confirmed")
    page = ravi.get(f"/portal/requests/{solved.pk}/").content.decode()
    assert "Fixed, as you confirmed." in page
    assert "You confirmed that it is fixed." in page
    assert "Send rating" in page


def test_not_yet_reopens_with_what_was_said(desk, solved):
    ravi = signed_in(desk.ravi)
    ravi.post(answer_of(solved), {"answer": "no", "comment": "Still broken for EU-West"}, **HTMX)
    solved.refresh_from_db()
    assert solved.state == "open"
    page = ravi.get(f"/portal/requests/{solved.pk}/").content.decode()
    assert "Still broken for EU-West" in page
    assert "You said: no, not yet" in page
    assert "Your request was opened again." in page


def test_a_rating_with_words_is_kept(desk, solved):
    ravi = signed_in(desk.ravi)
    ravi.post(answer_of(solved), {"answer": "yes"}, **HTMX)
    part = ravi.post(answer_of(solved, "rating"), {"answer": "4", "comment": "<b>Quick</b>"}, **HTMX).content.decode()
    assert "You gave 4 of 5" in part
    assert "&lt;b&gt;Quick" in part
    rating = Question.objects.get(ticket=solved, kind="rating")
    assert (rating.answer, rating.comment) == ("4", "<b>Quick</b>")


@pytest.mark.parametrize("answer", ["", "maybe", "6", "yes\x00", "Y" * 10_000])
def test_an_answer_that_was_not_offered_is_refused(desk, solved, answer):
    assert signed_in(desk.ravi).post(answer_of(solved), {"answer": answer}, **HTMX).status_code == 422
    solved.refresh_from_db()
    assert solved.state == "solved"


def test_a_double_click_on_an_answer_is_one_answer(desk, solved):
    ravi, where = signed_in(desk.ravi), answer_of(solved)
    assert [ravi.post(where, {"answer": "no", "comment": "Again"}, **HTMX).status_code for _ in range(2)] == [200, 200]
    assert Message.objects.filter(ticket=solved, body="Again").count() == 1


def test_a_stale_page_is_told_that_it_was_answered_already_and_looks_again(desk, solved):
    ravi, where = signed_in(desk.ravi), answer_of(solved)
    ravi.post(where, {"answer": "yes"}, **HTMX)
    answer = ravi.post(where, {"answer": "no"}, **HTMX)
    assert answer.status_code == 409
    assert "You have answered this already." in answer.content.decode()
    assert "steward:answered" in answer["HX-Trigger"]
    solved.refresh_from_db()
    assert solved.outcome == "confirmed"


def test_a_question_the_ticket_has_moved_past_is_told_so(desk, solved):
    where = answer_of(solved)
    change_status(ticket_id=solved.pk, state=State.OPEN, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    answer = signed_in(desk.ravi).post(where, {"answer": "yes"})
    assert answer.status_code == 409
    assert "no longer open" in answer.content.decode()


def test_without_scripts_an_answer_leads_back(desk, solved):
    answer = signed_in(desk.ravi).post(answer_of(solved), {"answer": "yes", "next": "https://evil.example/"})
    assert (answer.status_code, answer["Location"]) == (303, f"/portal/requests/{solved.pk}/")


def test_from_question_to_confirmed_fix(desk):
    desk.on_shift(desk.ada)
    ravi = signed_in(desk.ravi)
    page = ravi.post("/portal/ask/", form("Labels do not save", subject="Labels"), **HTMX)["HX-Redirect"]
    ticket = Ticket.objects.get()
    ada = desk.actor(desk.ada)
    reply(ticket_id=ticket.pk, body="Which queue?", then=State.PENDING, by=ada, at=desk.later(seconds=5))
    assert "We need your answer to go on." in ravi.get(page).content.decode()
    ravi.post(f"{page}messages/", form("EU-West"), **HTMX)
    assert "Ada is taking care of it." in ravi.get(page).content.decode()
    reply(ticket_id=ticket.pk, body="Fixed, please reload.", then=State.SOLVED, by=ada, at=desk.later(minutes=5))
    ravi.post(answer_of(ticket), {"answer": "no", "comment": "Not for me"}, **HTMX)
    assert "Ada is taking care of it." in ravi.get(page).content.decode()
    reply(ticket_id=ticket.pk, body="Now it is.", then=State.SOLVED, by=ada, at=desk.later(minutes=5))
    ravi.post(answer_of(ticket), {"answer": "yes"}, **HTMX)
    ravi.post(answer_of(ticket, "rating"), {"answer": "5"}, **HTMX)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("closed", "confirmed")
    told = ravi.get(page).content.decode()
    order = [
        "We received your request",
        "Which queue?",
        "EU-West",
        "You said: no, not yet",
        "opened again",
        "Now it is.",
        "You confirmed",
    ]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
