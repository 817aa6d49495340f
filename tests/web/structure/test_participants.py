"""Telling a colleague along on the ticket's page, what they see in the portal, and of whom nothing is seen."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.channels.actions.mailing import mail_participant, plan_participant_mails
from steward.channels.queries.deliveries import seen_upto
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.participants import add_participant, remove_participant
from steward.desk.actions.replies import reply
from steward.desk.models import Conversation, Message
from tests.cast import Cast, user
from tests.web.ticket.acting import HTMX, as_, asking_user, say, text_of


@pytest.fixture
def shared(cast: Cast):
    """Give a ticket of Ravi's on which Rita, who can sign in, takes part."""
    who, asks = asking_user()
    cast.ticket("Something of Rita's own.", requester=asks)
    ticket = cast.ticket("It is broken.")
    add_participant(ticket_id=ticket.pk, requester_id=asks.pk, by=cast.actor(cast.ada), at=cast.at)
    return ticket, who, asks


def post(client, ticket, path="", **fields):
    return client.post(f"/tickets/{ticket.pk}/participants/{path}", fields, headers=HTMX)


def test_somebody_is_found_told_named_and_taken_out(cast: Cast) -> None:
    _who, asks = asking_user()
    cast.ticket("Something of Rita's own.", requester=asks)
    ticket, ada = cast.ticket(), as_(cast.ada)
    assert "They read all that was" in text_of(ada.get(f"/tickets/{ticket.pk}/participants/"))
    found = text_of(ada.get(f"/tickets/{ticket.pk}/participants/find/", {"email": "rit"}))
    assert f'name="requester_id" value="{asks.pk}"' in found
    assert "Rita" in text_of(post(ada, ticket, requester_id=asks.pk, email="rit"))
    assert f'value="{asks.pk}"' not in text_of(ada.get(f"/tickets/{ticket.pk}/participants/find/", {"email": "rit"}))
    page = text_of(ada.get(f"/tickets/{ticket.pk}/"))
    assert "told Rita along" in page
    assert "Ravi and who takes part" in page
    assert "Rita" not in text_of(post(ada, ticket, f"{asks.pk}/remove/"))
    page = text_of(ada.get(f"/tickets/{ticket.pk}/"))
    assert "took Rita out of the conversation" in page
    assert "and who takes part" not in page


def test_somebody_new_is_offered_by_a_whole_address_only(cast: Cast) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    address = f"/tickets/{ticket.pk}/participants/find/"
    assert "enter a whole address" in text_of(ada.get(address, {"email": "uma@"}))
    assert "Tell uma@x.example" in text_of(ada.get(address, {"email": "uma@x.example"}))
    assert "uma@x.example" in text_of(post(ada, ticket, email="uma@x.example"))
    assert post(ada, ticket, email="no address").status_code == 422


def test_who_takes_part_reads_and_answers_in_the_portal(cast: Cast, shared) -> None:
    ticket, who, asks = shared
    say(cast, ticket, cast.ada, "Since when?")
    theirs = as_(who)
    assert "It is broken." in text_of(theirs.get("/portal/"))
    page = text_of(theirs.get(f"/portal/requests/{ticket.pk}/"))
    for words in ("It is broken.", "Since when?", "Also in this conversation:", "Ravi"):
        assert words in page
    sent = theirs.post(
        f"/portal/requests/{ticket.pk}/messages/", {"body": "For me since Monday.", "client_token": "t"}, headers=HTMX
    )
    assert "For me since Monday." in text_of(sent)
    said = Message.objects.get(body="For me since Monday.")
    assert (said.ticket_id, said.requester) == (ticket.pk, asks)
    agents = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert "For me since Monday." in agents
    assert "Rita" in agents


def test_they_are_not_asked_whether_it_is_fixed(cast: Cast, shared) -> None:
    ticket, who, _asks = shared
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert "/answers/" not in text_of(as_(who).get(f"/portal/requests/{ticket.pk}/"))


def test_what_they_have_read_is_kept_for_them_alone(cast: Cast, shared) -> None:
    ticket, who, asks = shared
    said = say(cast, ticket, cast.ada, "Since when?")
    theirs = as_(who)
    assert f'id="seen-{said.pk}"' in text_of(theirs.get(f"/portal/requests/{ticket.pk}/"))
    theirs.post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": said.pk})
    assert f'id="seen-{said.pk}"' not in text_of(theirs.get(f"/portal/requests/{ticket.pk}/"))
    assert Conversation.objects.get(ticket=ticket, requester=asks).seen_message_id == said.pk
    assert seen_upto(ticket.pk) == 0


