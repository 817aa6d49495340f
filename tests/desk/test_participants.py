"""Colleagues of the requester who were told along: what they read, what their words do, and what they never see."""

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions import participants
from steward.desk.actions.asides import start_aside
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.participants import add_participant, remove_participant
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Conversation, Message
from steward.desk.queries.access import own_ticket, ticket_seen_by
from steward.desk.queries.family import family_of, is_said_with, said_with
from steward.desk.queries.participants import participants_of
from steward.desk.rules.states import State
from steward.people.models import Requester
from tests.cast import requester
from tests.desk.conftest import at_once, bodies, kinds, rows_are_as_the_ledger_says

__all__ = ["rows_are_as_the_ledger_says"]


def tell(cast, ticket, who=None, by=None):
    if who is not None:
        cast.ticket("Something else.", requester=who)
    known = {"requester_id": who.pk} if who is not None else {"email": "new@console.example"}
    return add_participant(ticket_id=ticket.pk, by=cast.actor(by or cast.ada), at=cast.at, **known)


def take_out(cast, ticket, who, by=None):
    remove_participant(ticket_id=ticket.pk, requester_id=who.pk, by=cast.actor(by or cast.ada), at=cast.at)


def read_by(who, ticket):
    """Give what somebody may read of a ticket, as the filter says and as each message says of itself."""
    family = family_of(ticket.pk)
    found = list(Message.objects.filter(said_with(who.pk, family)).order_by("id"))
    every = Message.objects.filter(ticket_id__in=family).select_related("conversation", "shown_on").order_by("id")
    assert [one.pk for one in every if is_said_with(one, who.pk)] == [one.pk for one in found]
    return [one.body for one in found]


def test_who_is_told_reads_all_that_was_and_is_said_and_no_note(cast):
    ticket, ada = cast.ticket("It is broken."), cast.actor(cast.ada)
    reply(ticket_id=ticket.pk, body="Since when?", by=ada, at=cast.at)
    with pytest.raises(NotFound):
        own_ticket(cast.actor(cast.oto), ticket.pk)
    assert read_by(cast.oto, ticket) == []
    tell(cast, ticket, cast.oto)
    add_note(ticket_id=ticket.pk, body="A strange one.", by=ada, at=cast.at)
    start_aside(ticket_id=ticket.pk, topic="Logs", body="Any logs?", party="Vendor", by=ada, at=cast.at)
    reply(ticket_id=ticket.pk, body="We look.", by=ada, at=cast.at)
    assert own_ticket(cast.actor(cast.oto), ticket.pk) == ticket
    assert read_by(cast.oto, ticket) == read_by(cast.ravi, ticket) == ["It is broken.", "Since when?", "We look."]
    assert [one.name for one in participants_of(ticket.pk)] == ["Oto"]
    assert ticket_seen_by(ada, ticket.pk).has_participants


def test_what_they_say_is_theirs_and_everybody_reads_it(cast):
    ticket = cast.ticket()
    tell(cast, ticket, cast.oto)
    change_status(ticket_id=ticket.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.at)
    said = receive_message(ticket_id=ticket.pk, body="For me too.", by=cast.actor(cast.oto), at=cast.at)
    ticket.refresh_from_db()
    assert (said.requester, ticket.state, ticket.requester) == (cast.oto, "open", cast.ravi)
    assert read_by(cast.ravi, ticket)[-1] == read_by(cast.oto, ticket)[-1] == "For me too."


def test_their_thanks_confirm_nothing(cast):
    ticket = cast.ticket()
    tell(cast, ticket, cast.oto)
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ada), at=cast.at)
    receive_message(ticket_id=ticket.pk, body="Thanks!", by=cast.actor(cast.oto), at=cast.at)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.confirmed_at) == ("solved", None)


