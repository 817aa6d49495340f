"""Merging as an event: what happens to both tickets, what is refused, and what taking it back restores."""

from itertools import product

import pytest

from steward.core.errors import Conflict, NotAllowed, NotFound
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.locking import Merged
from steward.desk.actions.merging import CannotMerge, merge_tickets, unmerge_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.watching import unwatch_ticket, watch_ticket
from steward.desk.facts.structure import TicketsMerged
from steward.desk.models import Merge, Message, Ticket, TicketTag, Watcher
from steward.desk.queries.family import family_of, root_of
from steward.desk.rules.merging import Refusal, Side, comes_back_as, opens_target, refusal
from steward.desk.rules.states import State
from tests.desk.conftest import at_once, bodies, facts, kinds, waiting_timers


def merge(cast, source, target, who=None, **values):
    return merge_tickets(source_ids=[source.pk], target_id=target.pk, by=cast.actor(who or cast.ada), at=cast.at, **values)[0]


def side(pk, state="open", queue=1, *, restricted=False, merged=False):
    return Side(id=pk, state=State(state), queue_id=queue, is_restricted=restricted, is_merged=merged)


def test_the_rule_allows_what_is_worked_and_refuses_what_is_over_or_hidden():
    for source, target in product(State, State):
        wanted = None
        if source == State.CLOSED:
            wanted = Refusal.SOURCE_CLOSED
        elif target == State.CLOSED:
            wanted = Refusal.TARGET_CLOSED
        elif target == State.SOLVED and source != State.SOLVED:
            wanted = Refusal.TARGET_SOLVED
        assert refusal(side(1, source), side(2, target)) == wanted, (source, target)
    assert refusal(side(1), side(1)) == Refusal.SAME
    assert refusal(side(1, merged=True), side(2)) == Refusal.SOURCE_MERGED
    assert refusal(side(1), side(2, merged=True)) == Refusal.TARGET_MERGED
    assert refusal(side(1, restricted=True), side(2, queue=2)) == Refusal.RESTRICTED
    assert refusal(side(1, restricted=True), side(2, restricted=True)) is None
    assert refusal(side(1), side(2, queue=2, restricted=True)) is None


def test_a_waiting_requester_opens_the_target_and_only_then():
    opened = {(source, target) for source, target in product(State, State) if opens_target(source, target)}
    assert opened == {(s, t) for s in (State.NEW, State.OPEN) for t in (State.PENDING, State.ON_HOLD)}
    assert [comes_back_as(state, wrote_since=False) for state in State] == list(State)
    assert comes_back_as(State.PENDING, wrote_since=True) == comes_back_as(State.SOLVED, wrote_since=True) == State.OPEN
    assert comes_back_as(State.NEW, wrote_since=True) == State.NEW
    assert comes_back_as(State.NEW, wrote_since=False, has_owner=True) == State.OPEN


def test_the_source_closes_as_merged_and_keeps_its_number_and_messages(cast):
    source, target = cast.ticket("Twice."), cast.ticket("Once.")
    solve_ticket(ticket_id=source.pk, by=cast.actor(cast.ada), at=cast.at)
    merge(cast, source, target)
    source.refresh_from_db()
    assert (source.state, source.outcome, source.merged_into_id) == ("closed", "merged", target.pk)
    assert waiting_timers(source) == []
    assert "Twice." in bodies(source)
    assert bodies(target) == ["Once."]
    assert family_of(target.pk) == [target.pk, source.pk]
    assert root_of(source.pk) == target.pk
    assert kinds(source)[-3:] == ["tickets_merged", "status_changed", "ticket_closed"]
    assert facts(target, TicketsMerged)[0].source_id == source.pk


def test_labels_watchers_and_owner_come_along(cast):
    source, target = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    assign_ticket(ticket_id=source.pk, to=cast.ben, by=cast.actor(cast.lin), at=cast.at)
    add_tag(ticket_id=source.pk, name="outage", by=ada, at=cast.at)
    add_tag(ticket_id=target.pk, name="vip", by=ada, at=cast.at)
    watch_ticket(ticket_id=source.pk, by=cast.actor(cast.lin), at=cast.at)
    merge(cast, source, target)
    target.refresh_from_db()
    assert target.assignee_id == cast.ben.pk
    assert set(TicketTag.objects.filter(ticket=target).values_list("tag__name", flat=True)) == {"outage", "vip"}
    assert cast.lin.pk in Watcher.objects.filter(ticket=target, stopped_at=None).values_list("user_id", flat=True)
    unmerge_ticket(ticket_id=source.pk, by=ada, at=cast.later(hours=1))
    assert set(TicketTag.objects.filter(ticket=target).values_list("tag__name", flat=True)) == {"vip"}
    assert cast.lin.pk not in Watcher.objects.filter(ticket=target, stopped_at=None).values_list("user_id", flat=True)


