"""Third parties: whom a ticket was talked about with goes with its requester, and a guest goes from everybody's tickets."""

import pytest

from steward.core.errors import NotFound
from steward.desk.actions.asides import answer_aside, guest, start_aside
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.models import Attachment, Conversation, Message
from steward.desk.queries.asides import aside_by_token, token_of
from steward.desk.queries.search import search_tickets
from steward.desk.queries.verification import problems
from steward.people.actions import ensure_requester, preview_erasure
from steward.people.erasing import TOMBSTONE, Whom
from steward.people.rules import Role
from tests.cast import SETUP, user
from tests.journeys.test_erasing import WORD, erase, found

NAME, ADDRESS = f"Gerda {WORD}", f"gerda.{WORD}@vendor.example"


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path


def ask(cast, ticket, *, party=NAME, address=ADDRESS, topic=f"What {NAME} knows", words=WORD):
    """Ask a guest beside a ticket, with a file, and let them answer."""
    files = [store_file(bytes_upload(f"{words}.txt", words.encode()))]
    by = cast.actor(cast.lin)
    talk = start_aside(
        ticket_id=ticket.pk, topic=topic, body=f"Dear {words}", party=party, address=address, files=files, by=by, at=cast.at
    )
    answer_aside(conversation_id=talk.pk, body=f"Yours, {words}", by=guest(talk), at=cast.later(minutes=1))
    return talk


def test_a_guest_goes_with_the_requester_whose_ticket_it_was(cast):
    ticket = cast.ticket(requester=cast.oto)
    talk = ask(cast, ticket)
    token = token_of(talk)
    shown = {str(one.label): one.count for one in preview_erasure(Whom(cast.oto.pk), by=cast.actor(cast.ana))}
    assert shown["Side conversations beside their tickets"] == 1
    erase(cast, requester_id=cast.oto.pk)
    assert found() == found("gerda") == found("vendor.example") == set()
    talk.refresh_from_db()
    assert (talk.party, talk.topic, talk.address, talk.ended_at is not None) == (TOMBSTONE, TOMBSTONE, "", True)
    with pytest.raises(NotFound):
        aside_by_token(token)
    assert Message.objects.filter(conversation=talk).count() == 2
    assert list(problems()) == []


@pytest.mark.parametrize("queue", ["support", "restricted"])
def test_somebody_who_was_asked_beside_others_tickets_is_erased_there_too(cast, queue):
    ticket = cast.ticket("Ravi's own words.", queue=getattr(cast, queue))
    talk = ask(cast, ticket, address=ADDRESS.upper())
    token = token_of(talk)
    gerda = ensure_requester(name=NAME, email=ADDRESS, by=SETUP, at=cast.at)
    assert found() >= {"desk_conversation.party", "desk_conversation.topic", "desk_conversation.address", "desk_message.body"}
    shown = {str(one.label): one.count for one in preview_erasure(Whom(gerda.pk), by=cast.actor(cast.ana))}
    assert shown.get("Side conversations with them", 0) == (1 if queue == "support" else 0)
    erase(cast, requester_id=gerda.pk)
    assert found() == found("gerda") == set()
    assert Attachment.objects.filter(erased_at=None).count() == 0
    assert search_tickets(WORD, queue_ids=[ticket.queue_id], at=cast.at) == []
    ticket.refresh_from_db()
    assert Message.objects.get(ticket=ticket, kind="message").body == ticket.subject == "Ravi's own words."
    with pytest.raises(NotFound):
        aside_by_token(token)
    assert list(problems()) == []


def test_somebody_of_the_desk_who_was_also_a_guest_is_erased_there_too(cast):
    gone = user(WORD, Role.AGENT, team=cast.team)
    ask(cast, cast.ticket(), address=gone.email)
    erase(cast, user_id=gone.pk)
    assert found() == set()


def test_without_an_address_the_name_tells_and_with_another_it_is_somebody_else(cast):
    ticket = cast.ticket()
    named, other = ask(cast, ticket, address=""), ask(cast, ticket, party=NAME, address="another@vendor.example", words="other")
    team = start_aside(ticket_id=ticket.pk, topic="Our own", body="Team?", team=cast.team, by=cast.actor(cast.lin), at=cast.at)
    gerda = ensure_requester(name=NAME, email=ADDRESS, by=SETUP, at=cast.at)
    erase(cast, requester_id=gerda.pk)
    named.refresh_from_db(), other.refresh_from_db(), team.refresh_from_db()
    assert (named.party, other.party, other.address, team.party) == (TOMBSTONE, NAME, "another@vendor.example", cast.team.name)
    assert other.topic == f"What {TOMBSTONE} knows"
    assert (other.ended_at, team.ended_at) == (None, None)
    assert {m.body for m in Message.objects.filter(conversation=other)} == {"Dear other", "Yours, other"}
    assert list(problems()) == []


def test_the_topic_of_a_conversation_with_others_loses_their_name(cast):
    talk = ask(cast, cast.ticket(), party="Vendor", address="v@vendor.example", topic=f"About {ADDRESS}", words="nothing")
    gerda = ensure_requester(name=NAME, email=ADDRESS, by=SETUP, at=cast.at)
    erase(cast, requester_id=gerda.pk)
    talk.refresh_from_db()
    assert (talk.topic, talk.party) == (f"About {TOMBSTONE}", "Vendor")
    assert found() == set()


def test_a_killed_erasure_of_a_guest_is_carried_on(cast, monkeypatch):
    from steward.desk.actions import erasing_asides
    from steward.people.actions import carry_on, carry_on_all, erase_person

    monkeypatch.setattr(erasing_asides, "TICKETS_AT_ONCE", 1)
    for _number in range(3):
        ask(cast, cast.ticket())
    gerda = ensure_requester(name=NAME, email=ADDRESS, by=SETUP, at=cast.at)
    erasure = erase_person(requester_id=gerda.pk, reason="law", by=cast.actor(cast.ana), at=cast.at)
    assert not Conversation.objects.filter(address__icontains="gerda").exists(), "who they are goes at once"
    assert not carry_on(erasure_id=erasure.pk, seconds=0, at=cast.at)
    assert carry_on_all(at=cast.at) == 1
    assert found() == set()