def test_taken_out_they_read_nothing_more_and_what_they_said_stays(cast):
    ticket = cast.ticket()
    tell(cast, ticket, cast.oto)
    receive_message(ticket_id=ticket.pk, body="For me too.", by=cast.actor(cast.oto), at=cast.at)
    take_out(cast, ticket, cast.oto)
    take_out(cast, ticket, cast.oto)
    with pytest.raises(NotFound):
        own_ticket(cast.actor(cast.oto), ticket.pk)
    with pytest.raises(NotFound):
        receive_message(ticket_id=ticket.pk, body="Still there?", by=cast.actor(cast.oto), at=cast.at)
    assert read_by(cast.oto, ticket) == ["For me too."]
    assert "For me too." in read_by(cast.ravi, ticket)
    assert participants_of(ticket.pk) == []
    assert not ticket_seen_by(cast.actor(cast.ada), ticket.pk).has_participants
    tell(cast, ticket, cast.oto)
    assert len(read_by(cast.oto, ticket)) == 2
    assert kinds(ticket).count("participant_added") == 2
    assert kinds(ticket).count("participant_removed") == 1
    assert Conversation.objects.filter(ticket=ticket).count() == 2


def test_somebody_new_is_told_by_their_address(cast):
    ticket = cast.ticket()
    tell(cast, ticket)
    made = Requester.objects.get(email="new@console.example")
    assert [one.requester_id for one in participants_of(ticket.pk)] == [made.pk]
    for bad in ("nobody", ""):
        with pytest.raises(Invalid):
            add_participant(ticket_id=ticket.pk, email=bad, by=cast.actor(cast.ada), at=cast.at)


def test_the_requester_themself_and_somebody_only_known_out_of_sight_are_refused(cast):
    ticket, unknown = cast.ticket(), requester("Uma")
    cast.ticket("Grave", requester=unknown, queue=cast.restricted)
    with pytest.raises(Conflict):
        add_participant(ticket_id=ticket.pk, requester_id=cast.ravi.pk, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(Invalid):
        add_participant(ticket_id=ticket.pk, requester_id=unknown.pk, by=cast.actor(cast.ada), at=cast.at)
    add_participant(ticket_id=ticket.pk, requester_id=unknown.pk, by=cast.actor(cast.lin), at=cast.at)


def test_only_who_works_the_ticket_tells_others_and_a_restricted_one_is_out_of_reach(cast):
    ticket, hidden = cast.ticket(), cast.ticket("Grave", queue=cast.restricted)
    for who, where, error in [
        (cast.ada, hidden, NotFound),
        (cast.eno, ticket, NotFound),
        (cast.ana, ticket, NotAllowed),
        (cast.ravi, ticket, NotFound),
    ]:
        with pytest.raises(error):
            tell(cast, where, cast.oto, by=who)
        with pytest.raises(error):
            take_out(cast, where, cast.oto, by=who)
    tell(cast, hidden, cast.oto, by=cast.lin)
    assert own_ticket(cast.actor(cast.oto), hidden.pk) == hidden


def test_at_most_so_many_take_part(cast, monkeypatch):
    monkeypatch.setattr(participants, "MOST", 1)
    ticket = cast.ticket()
    tell(cast, ticket, cast.oto)
    with pytest.raises(Invalid):
        tell(cast, ticket)


def test_after_a_merge_they_read_the_request_they_were_told_of_and_not_the_other(cast):
    one, other = cast.ticket("Mine is private.", requester=requester("Pia")), cast.ticket("Ours is shared.")
    tell(cast, other, cast.oto)
    merge_tickets(source_ids=[other.pk], target_id=one.pk, by=cast.actor(cast.ada), at=cast.at)
    reply(ticket_id=one.pk, body="Only to Pia.", by=cast.actor(cast.ada), at=cast.at)
    for who in (cast.oto, cast.ravi):
        told = read_by(who, one)
        assert "Ours is shared." in told
        assert "Mine is private." not in told
        assert "Only to Pia." not in told
    assert "Ours is shared." not in read_by(one.requester, one)


def test_two_who_tell_the_same_person_at_once_tell_them_once(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    cast.ticket("Something else.", requester=cast.oto)
    done = at_once(
        *[
            lambda who=who: add_participant(ticket_id=ticket.pk, requester_id=cast.oto.pk, by=cast.actor(who), at=cast.at)
            for who in (cast.ada, cast.ben)
        ]
    )
    assert done[0].pk == done[1].pk
    assert kinds(ticket).count("participant_added") == 1
    assert bodies(ticket)