@pytest.mark.parametrize("state", ["new", "open", "pending", "on_hold", "solved"])
def test_taking_it_back_restores_what_was(cast, state):
    source, target = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    if state != "new":
        change_status(ticket_id=source.pk, state=State(state), reason="vendor" if state == "on_hold" else "", by=ada, at=cast.at)
    source.refresh_from_db()
    before = (source.state, source.status_id, source.waiting_reason, source.queue_id)
    merge(cast, source, target)
    unmerge_ticket(ticket_id=source.pk, by=ada, at=cast.later(hours=2))
    source.refresh_from_db()
    assert (source.state, source.status_id, source.waiting_reason, source.queue_id) == before
    assert (source.outcome, source.merged_into_id, source.closed_at) == ("", None, None)
    assert kinds(source).count("ticket_reopened") == 0
    assert bool(waiting_timers(source)) == (state == "solved")
    with pytest.raises(NotFound):
        unmerge_ticket(ticket_id=source.pk, by=ada, at=cast.at)


def test_a_reply_to_the_merged_one_lands_on_the_target(cast):
    source, target = cast.ticket("Second."), cast.ticket("First.")
    change_status(ticket_id=target.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.at)
    change_status(ticket_id=source.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.at)
    merge(cast, source, target)
    said = receive_message(
        ticket_id=source.pk, body="Any news?", client_token="t", by=cast.actor(cast.ravi), at=cast.later(minutes=1)
    )
    target.refresh_from_db()
    assert (said.ticket_id, said.conversation.ticket_id, target.state) == (target.pk, source.pk, "open")
    again = receive_message(
        ticket_id=source.pk, body="Any news?", client_token="t", by=cast.actor(cast.ravi), at=cast.later(minutes=1)
    )
    assert again.pk == said.pk
    unmerge_ticket(ticket_id=source.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    said.refresh_from_db()
    source.refresh_from_db()
    assert (said.ticket_id, said.shown_on_id, source.state) == (target.pk, source.pk, "open")


def test_another_requesters_thanks_confirm_nothing(cast):
    source, target = cast.ticket(requester=cast.oto), cast.ticket()
    merge(cast, source, target)
    solve_ticket(ticket_id=target.pk, by=cast.actor(cast.ada), at=cast.at)
    receive_message(ticket_id=source.pk, body="Thanks!", by=cast.actor(cast.oto), at=cast.later(minutes=1))
    target.refresh_from_db()
    assert target.state == "solved"
    receive_message(ticket_id=source.pk, body="Still broken here.", by=cast.actor(cast.oto), at=cast.later(minutes=1))
    target.refresh_from_db()
    assert target.state == "open"


def test_nobody_changes_a_merged_ticket(cast):
    source, target = cast.ticket(), cast.ticket()
    merge(cast, source, target)
    ada = cast.actor(cast.ada)
    for act in (
        lambda: reply(ticket_id=source.pk, body="Hello", by=ada, at=cast.at),
        lambda: add_note(ticket_id=source.pk, body="Hello", by=ada, at=cast.at),
        lambda: change_status(ticket_id=source.pk, state=State.OPEN, by=ada, at=cast.at),
        lambda: add_tag(ticket_id=source.pk, name="x", by=ada, at=cast.at),
    ):
        with pytest.raises(Merged) as told:
            act()
        assert f"#{source.pk} was merged into #{target.pk}" in told.value.message


def test_a_chain_is_followed_and_comes_apart_in_the_middle(cast):
    a, b, c = cast.ticket("A"), cast.ticket("B"), cast.ticket("C")
    merge(cast, a, b)
    merge(cast, b, c)
    assert (root_of(a.pk), family_of(c.pk)) == (c.pk, [c.pk, b.pk, a.pk])
    said = receive_message(ticket_id=a.pk, body="More on A.", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    assert said.ticket_id == c.pk
    unmerge_ticket(ticket_id=b.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert (root_of(a.pk), family_of(b.pk), family_of(c.pk)) == (b.pk, [b.pk, a.pk], [c.pk])


def test_several_are_merged_at_once_or_none(cast):
    sources, target = [cast.ticket(f"S{n}") for n in range(3)], cast.ticket()
    change_status(ticket_id=sources[1].pk, state=State.CLOSED, reason="spam", by=cast.actor(cast.ada), at=cast.at)
    ids = [one.pk for one in sources]
    with pytest.raises(CannotMerge):
        merge_tickets(source_ids=ids, target_id=target.pk, by=cast.actor(cast.ada), at=cast.at)
    assert not Merge.objects.exists()
    merge_tickets(source_ids=[ids[0], ids[2]], target_id=target.pk, by=cast.actor(cast.ada), at=cast.at)
    assert Ticket.objects.filter(merged_into=target).count() == 2


def test_nothing_restricted_comes_before_other_eyes(cast):
    hidden, plain = cast.ticket("Grave.", queue=cast.restricted), cast.ticket()
    with pytest.raises(NotFound):
        merge(cast, hidden, plain)
    with pytest.raises(NotFound):
        merge(cast, plain, hidden)
    with pytest.raises(CannotMerge):
        merge(cast, hidden, plain, cast.lin)
    merge(cast, plain, hidden, cast.lin)
    plain.refresh_from_db()
    assert plain.queue_id == cast.restricted.pk
    unmerge_ticket(ticket_id=plain.pk, by=cast.actor(cast.lin), at=cast.at)
    plain.refresh_from_db()
    assert plain.queue_id == cast.support.pk


def test_what_was_merged_moves_along_with_its_target(cast):
    source, target = cast.ticket(), cast.ticket()
    merge(cast, source, target)
    transfer_ticket(ticket_id=target.pk, queue_id=cast.restricted.pk, reason="Grave.", by=cast.actor(cast.lin), at=cast.at)
    source.refresh_from_db()
    assert source.queue_id == cast.restricted.pk


def test_after_a_day_only_a_lead_takes_it_back(cast):
    source, target = cast.ticket(), cast.ticket()
    merge(cast, source, target)
    later = cast.later(hours=25)
    with pytest.raises(NotAllowed):
        unmerge_ticket(ticket_id=source.pk, by=cast.actor(cast.ada), at=later)
    unmerge_ticket(ticket_id=source.pk, by=cast.actor(cast.lin), at=later)
    source.refresh_from_db()
    assert source.state == "new"


def test_who_stopped_watching_is_not_started_again_by_a_merge(cast):
    source, target = cast.ticket(), cast.ticket()
    ben = cast.actor(cast.ben)
    watch_ticket(ticket_id=source.pk, by=ben, at=cast.at)
    watch_ticket(ticket_id=target.pk, by=ben, at=cast.at)
    unwatch_ticket(ticket_id=target.pk, by=ben, at=cast.at)
    merge(cast, source, target)
    assert not Watcher.objects.filter(ticket=target, user=cast.ben, stopped_at=None).exists()


def test_of_two_merges_in_opposite_directions_one_wins_and_the_other_is_told(fresh_cast):
    cast = fresh_cast
    for _round in range(3):
        one, other = cast.ticket(), cast.ticket()
        results = at_once(
            lambda one=one, other=other: merge(cast, one, other), lambda one=one, other=other: merge(cast, other, one, cast.ben)
        )
        (lost,) = [result for result in results if isinstance(result, Exception)]
        assert isinstance(lost, CannotMerge)
        assert "has itself been merged" in lost.message or "has been merged already" in lost.message
        assert Merge.objects.filter(undone_at=None, source__in=[one, other]).count() == 1


def test_a_reply_races_a_merge_and_is_found_on_the_target(fresh_cast):
    cast = fresh_cast
    for _round in range(4):
        source, target = cast.ticket(), cast.ticket()
        results = at_once(
            lambda source=source, target=target: merge(cast, source, target),
            lambda source=source: receive_message(ticket_id=source.pk, body="Wait!", by=cast.actor(cast.ravi), at=cast.at),
        )
        assert not [result for result in results if isinstance(result, Exception)]
        assert Message.objects.filter(ticket__in=family_of(target.pk), body="Wait!").count() == 1


def test_two_take_a_merge_back_at_once(fresh_cast):
    cast = fresh_cast
    source, target = cast.ticket(), cast.ticket()
    merge(cast, source, target)
    results = at_once(
        *[lambda who=who: unmerge_ticket(ticket_id=source.pk, by=cast.actor(who), at=cast.at) for who in (cast.ada, cast.ben)]
    )
    assert sum(isinstance(result, Merge) for result in results) == 1
    assert sum(isinstance(result, Conflict | NotFound) for result in results) == 1
