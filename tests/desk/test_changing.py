"""Fields, tags, links, follow-ups: different fields merge, the same field shows both values."""

from datetime import timedelta

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, change_ticket, remove_tag, transfer_ticket
from steward.desk.actions.following_up import add_follow_up, finish_follow_up
from steward.desk.actions.linking import link_tickets, unlink_tickets
from steward.desk.actions.settings import change_queue, create_category
from steward.desk.facts import ticket as facts_of
from steward.desk.models import Link, Message, Tag, Ticket
from steward.desk.queries.search import search_tickets
from tests.desk.conftest import facts, kinds


@pytest.fixture
def change(cast):
    def change(ticket, who=None, **changes):
        return change_ticket(ticket_id=ticket.pk, changes=changes, by=cast.actor(who or cast.ada), at=cast.at)

    return change


def test_each_field_leaves_a_fact_with_old_and_new(cast, change):
    category = create_category(values={"name": "Access"}, by=cast.actor(cast.ana), at=cast.at)
    ticket = cast.ticket()
    change(ticket, priority=(3, 1), category=(None, category.pk), subject=(ticket.subject, "Empty queue page"))
    assert facts(ticket, facts_of.PriorityChanged) == [facts_of.PriorityChanged(ticket_id=ticket.pk, old=3, new=1)]
    assert facts(ticket, facts_of.CategoryChanged)[0].new == category.pk
    assert [row.id for row in search_tickets("Empty", queue_ids=[cast.support.pk], at=cast.at)] == [ticket.pk]


def test_two_people_changing_different_fields_both_succeed(cast, change):
    ticket = cast.ticket()
    change(ticket, who=cast.ada, priority=(3, 1))
    change(ticket, who=cast.ben, subject=(ticket.subject, "Better"))
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.subject) == (1, "Better")


def test_the_same_field_shows_both_values_and_writes_nothing_of_the_call(cast, change):
    ticket = cast.ticket()
    change(ticket, priority=(3, 1))
    with pytest.raises(Conflict) as told:
        change(ticket, who=cast.ben, subject=(ticket.subject, "Better"), priority=(3, 2))
    assert (told.value.field, told.value.theirs, told.value.yours) == ("priority", 1, 2)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.subject.startswith("The queue")) == (1, True)


def test_wanting_what_is_already_so_is_no_conflict(cast, change):
    ticket = cast.ticket()
    change(ticket, priority=(3, 1))
    before = kinds(ticket)
    change(ticket, who=cast.ben, priority=(3, 1))
    assert kinds(ticket) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priority", 5),
        ("priority", None),
        ("priority", "1"),
        ("category", 10**9),
        ("category", "x"),
        ("subject", "  "),
        ("subject", "x" * 301),
        ("state", "open"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(cast, change, field, value):
    ticket = cast.ticket()
    seen = {"priority": 3, "category": None, "subject": ticket.subject}.get(field)
    with pytest.raises(Invalid) as told:
        change(ticket, **{field: (seen, value)})
    assert told.value.field == field


def test_handing_on_needs_a_reason_which_stays_out_of_the_ledger(cast):
    ticket = cast.ticket()
    by = cast.actor(cast.ada)
    with pytest.raises(Invalid):
        transfer_ticket(ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason=" ", by=by, at=cast.at)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason="Ravi's cache bug", by=by, at=cast.at)
    fact = facts(ticket, facts_of.TicketTransferred)[0]
    assert (fact.old_queue_id, fact.new_queue_id, fact.handed_on, fact.reason) == (
        cast.support.pk,
        cast.engineering.pk,
        "engineering",
        "given",
    )
    assert "Ravi's cache bug" in Message.objects.get(ticket=ticket, kind="note").body


def test_an_owner_of_another_team_gives_it_back(cast):
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.at)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.leads.pk, reason="complaint", by=cast.actor(cast.ada), at=cast.at)
    assert Ticket.objects.get().assignee_id == cast.ada.pk
    from steward.people.models import Team

    change_queue(queue_id=cast.support.pk, values={"team": Team.objects.create(name="Others")}, by=cast.actor(cast.ana), at=cast.at)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.support.pk, reason="", by=cast.actor(cast.lin), at=cast.at)
    assert Ticket.objects.get().assignee_id is None
    assert facts(ticket, facts_of.TicketAssigned)[-1].how == "handback"


def test_moving_nowhere_is_nothing_and_into_a_closed_queue_refused(cast):
    ticket = cast.ticket()
    by = cast.actor(cast.ada)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.support.pk, reason="", by=by, at=cast.at)
    assert "ticket_transferred" not in kinds(ticket)
    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    with pytest.raises(Invalid, match="closed"):
        transfer_ticket(ticket_id=ticket.pk, queue_id=cast.leads.pk, reason="x", by=by, at=cast.at)
    with pytest.raises(NotFound):
        transfer_ticket(ticket_id=ticket.pk, queue_id=10**9, reason="x", by=by, at=cast.at)


