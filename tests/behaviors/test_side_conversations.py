"""A side conversation: its own thread inside the ticket, never visible to the requester, whose answers come back into it."""

import pytest
from django.core import mail
from django.test import Client

from steward.channels.actions.aside_mail import mail_aside, plan_aside
from steward.core.errors import Conflict, NotFound
from steward.desk.actions.asides import answer_aside, end_aside, guest, renew_link, reopen_aside, say_aside, start_aside
from steward.desk.actions.merging import merge_tickets
from steward.desk.models import Conversation, Message
from steward.desk.queries.asides import aside_by_token, token_of
from steward.desk.queries.verification import problems
from steward.people.models import Notice
from tests.cast import Cast
from tests.web.ticket.acting import ATTACK, HTMX, as_, asking_user, assert_harmless, text_of


def ask(cast: Cast, ticket, **values):
    defaults = {"topic": "Outage?", "body": "Is your service down?", "party": "Acme", "address": "help@acme.example"}
    return start_aside(ticket_id=ticket.pk, **{**defaults, **values}, by=cast.actor(cast.ada), at=cast.at)


def test_the_requester_sees_nothing_of_it_and_the_desk_all(cast: Cast) -> None:
    who, asks = asking_user()
    ticket = cast.ticket("My page is empty.", requester=asks)
    talk = ask(cast, ticket)
    answer_aside(conversation_id=talk.pk, body="Yes, until noon.", by=guest(talk), at=cast.later(minutes=5))
    for path in (f"/portal/requests/{ticket.pk}/", f"/portal/requests/{ticket.pk}/live/", "/portal/"):
        page = text_of(as_(who).get(path))
        for hidden in ("Is your service down?", "Yes, until noon.", "Acme", "Outage?", "new answer"):
            assert hidden not in page, (path, hidden)
    assert as_(who).get(f"/tickets/{ticket.pk}/asides/{talk.pk}/").status_code == 404
    page = text_of(as_(cast.ben).get(f"/tickets/{ticket.pk}/"))
    assert "started a side conversation with Acme" in page
    assert "Is your service down?" not in page
    thread = text_of(as_(cast.ben).get(f"/tickets/{ticket.pk}/asides/{talk.pk}/", headers=HTMX))
    assert "Yes, until noon." in thread
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee_id) == ("new", None)
    assert list(problems()) == []


def test_a_guest_answers_by_the_link_without_signing_in_and_sees_nothing_else(cast: Cast) -> None:
    ticket = cast.ticket("Secret of the ticket.", subject="Secret subject")
    talk = ask(cast, ticket, body=ATTACK)
    path = f"/aside/{token_of(talk)}/"
    page = text_of(Client().get(path))
    assert_harmless(page)
    assert "Secret" not in page
    assert Client().post(path, {"body": "Fixed now.", "client_token": "g"})["Location"] == path
    Client().post(path, {"body": "Fixed now.", "client_token": "g"})
    said = Message.objects.get(body="Fixed now.")
    assert (said.kind, said.author_kind, said.conversation_id) == ("side", "guest", talk.pk)
    assert Notice.objects.get(kind="side_message").user_id == cast.ada.pk


def test_a_link_is_withdrawn_by_a_new_one_and_ends_with_the_conversation(cast: Cast) -> None:
    talk = ask(cast, cast.ticket())
    old = token_of(talk)
    renewed = renew_link(conversation_id=talk.pk, by=cast.actor(cast.ada), at=cast.at)
    assert Client().get(f"/aside/{old}/").status_code == 404
    assert Client().get(f"/aside/{old[:-1]}x/").status_code == 404
    assert aside_by_token(token_of(renewed)).pk == talk.pk
    end_aside(conversation_id=talk.pk, by=cast.actor(cast.ada), at=cast.at)
    kept = Client().post(f"/aside/{token_of(renewed)}/", {"body": "Too late"})
    assert kept.status_code == 409
    assert "Too late" in text_of(kept)
    with pytest.raises(Conflict):
        say_aside(conversation_id=talk.pk, body="More", by=cast.actor(cast.ada), at=cast.at)
    reopen_aside(conversation_id=talk.pk, by=cast.actor(cast.ada), at=cast.at)
    say_aside(conversation_id=talk.pk, body="More", by=cast.actor(cast.ada), at=cast.at)
    assert list(problems()) == []


