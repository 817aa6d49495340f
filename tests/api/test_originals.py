"""A letter as it came, downloaded by a program."""

from steward.core import clock
from steward.desk.actions.changing import transfer_ticket
from tests.channels.email.desk import mailbox, take

LETTER = b"From: Mara <mara@people.example>\nTo: help@desk.example\nSubject: Slow\nMessage-ID: <a@b>\n\nIt is slow.\n"


def test_a_letter_is_given_as_it_came_to_whoever_sees_its_ticket(cast, program):
    cast.at = clock.now()
    message = take(mailbox(cast), LETTER, at=cast.at).message
    ada = program(cast.ada)
    given = ada.get(f"/messages/{message.pk}/original")
    assert (given.status_code, given.content) == (200, LETTER)
    assert given["Content-Type"] == "application/octet-stream"
    assert ada.get(f"/messages/{message.pk + 99}/original").status_code == 404
    transfer_ticket(
        ticket_id=message.ticket_id, queue_id=cast.restricted.pk, reason="Sensitive", by=cast.actor(cast.lin), at=clock.now()
    )
    assert ada.get(f"/messages/{message.pk}/original").status_code == 404
    # In a restricted queue pictures are covered, and a letter may hold some.
    assert program(cast.lin).get(f"/messages/{message.pk}/original").status_code == 404


def test_what_did_not_come_as_a_letter_has_no_original(cast, program):
    ticket = cast.ticket()
    message = ticket.message_set.earliest("id")
    assert program(cast.ada).get(f"/messages/{message.pk}/original").status_code == 404