def test_a_label_is_put_on_once_however_it_is_written(cast):
    ticket, by = cast.ticket(), cast.actor(cast.ada)
    tag = add_tag(ticket_id=ticket.pk, name="#Outage", by=by, at=cast.at)
    assert add_tag(ticket_id=ticket.pk, name="outage", by=by, at=cast.at) == tag
    assert (Tag.objects.count(), kinds(ticket).count("tag_added")) == (1, 1)
    remove_tag(ticket_id=ticket.pk, tag_id=tag.pk, by=by, at=cast.at)
    remove_tag(ticket_id=ticket.pk, tag_id=tag.pk, by=by, at=cast.at)
    assert kinds(ticket).count("tag_removed") == 1


@pytest.mark.parametrize("name", ["", " # ", "a\nb", "x" * 61, "\u200b", "a\x00"])
def test_a_label_is_one_line_that_shows_something(cast, name):
    with pytest.raises(Invalid):
        add_tag(ticket_id=cast.ticket().pk, name=name, by=cast.actor(cast.ada), at=cast.at)


def test_links_are_told_on_both_sides_and_taken_back_by_marking(cast):
    one, other, by = cast.ticket(), cast.ticket(), cast.actor(cast.ada)
    link = link_tickets(ticket_id=one.pk, other_id=other.pk, kind=Link.Kind.RELATED, by=by, at=cast.at)
    assert link_tickets(ticket_id=one.pk, other_id=other.pk, kind=Link.Kind.RELATED, by=by, at=cast.at) == link
    assert link_tickets(ticket_id=other.pk, other_id=one.pk, kind=Link.Kind.RELATED, by=by, at=cast.at) == link
    assert link_tickets(ticket_id=other.pk, other_id=one.pk, kind=Link.Kind.DUPLICATE, by=by, at=cast.at) != link
    assert facts(one, facts_of.TicketsLinked)[0].other_id == other.pk
    assert facts(other, facts_of.TicketsLinked)[0].other_id == one.pk
    for _twice in range(2):
        unlink_tickets(link_id=link.pk, by=by, at=cast.later(minutes=1))
    assert kinds(one).count("tickets_unlinked") == kinds(other).count("tickets_unlinked") == 1
    assert Link.objects.get(pk=link.pk).removed_at is not None
    assert link_tickets(ticket_id=one.pk, other_id=other.pk, kind=Link.Kind.RELATED, by=by, at=cast.at) != link


def test_a_link_needs_two_tickets_and_a_known_kind(cast):
    ticket, by = cast.ticket(), cast.actor(cast.ada)
    with pytest.raises(Invalid, match="itself"):
        link_tickets(ticket_id=ticket.pk, other_id=ticket.pk, kind=Link.Kind.RELATED, by=by, at=cast.at)
    with pytest.raises(NotFound):
        link_tickets(ticket_id=ticket.pk, other_id=10**9, kind=Link.Kind.RELATED, by=by, at=cast.at)
    with pytest.raises(Invalid, match="kind of link"):
        link_tickets(ticket_id=ticket.pk, other_id=cast.ticket().pk, kind="likes", by=by, at=cast.at)
    with pytest.raises(NotFound):
        unlink_tickets(link_id=10**9, by=by, at=cast.at)


def test_a_promise_to_come_back_ends_with_its_outcome(cast):
    ticket, by = cast.ticket(), cast.actor(cast.ada)
    due = cast.at + timedelta(hours=4)
    promise = add_follow_up(ticket_id=ticket.pk, owner=cast.ben, what="Call back", due_at=due, by=by, at=cast.at)
    finish_follow_up(follow_up_id=promise.pk, outcome="no_answer", by=by, at=cast.later(hours=4))
    finish_follow_up(follow_up_id=promise.pk, outcome="no_answer", by=by, at=cast.at)
    with pytest.raises(Conflict) as told:
        finish_follow_up(follow_up_id=promise.pk, outcome="done", by=by, at=cast.at)
    assert (told.value.theirs, told.value.yours) == ("no_answer", "done")
    assert facts(ticket, facts_of.FollowUpDone)[0].outcome == "no_answer"


def test_a_promise_lies_in_the_future_of_somebody_here(cast):
    values = {"ticket_id": cast.ticket().pk, "what": "x", "by": cast.actor(cast.ada), "at": cast.at}
    with pytest.raises(Invalid, match="passed"):
        add_follow_up(owner=cast.ada, due_at=cast.at, **values)
    cast.ben.is_active = False
    with pytest.raises(Invalid, match="no longer works"):
        add_follow_up(owner=cast.ben, due_at=cast.at + timedelta(hours=1), **values)
    with pytest.raises(Invalid, match="outcome"):
        finish_follow_up(follow_up_id=1, outcome="maybe", by=values["by"], at=cast.at)
    with pytest.raises(NotFound):
        finish_follow_up(follow_up_id=10**9, outcome="done", by=values["by"], at=cast.at)


def test_who_only_reads_changes_nothing(cast, change):
    ticket = cast.ticket()
    with pytest.raises(NotAllowed):
        change(ticket, who=cast.ana, priority=(3, 1))
