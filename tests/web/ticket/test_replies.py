"""Replies and notes over HTTP."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from steward.desk.actions.intake import receive_message
from steward.desk.models import Message, Ticket
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, say, send, text_of


def messages(ticket: Ticket) -> list[tuple[str, str]]:
    return list(Message.objects.filter(ticket=ticket, automatic=False).order_by("id").values_list("kind", "body"))


def test_a_reply_is_sent_and_comes_back_in_the_timeline(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    answer = send(as_(cast.ada), ticket, "replies", body="Since when?", client_token="t1")
    assert answer.status_code == 200
    assert "Since when?" in text_of(answer)
    assert 'hx-target="#ticket-head"' in text_of(answer)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee_id) == ("open", cast.ada.pk)


def test_without_scripts_a_reply_leads_back_to_the_page(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    answer = as_(cast.ada).post(f"/tickets/{ticket.pk}/replies/?view=open", {"body": "Since when?"})
    assert (answer.status_code, answer["Location"]) == (303, f"/tickets/{ticket.pk}/?view=open")


@pytest.mark.parametrize(
    ("then", "state", "reason"),
    [("pending", "pending", "requester"), ("solved", "solved", ""), ("on_hold:vendor", "on_hold", "vendor"), ("", "open", "")],
)
def test_sending_and_moving_are_one_step(cast: Cast, then: str, state: str, reason: str) -> None:
    ticket = cast.ticket("Help")
    assert send(as_(cast.ada), ticket, "replies", body="Here you are.", then=then).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waiting_reason) == (state, reason)


@pytest.mark.parametrize("then", ["on_hold", "on_hold:because", "closed", "nonsense", "new"])
def test_a_move_that_is_not_offered_sends_nothing(cast: Cast, then: str) -> None:
    ticket = cast.ticket("Help")
    assert send(as_(cast.ada), ticket, "replies", body="Here you are.", then=then).status_code == 422
    assert messages(ticket) == [("message", "Help")]


def test_the_same_token_sent_twice_is_one_message(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    browser = as_(cast.ada)
    for resource, body in (("replies", "Once"), ("notes", "Also once")):
        for _again in range(2):
            assert send(browser, ticket, resource, body=body, client_token=f"token-{resource}").status_code == 200
    assert messages(ticket) == [("message", "Help"), ("message", "Once"), ("note", "Also once")]


def test_each_rendering_draws_tokens_of_its_own(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    drawn = re.findall(
        r'name="client_token" value="([^"]+)"', "".join(text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/")) for _ in range(2))
    )
    assert len(set(drawn)) == 4


def test_what_was_said_meanwhile_is_shown_and_passed_only_on_purpose(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    seen = ticket.message_set.get().pk
    receive_message(
        ticket_id=ticket.pk, body="It works again, <b>never mind</b>!", by=cast.actor(cast.ravi), at=cast.later(minutes=3)
    )
    browser = as_(cast.ada)
    answer = send(browser, ticket, "replies", body="Try a reload.", client_token="t", seen_message_id=seen)
    assert answer.status_code == 409
    assert "It works again, &lt;b&gt;never mind&lt;/b&gt;!" in text_of(answer)
    assert "Send anyway" in text_of(answer)
    assert '"code": "conflict"' in answer["HX-Trigger"]
    assert ("message", "Try a reload.") not in messages(ticket)
    assert (
        send(browser, ticket, "replies", body="Try a reload.", client_token="t", seen_message_id=seen, anyway="1").status_code
        == 200
    )
    assert ("message", "Try a reload.") in messages(ticket)


def test_without_scripts_the_text_is_kept_beside_what_was_said_meanwhile(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    seen = ticket.message_set.get().pk
    say(cast, ticket, cast.ben, "I am on it.")
    answer = send(as_(cast.ada), ticket, "replies", htmx=False, body="My long <answer>", client_token="t", seen_message_id=seen)
    assert answer.status_code == 409
    assert "I am on it." in text_of(answer)
    assert "My long &lt;answer&gt;" in text_of(answer)


def test_an_empty_or_impossible_text_is_refused_in_words(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    browser = as_(cast.ada)
    for body in ("", "  \u200b ", "a\x00b", "x" * 1_000_001):
        answer = send(browser, ticket, "replies", body=body)
        assert answer.status_code == 422, body[:10]
        assert answer["HX-Reswap"] == "none"
        assert 'role="alert"' in text_of(answer)
    assert len(messages(ticket)) == 1


def test_files_come_along_and_a_false_one_is_refused_with_nothing_sent(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    browser = as_(cast.ada)
    good = SimpleUploadedFile("log.txt", b"12:01 error\n")
    assert send(browser, ticket, "replies", body="See the log.", files=[good]).status_code == 200
    assert [file.name for file in Message.objects.get(body="See the log.").attachments.all()] == ["log.txt"]
    false = SimpleUploadedFile("picture.png", b"<html><script>alert(1)</script></html>")
    answer = send(browser, ticket, "replies", body="And this.", files=[false])
    assert answer.status_code == 422
    assert "picture.png" in text_of(answer)
    assert not Message.objects.filter(body="And this.").exists()


def test_too_many_files_are_refused_before_any_is_kept(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    many = [SimpleUploadedFile(f"{number}.txt", b"text") for number in range(11)]
    assert send(as_(cast.ada), ticket, "replies", body="All of them.", files=many).status_code == 422


@pytest.mark.parametrize("resource", ["replies", "notes"])
def test_outsiders_write_nothing(cast: Cast, resource: str) -> None:
    ticket = cast.ticket("Help")
    hidden = cast.ticket("Grave", queue=cast.restricted)
    who, _asks = asking_user()
    for browser in (as_(who), as_(cast.eno)):
        assert send(browser, ticket, resource, body="Hello").status_code == 404
    assert send(as_(cast.ada), hidden, resource, body="Hello").status_code == 404
    assert send(as_(cast.ana), ticket, resource, body="Hello").status_code == 403
    assert Message.objects.filter(body="Hello").count() == 0


def test_a_note_moves_nothing_and_is_no_reply(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    answer = send(as_(cast.ada), ticket, "notes", body="Ask Eno.", client_token="n")
    assert "Ask Eno." in text_of(answer)
    ticket.refresh_from_db()
    assert ticket.state == "new"
    assert messages(ticket)[-1] == ("note", "Ask Eno.")


def test_replies_are_only_posted(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    assert as_(cast.ada).get(f"/tickets/{ticket.pk}/replies/").status_code == 405