def test_a_file_is_theirs_to_open_until_they_are_taken_out(cast: Cast, shared) -> None:
    ticket, who, asks = shared
    files = [store_file(bytes_upload("log.txt", b"12:01\n"))]
    message = reply(ticket_id=ticket.pk, body="See this.", files=files, by=cast.actor(cast.ada), at=cast.at)
    address = f"/files/{message.attachments.get().pk}/log.txt"
    assert as_(who).get(address).status_code == 200
    remove_participant(ticket_id=ticket.pk, requester_id=asks.pk, by=cast.actor(cast.ada), at=cast.at)
    assert as_(who).get(address).status_code == 404
    for path in ("", "live/"):
        assert as_(who).get(f"/portal/requests/{ticket.pk}/{path}").status_code == 404
    assert "It is broken." not in text_of(as_(who).get("/portal/"))


def test_they_are_mailed_once_of_a_burst_they_do_not_read(cast: Cast, shared, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST, settings.BASE_URL = "mail.example", "https://desk.example"
    ticket, who, asks = shared
    first, second = say(cast, ticket, cast.ada, "Since when?"), say(cast, ticket, cast.ada, "And which browser?")
    talk = Conversation.objects.get(ticket=ticket, requester=asks)
    for message in (first, second):
        assert plan_participant_mails(message_id=message.pk, at=cast.at) == 1
    assert ProcrastinateJob.objects.filter(task_name="channels.mail_participant").count() == 2
    assert mail_participant(conversation_id=talk.pk, message_id=first.pk)
    assert not mail_participant(conversation_id=talk.pk, message_id=second.pk)
    assert [one.to for one in mail.outbox] == [[asks.email]]
    assert "And which browser?" in mail.outbox[0].body
    third = say(cast, ticket, cast.ada, "Still there?")
    as_(who).post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": third.pk})
    assert not mail_participant(conversation_id=talk.pk, message_id=third.pk)
    fourth = say(cast, ticket, cast.ada, "One more.")
    remove_participant(ticket_id=ticket.pk, requester_id=asks.pk, by=cast.actor(cast.ada), at=cast.at)
    assert not mail_participant(conversation_id=talk.pk, message_id=fourth.pk)
    assert plan_participant_mails(message_id=fourth.pk, at=cast.at) == 0


def test_a_mail_of_a_restricted_ticket_holds_no_word_of_it(cast: Cast, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST, settings.BASE_URL = "mail.example", "https://desk.example"
    ticket = cast.ticket("Grave words.", queue=cast.restricted)
    talk = add_participant(ticket_id=ticket.pk, email="uma@x.example", by=cast.actor(cast.lin), at=cast.at)
    said = say(cast, ticket, cast.lin, "Graver words.")
    assert mail_participant(conversation_id=talk.pk, message_id=said.pk)
    assert "Grave" not in mail.outbox[0].body + mail.outbox[0].subject


def test_no_path_leads_to_a_ticket_out_of_sight_and_readers_change_nothing(cast: Cast) -> None:
    hidden, ticket = cast.ticket("Grave", queue=cast.restricted), cast.ticket()
    for who in (cast.ada, asking_user()[0], user("Olga", "requester")):
        client = as_(who)
        for path in ("", "find/?email=rav"):
            assert client.get(f"/tickets/{hidden.pk}/participants/{path}").status_code == 404
        assert post(client, hidden, requester_id=cast.oto.pk).status_code == 404
        assert post(client, hidden, f"{cast.oto.pk}/remove/").status_code == 404
    assert post(as_(cast.ana), ticket, email="uma@x.example").status_code == 403
    assert 'name="email"' not in text_of(as_(cast.ana).get(f"/tickets/{ticket.pk}/participants/"))
    shown = text_of(as_(cast.lin).get(f"/tickets/{hidden.pk}/participants/"))
    assert "This ticket is restricted" in shown


@pytest.mark.parametrize("people", [1, 3, 9])
def test_the_panel_costs_the_same_however_many_take_part(cast: Cast, assert_queries, people: int) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    for number in range(people):
        add_participant(ticket_id=ticket.pk, email=f"p{number}@x.example", by=cast.actor(cast.ada), at=cast.at)
    ada.get(f"/tickets/{ticket.pk}/participants/")
    with assert_queries(7):
        assert text_of(ada.get(f"/tickets/{ticket.pk}/participants/")).count("<li>") == people
