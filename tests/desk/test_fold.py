"""The ticket as its events tell it."""

from datetime import UTC, datetime, timedelta

from steward.desk.facts import ticket as facts
from steward.desk.queries.fold import Folded, differences, fold

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPENED = facts.TicketOpened(ticket_id=1, requester_id=2, queue_id=3, status_id=4, state="new", priority=3, category_id=5)


def at(hours):
    return AT + timedelta(hours=hours)


def status(old, new, reason=""):
    return facts.StatusChanged(ticket_id=1, old_status_id=0, new_status_id=9, old=old, new=new, reason=reason)


def test_a_whole_life():
    told = fold(
        [
            (OPENED, at(0)),
            (facts.MessageReceived(ticket_id=1, message_id=10, conversation_id=1), at(0)),
            (status("new", "open"), at(1)),
            (facts.TicketAssigned(ticket_id=1, new_assignee_id=7, how="get_next"), at(1)),
            (status("open", "solved"), at(2)),
            (status("solved", "open"), at(3)),
            (status("open", "on_hold", "vendor"), at(4)),
            (status("on_hold", "solved"), at(5)),
            (facts.FixConfirmed(ticket_id=1), at(6)),
            (status("solved", "closed"), at(6)),
            (facts.TicketClosed(ticket_id=1, outcome="confirmed"), at(6)),
        ]
    )
    assert told == Folded(
        requester_id=2, queue_id=3, status_id=9, state="closed", priority=3, category_id=5, assignee_id=7, outcome="confirmed",
        solved_at=at(5), confirmed_at=at(6), closed_at=at(6), messages=frozenset({10}),
    )  # fmt: skip


def test_reopening_takes_back_the_end():
    told = fold(
        [
            (OPENED, at(0)),
            (status("new", "solved"), at(1)),
            (facts.FixConfirmed(ticket_id=1), at(2)),
            (status("solved", "open"), at(3)),
        ]
    )
    assert (told.solved_at, told.confirmed_at, told.closed_at, told.outcome) == (None, None, None, "")


def test_waiting_has_its_reason_only_while_it_waits():
    told = [(OPENED, at(0)), (status("new", "on_hold", "vendor"), at(1))]
    assert fold(told).waiting_reason == "vendor"
    assert fold([*told, (status("on_hold", "open"), at(2))]).waiting_reason == ""


def test_thanks_after_an_unconfirmed_close_confirm():
    told = fold(
        [
            (OPENED, at(0)),
            (status("new", "solved"), at(1)),
            (status("solved", "closed"), at(2)),
            (facts.TicketClosed(ticket_id=1, outcome="unconfirmed"), at(2)),
            (facts.FixConfirmed(ticket_id=1), at(3)),
        ]
    )
    assert (told.outcome, told.closed_at, told.confirmed_at) == ("confirmed", at(2), at(3))


def test_sets_grow_and_shrink_by_their_facts():
    told = fold(
        [
            (OPENED, at(0)),
            (facts.TagAdded(ticket_id=1, tag_id=1), at(1)),
            (facts.TagAdded(ticket_id=1, tag_id=2), at(1)),
            (facts.TagRemoved(ticket_id=1, tag_id=1), at(2)),
            (facts.TicketsLinked(ticket_id=1, link_id=8, other_id=2, link_kind="related"), at(2)),
            (facts.FollowUpAdded(ticket_id=1, follow_up_id=3, owner_id=1, due_at=at(9)), at(2)),
            (facts.FollowUpDone(ticket_id=1, follow_up_id=3, outcome="done"), at(3)),
        ]
    )
    assert (told.tags, told.links, told.open_follow_ups) == (frozenset({2}), frozenset({8}), frozenset())


def test_differences_name_the_field_and_both_values():
    assert differences(Folded(state="open", tags=frozenset({2, 1})), Folded(state="new")) == [
        "state: row new, events open",
        "tags: row none, events 1, 2",
    ]
