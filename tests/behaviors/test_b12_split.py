"""B12: split a message into its own ticket, with links both ways; move one that landed on the wrong ticket."""

import pytest

from steward.core.errors import Invalid, NotFound
from steward.desk.actions.intake import receive_message
from steward.desk.actions.linking import unlink_tickets
from steward.desk.actions.moving import move_message, split_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Link, Message, Ticket
from steward.desk.queries.search import search_tickets
from steward.desk.queries.verification import problems
from steward.sla.queries import clocks_of
from tests.cast import Cast
from tests.desk.conftest import settle
from tests.web.ticket.acting import HTMX, as_, asking_user, text_of


def story(cast: Cast) -> tuple[Ticket, Message, Message]:
    ticket = cast.ticket("The export is broken.")
    other = receive_message(
        ticket_id=ticket.pk, body="By the way: how do I add Priya?", by=cast.actor(cast.ravi), at=cast.later(minutes=5)
    )
    said = reply(ticket_id=ticket.pk, body="Which export?", by=cast.actor(cast.ada), at=cast.later(minutes=5))
    return ticket, other, said


def test_a_message_becomes_a_ticket_with_links_both_ways_and_its_time(cast: Cast) -> None:
    ticket, other, _said = story(cast)
    new = split_ticket(
        ticket_id=ticket.pk, message_id=other.pk, client_token="s", by=cast.actor(cast.ada), at=cast.later(minutes=5)
    )
    again = split_ticket(ticket_id=ticket.pk, message_id=other.pk, client_token="s", by=cast.actor(cast.ada), at=cast.at)
    other.refresh_from_db()
    assert again.pk == new.pk
    assert (other.ticket_id, other.shown_on_id) == (ticket.pk, new.pk)
    assert other.created_at < new.created_at
    assert Link.objects.get(from_ticket=new, to_ticket=ticket).kind == Link.Kind.SPLIT
    browser = as_(cast.ada)
    here, there = (text_of(browser.get(f"/tickets/{pk}/")) for pk in (ticket.pk, new.pk))
    assert "how do I add Priya?</div>" not in here
    assert f"wrote here what now stands on #{new.pk}" in here
    assert "how do I add Priya?</div>" in there
    assert f"moved here from #{ticket.pk}" in there
    assert "split off from" in there
    assert "of which was split off" in here
    assert list(problems()) == []


def test_what_follows_comes_along_by_choice(cast: Cast) -> None:
    ticket, other, said = story(cast)
    new = split_ticket(ticket_id=ticket.pk, message_id=other.pk, and_after=True, by=cast.actor(cast.ada), at=cast.later(minutes=5))
    said.refresh_from_db()
    assert said.shown_on_id == new.pk
    assert list(problems()) == []


def test_something_must_be_left_and_only_a_requesters_words_are_split_off(cast: Cast) -> None:
    ticket, _other, said = story(cast)
    first = Message.objects.filter(ticket=ticket).earliest("id")
    for message, after in ((first, True), (said, False)):
        with pytest.raises(Invalid):
            split_ticket(ticket_id=ticket.pk, message_id=message.pk, and_after=after, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotFound):
        split_ticket(ticket_id=cast.ticket().pk, message_id=first.pk, by=cast.actor(cast.ada), at=cast.at)


def test_the_new_ticket_is_promised_an_answer_and_is_found_by_its_words(cast: Cast) -> None:
    ticket, other, _said = story(cast)
    new = split_ticket(ticket_id=ticket.pk, message_id=other.pk, by=cast.actor(cast.ada), at=cast.later(minutes=5))
    settle()
    assert {clock.kind: clock.state for clock in clocks_of(new.pk, at=cast.at)}.get("first_response", "running") == "running"
    found = [row.id for row in search_tickets("Priya", queue_ids=[cast.support.pk], at=cast.at)]
    assert found == [new.pk]


def test_a_moved_message_is_moved_back_the_same_way(cast: Cast) -> None:
    ticket, other, _said = story(cast)
    right = cast.ticket("Adding people")
    ada = cast.actor(cast.ada)
    move_message(message_id=other.pk, to_id=right.pk, by=ada, at=cast.later(minutes=1))
    move_message(message_id=other.pk, to_id=ticket.pk, by=ada, at=cast.later(minutes=1))
    other.refresh_from_db()
    assert (other.ticket_id, other.shown_on_id) == (ticket.pk, None)
    assert "how do I add Priya?</div>" in text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert list(problems()) == []


def test_nobody_reads_by_a_move_what_was_not_for_them(cast: Cast) -> None:
    ticket, other, said = story(cast)
    theirs, hidden = cast.ticket(requester=cast.oto), cast.ticket(queue=cast.restricted)
    with pytest.raises(Invalid):
        move_message(message_id=said.pk, to_id=theirs.pk, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotFound):
        move_message(message_id=other.pk, to_id=hidden.pk, by=cast.actor(cast.ada), at=cast.at)
    note = add_note(ticket_id=hidden.pk, body="Grave.", by=cast.actor(cast.lin), at=cast.at)
    with pytest.raises(Invalid):
        move_message(message_id=note.pk, to_id=ticket.pk, by=cast.actor(cast.lin), at=cast.at)


def test_the_sheet_offers_both_and_outsiders_get_nothing(cast: Cast) -> None:
    who, asks = asking_user()
    ticket, other, _said = story(cast)
    sheet = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/messages/{other.pk}/", headers=HTMX))
    assert "data-open-now" in sheet
    assert "Split off into a ticket of its own" in sheet
    answer = as_(cast.ada).post(f"/tickets/{ticket.pk}/messages/{other.pk}/split/", {"client_token": "x"}, headers=HTMX)
    assert answer["HX-Redirect"] == f"/tickets/{Ticket.objects.latest('id').pk}/"
    own = cast.ticket(requester=asks)
    message = Message.objects.get(ticket=own)
    assert as_(who).get(f"/tickets/{own.pk}/messages/{message.pk}/").status_code == 404
    assert as_(who).post(f"/tickets/{own.pk}/messages/{message.pk}/move/", {"to": ticket.pk}).status_code == 404


def test_one_token_on_two_tickets_of_a_requester_makes_two(cast: Cast) -> None:
    made = set()
    for _number in range(2):
        ticket, other, _said = story(cast)
        for _click in range(2):
            made.add(
                split_ticket(ticket_id=ticket.pk, message_id=other.pk, client_token="s", by=cast.actor(cast.ada), at=cast.at).pk
            )
    assert len(made) == 2


def test_a_form_sent_again_after_its_link_was_taken_off_gives_the_ticket_it_made(cast: Cast) -> None:
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    other = receive_message(ticket_id=ticket.pk, body="And my label is gone.", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    sent = {"ticket_id": ticket.pk, "message_id": other.pk, "client_token": "s", "by": ada}
    made = split_ticket(**sent, at=cast.later(minutes=1))
    unlink_tickets(link_id=Link.objects.get(from_ticket=made).pk, by=ada, at=cast.at)
    assert split_ticket(**sent, at=cast.at) == made
