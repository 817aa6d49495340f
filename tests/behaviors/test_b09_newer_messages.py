"""B9: when somebody writes while one is typing, sending asks once before passing it. The banner is looked at in tests/browser/test_writing.py."""

import pytest

from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import NewerMessages, add_note, reply
from steward.desk.actions.settings import set_hold_time
from steward.desk.models import HeldReply, Message, Ticket
from tests.cast import SETUP, Cast
from tests.desk.conftest import at_once
from tests.web.ticket.acting import as_, send, text_of


def seen(ticket: Ticket) -> int:
    return ticket.message_set.order_by("-id").first().pk


def test_the_first_press_shows_what_was_said_and_the_second_sends(cast: Cast) -> None:
    ticket = cast.ticket()
    before, ada = seen(ticket), as_(cast.ada)
    receive_message(ticket_id=ticket.pk, body="It works again!", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    asked = send(ada, ticket, "replies", body="Mine", client_token="t", seen_message_id=before)
    assert asked.status_code == 409
    assert "It works again!" in text_of(asked)
    assert "Ravi wrote while you were typing." in text_of(asked)
    assert send(ada, ticket, "replies", body="Mine", client_token="t", seen_message_id=before, anyway="1").status_code == 200
    assert Message.objects.filter(body="Mine").count() == 1


@pytest.mark.parametrize("who", ["note", "automatic", "own"])
def test_what_is_no_news_to_the_writer_does_not_ask(cast: Cast, who: str) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    before = seen(ticket)
    if who == "note":
        add_note(ticket_id=ticket.pk, body="Among us", by=cast.actor(cast.ben), at=cast.at)
    elif who == "automatic":
        send(ada, ticket, "status", state="solved")
    else:
        before = reply(ticket_id=ticket.pk, body="My first", by=cast.actor(cast.ada), at=cast.at).pk
    assert send(ada, ticket, "replies", body="Mine", client_token="t", seen_message_id=before).status_code == 200


def test_a_colleagues_reply_that_is_about_to_go_out_counts_as_said(cast: Cast) -> None:
    set_hold_time(channel="portal", seconds=30, by=SETUP, at=cast.at)
    ticket = cast.ticket()
    before = seen(ticket)
    send(as_(cast.ada), ticket, "replies", body="Ada's words", client_token="a", seen_message_id=before)
    asked = send(as_(cast.ben), ticket, "replies", body="Ben's words", client_token="b", seen_message_id=before)
    assert asked.status_code == 409
    assert "Ada is sending a reply right now." in text_of(asked)
    assert "Ada&#39;s words" in text_of(asked)
    anyway = send(as_(cast.ben), ticket, "replies", body="Ben's words", client_token="b", seen_message_id=before, anyway="1")
    assert anyway.status_code == 200
    assert HeldReply.objects.count() == 2


def test_of_two_who_send_at_once_exactly_one_is_asked(fresh_cast: Cast) -> None:
    cast = fresh_cast
    ticket = cast.ticket()
    before, actors = seen(ticket), [cast.actor(cast.ada), cast.actor(cast.ben), cast.actor(cast.lin)]
    results = at_once(
        *[lambda by=by: reply(ticket_id=ticket.pk, body=by.name, seen_message_id=before, by=by, at=cast.at) for by in actors]
    )
    assert sum(isinstance(one, Message) for one in results) == 1
    assert sum(isinstance(one, NewerMessages) for one in results) == 2
