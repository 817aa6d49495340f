import pytest

from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Ticket
from steward.desk.rules.states import State
from tests.web.portal.signing_in import HTMX, form, signed_in


def test_nobody_chats_without_signing_in(desk, client):
    assert client.get("/chat/")["Location"].endswith("?next=/chat/")


def test_a_chat_starts_by_typing(desk):
    ravi = signed_in(desk.ravi)
    page = ravi.get("/chat/").content.decode()
    assert "Hello! Write what you need" in page
    assert Ticket.objects.count() == 0
    answer = ravi.post("/chat/messages/", form("The console is slow"), **HTMX)
    ticket = Ticket.objects.get()
    assert (ticket.channel, answer["HX-Redirect"]) == ("chat", f"/chat/{ticket.pk}/")


def test_coming_back_resumes_the_open_chat(desk):
    ravi = signed_in(desk.ravi)
    ravi.post("/chat/messages/", form("The console is slow"), **HTMX)
    ticket = Ticket.objects.get()
    assert ravi.get("/chat/")["Location"] == f"/chat/{ticket.pk}/"
    page = ravi.get(f"/chat/{ticket.pk}/").content.decode()
    assert "The console is slow" in page
    assert "We have received your request." in page
    assert "Place in line" in page


def test_a_chat_that_is_over_makes_room_for_a_new_one_and_stays_in_reach(desk):
    ravi = signed_in(desk.ravi)
    ravi.post("/chat/messages/", form("The console is slow"), **HTMX)
    ticket = Ticket.objects.get()
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    page = ravi.get("/chat/")
    assert page.status_code == 200
    assert f'href="/chat/{ticket.pk}/"' in page.content.decode()


def test_both_sides_are_in_the_log_and_the_part_refreshes_itself(desk):
    ravi = signed_in(desk.ravi)
    ravi.post("/chat/messages/", form("The console is slow"), **HTMX)
    ticket = Ticket.objects.get()
    message = reply(ticket_id=ticket.pk, body="Since when?", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    part = ravi.get(f"/chat/{ticket.pk}/live/", **HTMX).content.decode()
    assert "Since when?" in part
    assert f'id="seen-{message.pk}"' in part
    assert "<html" not in part
    answer = ravi.post(f"/chat/{ticket.pk}/messages/", form("Since nine"), **HTMX)
    assert "Since nine" in answer.content.decode()
    assert f'data-live="ticket:{ticket.pk}"' in ravi.get(f"/chat/{ticket.pk}/").content.decode()


def test_the_question_stands_in_the_chat_and_is_answered_there(desk):
    ravi = signed_in(desk.ravi)
    ravi.post("/chat/messages/", form("The console is slow"), **HTMX)
    ticket = Ticket.objects.get()
    reply(ticket_id=ticket.pk, body="Reload", then=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    page = ravi.get(f"/chat/{ticket.pk}/").content.decode()
    question = ticket.question_set.get()
    assert page.count('name="answer" value="yes"') == 1
    ravi.post(f"/portal/requests/{ticket.pk}/answers/{question.pk}/", {"answer": "yes"}, **HTMX)
    assert "Fixed, as you confirmed." in ravi.get(f"/chat/{ticket.pk}/").content.decode()


@pytest.mark.parametrize("path", ["", "live/"])
def test_somebody_elses_chat_is_not_there(desk, path):
    ticket = desk.ticket()
    for who in (desk.oto, desk.ada):
        assert signed_in(who).get(f"/chat/{ticket.pk}/{path}").status_code == 404
        assert signed_in(who).post(f"/chat/{ticket.pk}/messages/", form("Mine"), **HTMX).status_code == 404


def test_a_double_click_starts_one_chat(desk):
    ravi, fields = signed_in(desk.ravi), form("Once")
    assert len({ravi.post("/chat/messages/", fields, **HTMX)["HX-Redirect"] for _ in range(3)}) == 1
    assert Message.objects.count() == 1


def test_without_scripts_a_chat_works_and_keeps_what_was_refused(desk):
    ravi = signed_in(desk.ravi)
    answer = ravi.post("/chat/messages/", form("The console is slow"))
    assert answer.status_code == 303
    ticket = Ticket.objects.get()
    assert ravi.post(f"/chat/{ticket.pk}/messages/", form("More"))["Location"] == f"/chat/{ticket.pk}/"
    refused = ravi.post(f"/chat/{ticket.pk}/messages/", form("x" * 1_000_001))
    assert refused.status_code == 422
    assert "x" * 1_000_001 in refused.content.decode()


def test_a_chat_costs_the_same_however_much_was_said(desk, assert_queries):
    ravi = signed_in(desk.ravi)
    ravi.post("/chat/messages/", form("The console is slow"), **HTMX)
    ticket = Ticket.objects.get()
    for number in range(1, 40):
        reply(ticket_id=ticket.pk, body=f"Answer {number}", by=desk.actor(desk.ada), at=desk.later(seconds=1))
        if number in (1, 3, 39):
            with assert_queries(11):
                ravi.get(f"/chat/{ticket.pk}/")
