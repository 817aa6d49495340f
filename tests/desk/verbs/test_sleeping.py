"""Snoozing by name: what it says, does, and takes back."""

import pytest

from steward.core.errors import Invalid
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.verbs.registry import Call, prepared
from steward.desk.models import Snooze, Ticket
from steward.people.actor import system
from tests.desk.verbs.test_verbs import describe, perform

UNTIL_REPLY = Call("snooze", {"until": "reply"})


def now(ticket):
    found = Ticket.objects.get(pk=ticket.pk)
    return found.snoozing, found.assignee_id


def test_it_goes_to_sleep_and_the_way_back_wakes_it_and_gives_it_back(cast):
    ticket = cast.ticket()
    told = describe(cast, ticket, UNTIL_REPLY)
    assert told.changes == ("Out of the lists until the requester replies", "Owner: nobody → Ada")
    back = perform(cast, ticket, UNTIL_REPLY)
    assert now(ticket) == ("asleep", cast.ada.pk)
    assert describe(cast, ticket, Call("wake", {})).changes == ("Back in the lists",)
    perform(cast, ticket, *back)
    assert now(ticket) == ("", None)
    assert describe(cast, ticket, Call("wake", {})).changes == ()


@pytest.mark.parametrize("until", ["hour", "tomorrow", "week"])
def test_a_time_is_reckoned_when_it_is_done(cast, until):
    ticket = cast.ticket()
    perform(cast, ticket, Call("snooze", {"until": until}))
    assert Snooze.objects.get().until_at > cast.at


def test_what_cannot_be_snoozed_says_why(cast):
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.lin), at=cast.at)
    assert "somebody else" in describe(cast, ticket, UNTIL_REPLY).refused
    assert describe(cast, ticket, UNTIL_REPLY, who=cast.lin).changes
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ben), at=cast.at)
    assert "being worked" in describe(cast, ticket, UNTIL_REPLY).refused
    from steward.desk.queries.snapshots import snapshot_seen_by

    free = cast.ticket()
    nobody = system("rule:1")
    assert "Nobody owns" in prepared(UNTIL_REPLY).describe(snapshot_seen_by(cast.actor(cast.ada), free.pk), nobody).refused


def test_an_unknown_time_is_refused(cast):
    with pytest.raises(Invalid):
        prepared(Call("snooze", {"until": "never"}))
