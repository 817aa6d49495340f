"""A whole and its parts: what solving the one asks of the other, by the rule of each link."""

from itertools import product

import pytest

from steward.core.errors import Invalid
from steward.desk.actions.lifecycle import PartsOpen, change_status, solve_ticket
from steward.desk.actions.linking import link_tickets, unlink_tickets
from steward.desk.actions.replies import reply
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.wholes import solve_along, update_parts
from steward.desk.models import Link, Message, Status
from steward.desk.rules.states import ENDED, WORKING, State
from steward.desk.rules.wholes import Closing, PartOf, hold_back, solved_along
from tests.desk.conftest import bodies


def part(cast, whole, closing="waits", **values):
    ticket = cast.ticket(**values)
    link_tickets(ticket_id=ticket.pk, other_id=whole.pk, kind=Link.Kind.CHILD, closing=closing, by=cast.actor(cast.ada), at=cast.at)
    return ticket


def test_only_a_part_that_is_worked_and_waited_for_holds_its_whole_back():
    for state, closing, new in product(State, Closing, State):
        held = hold_back([PartOf(1, state, closing)], new=new)
        assert bool(held) == (closing == Closing.WAITS and state in WORKING and new in ENDED), (state, closing, new)
    assert solved_along([PartOf(n, s, Closing.FOLLOWS) for n, s in enumerate(State)]) == [
        n for n, s in enumerate(State) if s in WORKING
    ]


def test_a_whole_waits_for_its_parts_unless_somebody_says_why_not(cast):
    whole = cast.ticket()
    open_part = part(cast, whole)
    ada = cast.actor(cast.ada)
    for state in (State.SOLVED, State.CLOSED):
        with pytest.raises(PartsOpen) as told:
            change_status(ticket_id=whole.pk, state=state, reason="x", by=ada, at=cast.at)
        assert f"#{open_part.pk}" in told.value.message
    with pytest.raises(PartsOpen):
        reply(ticket_id=whole.pk, body="Done.", then=State.SOLVED, by=ada, at=cast.at)
    assert "Done." not in bodies(whole)
    change_status(ticket_id=whole.pk, state=State.SOLVED, despite="The rest is only cosmetic.", by=ada, at=cast.at)
    assert any("The rest is only cosmetic." in body for body in bodies(whole))
    whole.refresh_from_db()
    assert whole.state == "solved"


def test_solved_parts_let_it_go_and_so_does_a_link_taken_back(cast):
    whole = cast.ticket()
    one, other = part(cast, whole), part(cast, whole)
    ada = cast.actor(cast.ada)
    solve_ticket(ticket_id=one.pk, by=ada, at=cast.at)
    unlink_tickets(link_id=Link.objects.get(from_ticket=other).pk, by=ada, at=cast.at)
    solve_ticket(ticket_id=whole.pk, by=ada, at=cast.at)


def test_parts_that_follow_are_solved_along_and_their_requesters_asked(cast):
    whole = cast.ticket()
    follower, free = part(cast, whole, "follows", requester=cast.oto), part(cast, whole, "free")
    solve_ticket(ticket_id=whole.pk, by=cast.actor(cast.ada), at=cast.at)
    assert solve_along(whole_id=whole.pk, at=cast.at) == 1
    assert solve_along(whole_id=whole.pk, at=cast.at) == 0
    follower.refresh_from_db()
    free.refresh_from_db()
    assert (follower.state, free.state) == ("solved", "new")
    assert Message.objects.filter(ticket=follower, automatic=True).count() == 1


def test_a_follower_that_refuses_is_told_of_on_the_whole(cast):
    whole = cast.ticket()
    follower = part(cast, whole, "follows")
    part(cast, follower)
    solve_ticket(ticket_id=whole.pk, by=cast.actor(cast.ada), at=cast.at)
    assert solve_along(whole_id=whole.pk, at=cast.at) == 0
    assert any(f"#{follower.pk} was not solved along" in body for body in bodies(whole))


def test_a_part_has_one_whole_and_never_contains_it(cast):
    whole, second = cast.ticket(), cast.ticket()
    one = part(cast, whole)
    ada = cast.actor(cast.ada)
    for ticket, other in ((one, second), (whole, one)):
        with pytest.raises(Invalid):
            link_tickets(ticket_id=ticket.pk, other_id=other.pk, kind=Link.Kind.CHILD, by=ada, at=cast.at)
    with pytest.raises(Invalid):
        link_tickets(ticket_id=second.pk, other_id=whole.pk, kind=Link.Kind.CHILD, closing="never", by=ada, at=cast.at)


def test_all_open_parts_are_told_at_once_and_one_that_refuses_stops_no_other(cast):
    whole = cast.ticket()
    one, two = part(cast, whole), part(cast, whole, requester=cast.oto)
    part(cast, two)
    solved = str(Status.objects.get(state="solved", is_default=True).pk)
    calls = [Call("reply", {"body": "Fixed, {{requester.name}}."}), Call("status", {"status": solved, "reason": "", "why": ""})]
    became = {
        done.ticket_id: done.error for done in update_parts(whole_id=whole.pk, calls=calls, by=cast.actor(cast.ada), at=cast.at)
    }
    assert became[one.pk] == ""
    assert "Parts of it are not solved yet" in became[two.pk]
    assert "Fixed, Ravi." in bodies(one)
    assert not [body for body in bodies(two) if body.startswith("Fixed")]
    with pytest.raises(Invalid):
        update_parts(whole_id=whole.pk, calls=[], by=cast.actor(cast.ada), at=cast.at)
