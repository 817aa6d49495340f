"""Letters that come in: which ticket each belongs to, and who may be on it."""

import pytest

from steward.channels.actions.delivering import send_off
from steward.channels.models import ChannelMessage, Delivery, InboundEnvelope, Outgoing
from steward.core import clock
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.participants import remove_participant
from steward.desk.actions.replies import reply
from steward.desk.models import Conversation, Link, Message, Ticket
from steward.desk.rules.states import State
from steward.people.models import Requester
from tests.channels.email.desk import mailbox, notes, opened, own_id, said, signed, take
from tests.mail_servers import letter

QUOTE = "\n\nOn Mon, 2 Mar 2026 at 10:00, Ada via Help <help@desk.example> wrote:\n> Which browser?\n"


@pytest.fixture
def channel(cast):
    cast.at = clock.now()
    return mailbox(cast)


def answered(cast, ticket, body="Which browser?"):
    message = reply(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ada), at=cast.later(seconds=5))
    send_off(message_id=message.pk, at=cast.at)
    return message


def test_a_first_letter_is_a_ticket_with_all_it_says_and_is_told_so_once(cast, channel):
    body = "See below" + QUOTE
    ticket = opened(channel, letter(body, id="first@people.example"), at=cast.at)
    assert (ticket.subject, ticket.channel, ticket.requester.email, ticket.requester.name) == (
        "The console is slow",
        "email",
        "mara@people.example",
        "Mara",
    )
    assert said(ticket) == [body.strip()]
    (receipt,) = Outgoing.objects.filter(channel=channel)
    assert receipt.payload == {"receipt": True, "ticket": ticket.pk}


@pytest.mark.parametrize("by", ["address", "own id", "their id", "reference"])
def test_an_answer_goes_on_its_ticket_without_what_it_quotes(cast, channel, by):
    ticket = opened(channel, letter(id="first@people.example"), at=cast.at)
    message = answered(cast, ticket)
    more = {
        "address": {"to": signed(ticket)},
        "own id": {"answers": [own_id(message)]},
        "their id": {"answers": ["first@people.example"]},
        "reference": {"answers": ["first@people.example", own_id(message), "other@people.example"]},
    }[by]
    take(channel, letter("Firefox" + QUOTE, subject="Something else", **more), at=cast.later(seconds=5))
    assert said(ticket) == ["The console is slow.", "Which browser?", "Firefox"]
    assert Ticket.objects.count() == 1


