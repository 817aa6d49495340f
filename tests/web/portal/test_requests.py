from zoneinfo import ZoneInfo

import pytest

from steward.channels.models import Delivery
from steward.core import clock
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Ticket
from steward.desk.rules.states import State
from steward.ledger.actions.following import settle
from steward.ledger.models import Event
from steward.people.models import Requester
from steward.sla.actions.defaults import create_default_policy
from steward.sla.queries import response_due
from tests.cast import SETUP, Cast
from tests.web.portal.signing_in import HTMX, form, signed_in, user_of

NASTY = '<script>alert(1)</script><img src=x onerror="alert(1)">\'"{{ 7*7 }}'


def page_of(desk: Cast, ticket: Ticket, who=None) -> str:
    answer = signed_in(who or desk.ravi).get(f"/portal/requests/{ticket.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_requester_is_told_at_once_who_answers_and_where_they_stand(desk):
    desk.on_shift(desk.ada)
    desk.ticket()
    page = page_of(desk, desk.ticket())
    for words in ("We have received your request.", "Console support", "Place in line", "<dd>2</dd>"):
        assert words in page
    assert "Nobody is on shift" not in page


def test_off_shift_the_requester_hears_when_the_team_is_back(desk):
    ticket = desk.ticket()
    assert "Nobody is on shift right now. Your request is safe in line until somebody is back." in page_of(desk, ticket)
    at = desk.at
    desk.later(hours=9)
    desk.on_shift(desk.ada)
    desk.at = at
    assert "Nobody is on shift right now. The team is back at" in page_of(desk, ticket)


def test_a_restricted_queue_is_not_named_to_its_requester(desk):
    page = page_of(desk, desk.ticket(queue=desk.restricted))
    assert "Child safety" not in page
    assert "Our team" in page


def test_the_requester_sees_the_conversation_and_what_happened_in_their_words(desk):
    desk.on_shift(desk.ada)
    ticket = desk.ticket()
    assign_ticket(ticket_id=ticket.pk, to=desk.ada, by=desk.actor(desk.lin), at=desk.later(seconds=1))
    add_note(ticket_id=ticket.pk, body="Internal: looks like the rollout", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    reply(ticket_id=ticket.pk, body="Which browser?", then=State.PENDING, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    page = page_of(desk, ticket)
    assert "Ada is taking care of your request." in page
    assert "We are waiting for your answer." in page
    assert "We need your answer to go on." in page
    assert "Which browser?" in page
    assert "rollout" not in page


def test_why_a_request_waits_stays_inside(desk):
    ticket = desk.ticket()
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    page = page_of(desk, ticket)
    assert "We are waiting for others before we can go on." in page
    assert "vendor" not in page


@pytest.mark.parametrize("path", ["", "live/"])
def test_somebody_elses_request_is_not_there(desk, path):
    ticket = desk.ticket()
    for who in (desk.oto, desk.ada, desk.lin, desk.ana):
        assert signed_in(who).get(f"/portal/requests/{ticket.pk}/{path}").status_code == 404
    assert signed_in(desk.ravi).get(f"/portal/requests/999999/{path}").status_code == 404
    assert signed_in(desk.ravi).get(f"/portal/requests/{10**30}/{path}").status_code == 404


def test_strangers_write_answer_and_see_nothing(desk):
    ticket = desk.ticket()
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    question = ticket.question_set.get()
    events = Event.objects.filter(stream=f"ticket:{ticket.pk}").count()
    for who in (desk.oto, desk.ada):
        client = signed_in(who)
        assert client.post(f"/portal/requests/{ticket.pk}/messages/", form("Mine now"), **HTMX).status_code == 404
        assert client.post(f"/portal/requests/{ticket.pk}/messages/", form("Mine now")).status_code == 404
        assert client.post(f"/portal/requests/{ticket.pk}/answers/{question.pk}/", {"answer": "yes"}).status_code == 404
        assert client.post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": "999"}).status_code == 404
    assert Event.objects.filter(stream=f"ticket:{ticket.pk}").count() == events
    assert not Requester.objects.filter(user=desk.ada).exists()


def test_a_question_is_answered_under_its_own_request_only(desk):
    mine, other = desk.ticket(), desk.ticket(requester=desk.oto)
    change_status(ticket_id=other.pk, state=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    question = other.question_set.get()
    answer = signed_in(desk.ravi).post(f"/portal/requests/{mine.pk}/answers/{question.pk}/", {"answer": "yes"}, **HTMX)
    assert answer.status_code == 404


def test_an_agent_follows_a_request_of_their_own(desk):
    ada = signed_in(desk.ada)
    where = ada.post("/portal/ask/", form("My own console is slow"), **HTMX)["HX-Redirect"]
    ticket = Ticket.objects.get()
    reply(ticket_id=ticket.pk, body="Looking", by=desk.actor(desk.ben), at=desk.later(seconds=1))
    assert "Looking" in ada.get(where).content.decode()
    assert ada.post(f"/portal/requests/{ticket.pk}/messages/", form("Thank you, and one more thing"), **HTMX).status_code == 200
    assert ada.post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": str(10**9)}, **HTMX).status_code == 204
    assert Delivery.objects.get().state == "seen"


@pytest.mark.parametrize("message_id", ["", "x", "-1", "9" * 40, "1\x00"])
def test_a_malformed_mark_of_having_seen_does_no_harm(desk, message_id):
    ticket = desk.ticket()
    assert signed_in(desk.ravi).post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": message_id}).status_code == 204
    assert not Delivery.objects.exists()


def test_the_page_marks_what_was_not_seen_until_it_was(desk):
    ticket = desk.ticket()
    message = reply(ticket_id=ticket.pk, body="Which browser?", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    assert f'id="seen-{message.pk}"' in page_of(desk, ticket)
    ravi = signed_in(desk.ravi)
    ravi.post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": str(message.pk)}, **HTMX)
    assert 'id="seen-' not in page_of(desk, ticket)
    events = Event.objects.filter(kind="channels.message_seen")
    ravi.post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": str(message.pk)}, **HTMX)
    assert events.count() == 1


def test_nothing_anybody_writes_becomes_markup(desk):
    desk.ravi.name = NASTY
    desk.ravi.save(update_fields=["name"])
    desk.ada.name = f"{NASTY} Ada"
    desk.ada.save(update_fields=["name"])
    ticket = desk.ticket(NASTY, subject=NASTY)
    reply(ticket_id=ticket.pk, body=NASTY, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    ravi = signed_in(desk.ravi)
    for path in (
        "/portal/",
        f"/portal/requests/{ticket.pk}/",
        f"/portal/requests/{ticket.pk}/live/",
        f"/chat/{ticket.pk}/",
        "/chat/new/",
    ):
        page = ravi.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert ">49" not in page


def test_long_conversations_show_their_end_and_lead_to_the_rest(desk):
    ticket = desk.ticket("first words")
    for number in range(205):
        reply(ticket_id=ticket.pk, body=f"answer {number}.", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    page = page_of(desk, ticket)
    assert "answer 204." in page
    assert "answer 3." not in page
    ravi = signed_in(desk.ravi)
    before = page.split("?before=")[1].split('"')[0]
    earlier = ravi.get(f"/portal/requests/{ticket.pk}/?before={before}").content.decode()
    assert "answer 3." in earlier
    assert "first words" in earlier
    assert "data-live=" not in earlier


def test_the_promise_of_the_desk_is_told_in_the_requesters_zone(fresh_cast, settings):
    settings.ROOT_URLCONF = "tests.web.portal.urls"
    fresh_cast.at = clock.now()
    create_default_policy(by=SETUP, at=fresh_cast.at)
    account = user_of(fresh_cast.ravi)
    account.time_zone = "Asia/Kolkata"
    account.save(update_fields=["time_zone"])
    ticket = fresh_cast.ticket()
    settle()
    page = page_of(fresh_cast, ticket)
    due = response_due(ticket.pk)
    assert due is not None
    assert "Answer promised by" in page
    assert f'datetime="{due:%Y-%m-%dT%H:%M:%SZ}"' in page
    assert f"{due.astimezone(ZoneInfo('Asia/Kolkata')):%-I:%M}" in page
