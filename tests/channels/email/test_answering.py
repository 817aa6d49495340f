"""Answers of the desk as letters on a real server: whom they go to, with what, and what becomes of those that do not arrive."""

import pytest

from steward.channels.actions.delivering import send_off
from steward.channels.actions.outbox import send
from steward.channels.email.addressing import ticket_of_address
from steward.channels.email.carrier import Email
from steward.channels.email.mailbox import key
from steward.channels.models import Delivery, Outgoing
from steward.core import clock
from steward.desk.actions.erasing import erase_content
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.participants import add_participant
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Question
from tests.channels.email.desk import mailbox, opened, said, take
from tests.mail_servers import letter, smtp_server

MARA = "mara@people.example"


@pytest.fixture
def smtp():
    with smtp_server() as smtp:
        yield smtp


@pytest.fixture
def channel(cast, smtp):
    cast.at = clock.now()
    return mailbox(cast, smtp=smtp)


def answered(cast, channel, ticket, body="Which browser?", **more):
    message = reply(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ada), at=cast.later(seconds=1), **more)
    send_off(message_id=message.pk, at=cast.at)
    send(channel_id=channel.pk, now=lambda: cast.later(seconds=2))
    return message


def test_an_answer_is_one_letter_with_its_files_to_all_who_take_part(cast, channel, smtp):
    ticket = opened(channel, letter(id="first@people.example", Cc="Iris <iris@people.example>"), at=cast.at)
    add_participant(ticket_id=ticket.pk, email="jo@people.example", by=cast.actor(cast.ada), at=cast.at)
    message = answered(cast, channel, ticket, files=[store_file(bytes_upload("patch.bin", b"\x00\x01"))])
    receipt, sent = smtp.taken
    assert receipt.whom == (MARA,)
    assert sent.whom == (MARA, "iris@people.example", "jo@people.example")
    assert sent.letter["From"] == "Ada via Help <help@desk.example>"
    assert sent.letter["Subject"] == f"Re: The console is slow [#{ticket.pk}]"
    assert sent.letter["References"].split()[0] == "<first@people.example>"
    assert ticket_of_address(sent.letter["Reply-To"], key=key()) == ticket.pk
    (file,) = sent.letter.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("patch.bin", b"\x00\x01")
    assert Delivery.objects.get(message=message).state == "sent"
    assert receipt.text.startswith(f"Received as #{ticket.pk}.")
    assert receipt.letter["Auto-Submitted"] == "auto-generated"
    assert receipt.letter["In-Reply-To"] == "<first@people.example>"
    take(channel, letter("Firefox", sender="Iris <iris@people.example>", to=sent.letter["Reply-To"]), at=cast.later(seconds=1))
    assert said(ticket) == ["The console is slow.", "Which browser?", "Firefox"]


def test_a_file_too_large_is_named_with_the_way_to_it(cast, channel, smtp, monkeypatch):
    from dataclasses import replace

    monkeypatch.setattr(Email, "traits", replace(Email.traits, most_bytes=10))
    ticket = opened(channel, letter(), at=cast.at)
    files = [store_file(bytes_upload("film.bin", b"x" * 11)), store_file(bytes_upload("note.bin", b"y" * 9))]
    answered(cast, channel, ticket, files=files)
    sent = smtp.taken[-1]
    assert [part.get_filename() for part in sent.letter.iter_attachments()] == ["note.bin"]
    assert "Too large to be sent along: film.bin." in sent.text
    assert f"/{ticket.pk}/" in sent.text


def test_an_answer_of_nothing_but_a_file_goes_out(cast, channel, smtp):
    ticket = opened(channel, letter(), at=cast.at)
    answered(cast, channel, ticket, body="", files=[store_file(bytes_upload("patch.bin", b"\x00\x01"))])
    assert [part.get_filename() for part in smtp.taken[-1].letter.iter_attachments()] == ["patch.bin"]


def test_what_was_erased_before_it_went_does_not_go(cast, channel, smtp):
    ticket = opened(channel, letter(), at=cast.at)
    message = reply(ticket_id=ticket.pk, body="swordfish", by=cast.actor(cast.ada), at=cast.later(seconds=1))
    send_off(message_id=message.pk, at=cast.at)
    erase_content(message_id=message.pk, words=True, attachment_ids=[], reason="mistake", by=cast.actor(cast.lin), at=cast.at)
    send(channel_id=channel.pk, now=lambda: cast.later(seconds=2))
    assert not any("swordfish" in one.text for one in smtp.taken)
    assert Outgoing.objects.get(message=message).state == "dropped"


def test_whether_it_is_fixed_is_asked_of_the_requester_alone_and_answered_by_a_word(cast, channel, smtp):
    ticket = opened(channel, letter(Cc="iris@people.example"), at=cast.at)
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.later(seconds=1))
    question = Question.objects.get(ticket=ticket)
    send_off(message_id=question.message_id, at=cast.at)
    send(channel_id=channel.pk, now=lambda: cast.later(seconds=2))
    asked = smtp.taken[-1]
    assert asked.whom == (MARA,)
    assert "yes – Yes, it is fixed" in asked.text
    assert "Or answer here: http" in asked.text
    assert asked.letter["Auto-Submitted"] == "auto-generated"
    quote = "".join(f"> {line}\n" for line in asked.text.splitlines())
    back = letter(f"No\n\nOn Mon, 2 Mar 2026 at 10:00, Help <help@desk.example> wrote:\n{quote}", to=asked.letter["Reply-To"])
    take(channel, back, at=cast.later(seconds=1))
    ticket.refresh_from_db()
    assert ticket.state == "open"
    question.refresh_from_db()
    assert question.answer == "no"


def test_who_is_refused_is_told_and_the_next_goes_on(cast, channel, smtp):
    ticket = opened(channel, letter(), at=cast.at)
    smtp.refuses[MARA] = "550 5.1.1 There is nobody of this name"
    message = answered(cast, channel, ticket)
    row = Outgoing.objects.get(message=message)
    assert (row.state, row.problem) == ("failed", "550 5.1.1 There is nobody of this name")
    assert Delivery.objects.get(message=message).state == "failed"
    other = opened(channel, letter(sender="iris@people.example"), at=cast.at)
    answered(cast, channel, other)
    assert smtp.taken[-1].whom == ("iris@people.example",)


def test_of_who_is_not_who_they_say_the_answer_goes_where_they_claim_to_be(cast, channel, smtp):
    channel.settings |= {"authserv_id": "mx.desk.example"}
    channel.save()
    forged = opened(channel, letter(Authentication_Results="mx.desk.example; dmarc=fail"), at=cast.at)
    answered(cast, channel, forged, body="Was this you?")
    assert [one.whom for one in smtp.taken] == [(MARA,)]


def test_a_command_is_answered_in_its_thread(cast, channel, smtp):
    ticket = opened(channel, letter(id="first@people.example"), at=cast.at)
    take(channel, letter("/status", answers=["first@people.example"]), at=cast.later(seconds=1))
    send(channel_id=channel.pk, now=lambda: cast.later(seconds=2))
    assert f"#{ticket.pk} · The console is slow · New" in smtp.taken[-1].text
    assert Message.objects.filter(ticket=ticket, kind="message", automatic=False).count() == 1