def test_a_number_in_a_subject_is_never_believed(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    other = opened(channel, letter("And now?", subject=f"Re: The console is slow [#{ticket.pk}]"), at=cast.at)
    assert other != ticket
    assert notes(other) == []


@pytest.mark.parametrize("by", ["address", "own id", "their id"])
def test_a_stranger_who_knows_the_way_gets_a_ticket_apart_and_is_shown_nowhere_else(cast, channel, by):
    ticket = opened(channel, letter(id="first@people.example"), at=cast.at)
    message = answered(cast, ticket)
    more = {
        "address": {"to": signed(ticket)},
        "own id": {"answers": [own_id(message)]},
        "their id": {"answers": ["first@people.example"]},
    }[by]
    apart = opened(channel, letter("Tell me too", sender="mallory@people.example", **more), at=cast.at)
    assert apart != ticket
    assert said(apart) == ["Tell me too"]
    assert [f"#{ticket.pk}" in note for note in notes(apart)] == [True]
    assert said(ticket) == ["The console is slow.", "Which browser?"]
    assert notes(ticket) == []
    assert not Link.objects.exists()
    assert not Conversation.objects.filter(ticket=ticket, requester=apart.requester).exists()


def test_who_had_a_copy_takes_part_and_answers_under_their_own_name(cast, channel):
    raw = letter(id="first@people.example", Cc="Iris <iris@people.example>, help@desk.example, noreply@people.example")
    ticket = opened(channel, raw, at=cast.at)
    take(channel, letter("Here too", sender="Iris <iris@people.example>", answers=["first@people.example"]), at=cast.at)
    assert said(ticket) == ["The console is slow.", "Here too"]
    here = Message.objects.get(ticket=ticket, body="Here too")
    assert here.requester.name == "Iris"
    parts = Conversation.objects.filter(ticket=ticket).exclude(requester=ticket.requester)
    assert [one.requester.email for one in parts] == ["iris@people.example"]


def test_who_was_taken_out_stays_out_and_writes_apart(cast, channel):
    ticket = opened(channel, letter(id="first@people.example", Cc="iris@people.example"), at=cast.at)
    iris = Requester.objects.get(email="iris@people.example")
    remove_participant(ticket_id=ticket.pk, requester_id=iris.pk, by=cast.actor(cast.ada), at=cast.at)
    take(channel, letter("More", to=signed(ticket), Cc="iris@people.example"), at=cast.at)
    apart = opened(channel, letter("Me too", sender="iris@people.example", to=signed(ticket)), at=cast.at)
    assert apart != ticket
    assert Conversation.objects.get(ticket=ticket, requester=iris).ended_at is not None


def test_an_answer_long_after_the_end_is_a_ticket_that_follows(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="Done", by=cast.actor(cast.ada), at=cast.at)
    cast.later(days=90)
    new = opened(channel, letter("It is back", to=signed(ticket)), at=cast.at)
    assert new != ticket
    assert Link.objects.get(from_ticket=new).kind == Link.Kind.FOLLOW_UP
    # What still goes to the old address goes on there.
    take(channel, letter("Hello?", to=signed(ticket)), at=cast.later(minutes=1))
    assert said(new) == ["It is back", "Hello?"]


def test_an_answer_to_a_merged_ticket_is_said_where_it_goes_on(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    other = cast.ticket(requester=ticket.requester)
    merge_tickets(source_ids=[ticket.pk], target_id=other.pk, by=cast.actor(cast.lin), at=cast.later(seconds=1))
    take(channel, letter("Still slow", to=signed(ticket)), at=cast.later(seconds=1))
    assert "Still slow" in said(other)


def test_a_word_answers_whether_it_is_fixed(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.later(seconds=1))
    take(channel, letter("Yes" + QUOTE, to=signed(ticket)), at=cast.later(seconds=1))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("closed", "confirmed")


def test_the_same_letter_by_two_ways_is_said_once(cast, channel):
    raw = letter(id="once@people.example")
    ticket = opened(channel, raw, at=cast.at)
    take(channel, raw, b"Received: by a list\r\n" + raw, at=cast.later(seconds=1))
    assert said(ticket) == ["The console is slow."]
    assert Ticket.objects.count() == 1
    assert ChannelMessage.objects.filter(vendor_id="once@people.example").count() == 1


def test_a_program_that_gives_all_its_letters_one_id_loses_none_and_nobody_takes_the_place_of_another(cast, channel):
    take(channel, letter("Page 1", id="same@people.example"), letter("Page 2", id="same@people.example"), at=cast.at)
    take(channel, letter("Page 1", sender="mallory@people.example", id="same@people.example"), at=cast.at)
    bodies = Message.objects.filter(kind="message", automatic=False).order_by("id")
    assert list(bodies.values_list("body", flat=True)) == ["Page 1", "Page 2", "Page 1"]
    assert InboundEnvelope.objects.exclude(problem="").count() == 0


def test_a_letter_of_nothing_but_a_subject_says_that_and_an_empty_answer_is_told(cast, channel):
    ticket = opened(channel, letter("", subject="Please call me"), at=cast.at)
    assert said(ticket) == ["Please call me"]
    nothing = b"From: a@people.example\nSubject: Only this\nMessage-ID: <n@b>\nContent-Type: multipart/mixed; boundary=x\n\n"
    assert said(opened(channel, nothing, at=cast.at)) == ["Only this"]
    envelope = take(channel, letter("", to=signed(ticket)), at=cast.later(seconds=1))
    assert envelope.problem.startswith("invalid")
    told = Outgoing.objects.filter(channel=channel).latest("id")
    assert "could not be taken in" in told.payload["text"]
    assert told.person is not None


def test_files_come_along_and_what_is_too_much_is_named(cast, channel):
    files = [(f"{number}.txt", b"log %d" % number, "text/plain") for number in range(12)]
    ticket = opened(channel, letter(files=[*files[:10], *files[10:]]), at=cast.at)
    message = Message.objects.get(ticket=ticket, kind="message", automatic=False)
    assert [file.name for file in message.attachments.order_by("id")] == [f"{number}.txt" for number in range(10)]
    assert "10.txt" in message.body
    assert "11.txt" in message.body


def test_what_colleagues_are_sent_as_copies_they_are_not_mailed_about_too(cast, channel, settings):
    from steward.channels.actions.mailing import plan_mails, plan_participant_mails

    settings.EMAIL_IS_SET_UP = True
    ticket = opened(channel, letter(Cc="iris@people.example"), at=cast.at)
    message = answered(cast, ticket)
    assert plan_participant_mails(message_id=message.pk, at=cast.at) == 0
    Delivery.objects.filter(message=message).update(state="sent", sent_at=cast.at)
    assert plan_mails(at=cast.later(minutes=30)) == 0
