"""Watching and naming: who hears of a ticket, and only of tickets they see."""

import pytest

from steward.core.errors import NotFound
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.telling_watchers import tell_watchers
from steward.desk.actions.watching import unwatch_ticket, watch_ticket
from steward.desk.facts.ticket import MessageReceived
from steward.desk.models import Mention, Watcher
from steward.desk.queries.mentions import nameable
from steward.desk.queries.watchers import watchers_of
from steward.desk.rules.mentions import named_in
from steward.people.models import Notice
from tests.desk.conftest import kinds


def names(ticket):
    return [one.name for one in watchers_of(ticket)]


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user__name", flat=True))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ada please", ["Ada"]),
        ("Hi @ada, and @BEN!", ["Ada", "Ben"]),
        ("@Ada Lovelace knows", ["Ada Lovelace"]),
        ("@Adam does not", []),
        ("mail@Ada.example or @@Ada", []),
        ("(@Ada) @Ada", ["Ada"]),
        ("@王芳 看一下", ["王芳"]),
        ("@", []),
        ("@ Ada", []),
    ],
)
def test_a_name_behind_an_at_is_the_longest_that_fits(text, named):
    assert named_in(text, ["Ada", "Ben", "Ada Lovelace", "王芳", ""]) == named


def test_who_is_named_is_told_watches_and_is_kept(cast):
    ticket = cast.ticket()
    note = add_note(ticket_id=ticket.pk, body="@Ben and @Ada, look.", by=cast.actor(cast.ada), at=cast.at)
    assert sorted(Mention.objects.filter(message=note).values_list("user__name", flat=True)) == ["Ada", "Ben"]
    assert told("mention") == ["Ben"]
    assert names(ticket) == ["Ada", "Ben"]
    assert kinds(ticket).count("mentioned") == 2


def test_a_team_is_told_as_far_as_it_sees_the_ticket(cast):
    plain, hidden = cast.ticket(), cast.ticket(queue=cast.restricted)
    add_note(ticket_id=plain.pk, body="@Console support who knows?", by=cast.actor(cast.lin), at=cast.at)
    assert told("mention") == ["Ada", "Ben"]
    assert names(plain) == []
    Notice.objects.all().delete()
    add_note(ticket_id=hidden.pk, body="@Console support who knows?", by=cast.actor(cast.lin), at=cast.at)
    assert told("mention") == []


def test_nobody_out_of_sight_can_be_named(cast):
    hidden = cast.ticket(queue=cast.restricted)
    note = add_note(ticket_id=hidden.pk, body="@Ada look", by=cast.actor(cast.lin), at=cast.at)
    assert not Mention.objects.filter(message=note).exists()
    assert told("mention") == []
    assert [one.name for one in nameable(cast.restricted) if one.team_id is None] == ["Lin"]
    assert "Eno" not in [one.name for one in nameable(cast.support)]


def test_who_steps_in_watches_and_the_owner_need_not(cast):
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="Mine.", by=cast.actor(cast.ada), at=cast.at)
    reply(ticket_id=ticket.pk, body="Me too.", by=cast.actor(cast.ben), at=cast.at)
    assert names(ticket) == ["Ben"]
    unwatch_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ben), at=cast.at)
    reply(ticket_id=ticket.pk, body="Again.", by=cast.actor(cast.ben), at=cast.at)
    assert names(ticket) == []
    add_note(ticket_id=ticket.pk, body="@Ben please stay", by=cast.actor(cast.ada), at=cast.at)
    assert names(ticket) == ["Ben"]


def test_watchers_hear_what_others_did_and_the_owner_hears_it_otherwise(cast):
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="Mine.", by=cast.actor(cast.ada), at=cast.at)
    for who in (cast.ada, cast.ben, cast.lin):
        watch_ticket(ticket_id=ticket.pk, by=cast.actor(who), at=cast.at)
    said = receive_message(ticket_id=ticket.pk, body="Hello?", by=cast.actor(cast.ravi), at=cast.at)
    fact = MessageReceived(ticket_id=ticket.pk, message_id=said.pk, conversation_id=said.conversation_id)
    assert tell_watchers(fact, actor_kind="requester", actor_id=cast.ravi.pk, at=cast.at) == 2
    assert told("watched") == ["Ben", "Lin"]


def test_a_ticket_that_left_a_watchers_sight_is_silent_for_them(cast):
    ticket = cast.ticket()
    for who in (cast.ben, cast.lin):
        watch_ticket(ticket_id=ticket.pk, by=cast.actor(who), at=cast.at)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="Grave.", by=cast.actor(cast.lin), at=cast.at)
    ticket.refresh_from_db()
    fact = MessageReceived(ticket_id=ticket.pk, message_id=1, conversation_id=1)
    tell_watchers(fact, actor_kind="requester", actor_id=cast.ravi.pk, at=cast.at)
    assert told("watched") == ["Lin"]
    assert names(ticket) == ["Lin"]
    with pytest.raises(NotFound):
        watch_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)


def test_a_double_click_watches_once(cast):
    ticket = cast.ticket()
    for _click in range(2):
        watch_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    assert kinds(ticket).count("ticket_watched") == Watcher.objects.count() == 1
    for _click in range(2):
        unwatch_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    assert kinds(ticket).count("ticket_unwatched") == 1