def test_a_team_is_asked_without_seeing_the_ticket(cast: Cast) -> None:
    hidden = cast.ticket("Grave.", queue=cast.restricted)
    talk = start_aside(
        ticket_id=hidden.pk, topic="A rule", body="What does the rule say?", team=cast.team, by=cast.actor(cast.lin), at=cast.at
    )
    assert sorted(Notice.objects.filter(kind="side_message").values_list("user__name", flat=True)) == ["Ada", "Ben"]
    browser = as_(cast.ada)
    list_page = text_of(browser.get("/aside/"))
    assert "A rule" in list_page
    assert "Lin asks Console support" in list_page
    assert "waits for an answer" in list_page
    # Whoever has no eye on the ticket is led to the conversation by the notice.
    assert f"/aside/team/{talk.pk}/" in text_of(browser.get("/notices/"))
    page = text_of(browser.get(f"/aside/team/{talk.pk}/"))
    assert "What does the rule say?" in page
    assert "Grave." not in page
    assert browser.post(f"/aside/team/{talk.pk}/", {"body": "It says no.", "client_token": "t"}).status_code == 303
    assert "answered" in text_of(browser.get("/aside/"))
    assert "answered" in text_of(as_(cast.lin).get(f"/tickets/{hidden.pk}/asides/", headers=HTMX))
    assert browser.get(f"/tickets/{hidden.pk}/asides/{talk.pk}/").status_code == 404
    assert as_(cast.eno).get(f"/aside/team/{talk.pk}/").status_code == 404
    with pytest.raises(NotFound):
        aside_by_token(token_of(talk))


def test_it_is_started_and_written_in_from_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    assert "Ask somebody else" in text_of(browser.get(f"/tickets/{ticket.pk}/asides/", headers=HTMX))
    form = {"topic": "Outage?", "body": "Down?", "party": "Acme", "client_token": "one"}
    for _click in range(2):
        shown = text_of(browser.post(f"/tickets/{ticket.pk}/asides/new/", form, headers=HTMX))
    assert "/aside/" in shown
    talk = Conversation.objects.get(kind="side")
    browser.post(f"/tickets/{ticket.pk}/asides/{talk.pk}/", {"body": "Anybody?", "client_token": "two"}, headers=HTMX)
    assert list(talk.message_set.order_by("id").values_list("body", flat=True)) == ["Down?", "Anybody?"]
    assert browser.post(f"/tickets/{ticket.pk}/asides/new/", {"topic": "x", "body": "y"}, headers=HTMX).status_code == 422
    assert as_(cast.ben).get(f"/tickets/{cast.ticket(queue=cast.restricted).pk}/asides/").status_code == 404


def test_after_a_merge_it_goes_on_from_the_target(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    talk = ask(cast, source)
    merge_tickets(source_ids=[source.pk], target_id=target.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert "Outage?" in text_of(as_(cast.ada).get(f"/tickets/{target.pk}/asides/", headers=HTMX))
    say_aside(conversation_id=talk.pk, body="Still?", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    answer_aside(conversation_id=talk.pk, body="No.", by=guest(talk), at=cast.later(minutes=1))
    assert list(problems()) == []


def test_an_address_is_mailed_the_question_and_the_link(cast: Cast, settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    talk = ask(cast, cast.ticket())
    message = talk.message_set.get()
    mail_aside(message_id=message.pk)
    (sent,) = mail.outbox
    assert sent.to == ["help@acme.example"]
    assert "Is your service down?" in sent.body
    assert token_of(talk) in sent.body
    plain = ask(cast, cast.ticket(), address="the third floor", client_token="")
    assert plan_aside(message_id=plain.message_set.get().pk) is False
