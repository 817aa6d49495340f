"""Each verb: says what it would change, does exactly that by the desk's actions, and gives the way back."""

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.filling import Unfilled
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.settings import change_queue, create_category
from steward.desk.actions.verbs.registry import Call, Verb, prepared, register_verb, verb_named, verbs
from steward.desk.actions.verbs.running import perform_all, rehearse
from steward.desk.facts import ticket as facts_of
from steward.desk.models import FollowUp, Message, Status
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.snapshots import snapshot_seen_by, snapshots
from tests.desk.conftest import bodies, facts, kinds


def status(state):
    return str(Status.objects.get(state=state, is_default=True).pk)


@pytest.fixture
def calls(cast):
    """Give one call of each verb that changes a fresh ticket of Ravi's."""
    category = create_category(values={"name": "Access"}, by=cast.actor(cast.ana), at=cast.at)
    return {
        "priority": Call("priority", {"priority": "1"}),
        "category": Call("category", {"category": str(category.pk)}),
        "add_tag": Call("add_tag", {"tag": "vip"}),
        "status": Call("status", {"status": status("pending"), "reason": "", "why": ""}),
        "assign": Call("assign", {"to": "me"}),
        "transfer": Call("transfer", {"queue": str(cast.leads.pk), "reason": "Please decide."}),
        "reply": Call("reply", {"body": "Hi {{requester.name}}, {{agent.name}} looks at {{ticket.number}}."}),
        "note": Call("note", {"body": "Seen by {{agent.first_name}}"}),
        "snooze": Call("snooze", {"until": "tomorrow"}),
        "follow_up": Call("follow_up", {"what": "Ask again", "hours": 24, "owner": "me"}),
    }


def describe(cast, ticket, call, who=None):
    by = cast.actor(who or cast.ada)
    return prepared(call).describe(snapshot_seen_by(by, ticket.pk), by)


def perform(cast, ticket, *calls, who=None):
    done = perform_all(ticket.pk, calls, by=cast.actor(who or cast.ada), at=cast.later(minutes=1))
    return tuple(call for one in reversed(done) for call in one.back)


def test_every_offered_verb_says_what_it_changes_and_then_changes_it(cast, calls):
    assert set(calls) <= {verb.name for verb in verbs()}
    for name, call in calls.items():
        ticket = cast.ticket()
        told = describe(cast, ticket, call)
        assert told.changes, name
        assert not told.refused, name
        before = len(kinds(ticket))
        perform(cast, ticket, call)
        assert len(kinds(ticket)) > before, name


@pytest.mark.parametrize("name", ["priority", "category", "add_tag", "status", "assign", "transfer"])
def test_what_is_so_already_is_no_change_and_leaves_no_fact(cast, calls, name):
    ticket = cast.ticket()
    perform(cast, ticket, calls[name])
    assert describe(cast, ticket, calls[name]).is_nothing
    before = kinds(ticket)
    assert perform(cast, ticket, calls[name]) == ()
    assert kinds(ticket) == before


@pytest.mark.parametrize("name", ["priority", "category", "add_tag", "assign", "transfer"])
def test_the_way_back_puts_it_back(cast, calls, name):
    ticket = cast.ticket()
    seen = snapshot_seen_by(cast.actor(cast.ada), ticket.pk)
    back = perform(cast, ticket, calls[name])
    perform(cast, ticket, *back)
    now = snapshot_seen_by(cast.actor(cast.ada), ticket.pk)
    for field in ("priority", "category_id", "assignee_id", "queue_id", "tag_ids"):
        assert getattr(now, field) == getattr(seen, field)


def test_the_way_back_from_a_status_is_the_status_before_but_never_new(cast, calls):
    ticket = cast.ticket()
    assert perform(cast, ticket, calls["status"]) == ()
    hold = Call("status", {"status": status("on_hold"), "reason": "vendor", "why": ""})
    back = perform(cast, ticket, hold)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waiting_reason) == ("on_hold", "vendor")
    perform(cast, ticket, *back)
    ticket.refresh_from_db()
    assert ticket.state == "pending"


def test_a_follow_up_is_dropped_on_the_way_back_unless_done_meanwhile(cast, calls):
    ticket = cast.ticket()
    back = perform(cast, ticket, calls["follow_up"])
    perform(cast, ticket, *back)
    assert FollowUp.objects.get(ticket=ticket).outcome == "dropped"
    assert describe(cast, ticket, back[0]).is_nothing


def test_an_empty_variable_refuses_the_reply_before_and_at_the_run(cast, calls):
    ticket = cast.ticket(requester=cast.oto)
    call = Call("reply", {"body": "Hi from {{requester.market}}"})
    assert "{{requester.market}}" in describe(cast, ticket, call).refused
    with pytest.raises(Unfilled):
        perform(cast, ticket, call)
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_a_text_is_filled_for_each_ticket(cast, calls):
    ticket = cast.ticket()
    perform(cast, ticket, calls["reply"])
    assert bodies(ticket)[-1] == f"Hi Ravi, Ada looks at #{ticket.pk}."


def test_an_unknown_variable_is_refused_wherever_it_is_prepared(cast):
    with pytest.raises(Invalid) as told:
        prepared(Call("note", {"body": "{{requester.nmae}}"}))
    assert "requester.nmae" in told.value.message


def test_who_may_only_read_is_refused_in_words_and_in_deed(cast, calls):
    ticket = cast.ticket()
    perform(cast, ticket, calls["assign"])
    assert describe(cast, ticket, calls["priority"], who=cast.ana).refused
    with pytest.raises(NotAllowed):
        perform(cast, ticket, calls["priority"], who=cast.ana)


def test_a_ticket_out_of_sight_is_not_there_for_any_verb(cast, calls):
    ticket = cast.ticket(queue=cast.restricted)
    ada = cast.actor(cast.ada)
    assert snapshots([ticket.pk], queue_ids=visible_queue_ids(ada)) == {}
    with pytest.raises(NotFound):
        rehearse(ticket.pk, [calls["priority"]], by=ada, at=cast.at)
    for call in calls.values():
        with pytest.raises(NotFound):
            perform(cast, ticket, call)


def test_a_closed_queue_and_a_person_who_left_are_named(cast):
    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    with pytest.raises(Invalid, match="Leads"):
        prepared(Call("transfer", {"queue": str(cast.leads.pk), "reason": "x"}))
    with pytest.raises(Invalid, match="no longer works"):
        prepared(Call("assign", {"to": "999999"}))
    with pytest.raises(Invalid, match="no action"):
        prepared(Call("explode", {}))


def test_all_steps_are_done_or_none(cast, calls):
    ticket = cast.ticket(requester=cast.oto)
    before = kinds(ticket)
    with pytest.raises(Unfilled):
        perform(cast, ticket, calls["priority"], calls["add_tag"], Call("reply", {"body": "{{requester.market}}"}))
    assert kinds(ticket) == before


def test_a_rehearsal_tells_each_step_after_those_before_it_and_leaves_no_trace(cast, calls):
    ticket = cast.ticket()
    before, row = kinds(ticket), snapshot_seen_by(cast.actor(cast.ada), ticket.pk)
    closed = Call("status", {"status": status("closed"), "reason": "", "why": "spam"})
    previews = rehearse(
        ticket.pk,
        [calls["priority"], calls["priority"], closed, calls["status"]],
        by=cast.actor(cast.ada),
        at=cast.at,
    )
    first, again, close, pending = (one.described for one in previews)
    assert first.changes == ("Priority: Normal → Urgent",)
    reply = rehearse(ticket.pk, [calls["reply"]], by=cast.actor(cast.ada), at=cast.at)[0].described
    assert [words for words in reply.changes if "→" in words] == ["Status: New → Open", "Owner: nobody → Ada"]
    assert again.is_nothing
    assert close.changes
    assert "cannot become" in pending.refused
    assert kinds(ticket) == before
    assert snapshot_seen_by(cast.actor(cast.ada), ticket.pk) == row


def test_a_reply_by_a_rule_is_automatic_and_takes_nothing_up(cast):
    from steward.people.actor import ActorKind, system

    ticket = cast.ticket()
    perform_all(ticket.pk, [Call("reply", {"body": "We got it."})], by=system("rule:1@v1", kind=ActorKind.RULE), at=cast.at)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee_id) == ("new", None)
    assert facts(ticket, facts_of.ReplySent)[0].automatic


def test_solving_is_told_with_what_it_brings_and_a_solved_ticket_can_be_reopened(cast, calls):
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.at)
    assert len(describe(cast, ticket, Call("status", {"status": status("solved"), "reason": "", "why": ""})).changes) == 2
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    assert describe(cast, ticket, Call("status", {"status": status("open"), "reason": "", "why": ""})).changes
    assert describe(cast, ticket, calls["status"]).refused


@pytest.mark.parametrize(
    ("verb", "raw", "field"),
    [
        ("priority", {}, "priority"),
        ("priority", {"priority": "9"}, "priority"),
        ("follow_up", {"what": "x", "hours": "0", "owner": "me"}, "hours"),
        ("follow_up", {"what": "x", "hours": "many", "owner": "me"}, "hours"),
        ("add_tag", {"tag": "x" * 61}, "tag"),
        ("reply", {"body": "   "}, "body"),
    ],
)
def test_arguments_are_read_strictly_and_named(cast, verb, raw, field):
    with pytest.raises(Invalid) as told:
        verb_named(verb).read(raw, cast.actor(cast.ada))
    assert told.value.field == field


def test_two_verbs_of_one_name_are_a_mistake_of_ours():
    with pytest.raises(TypeError):
        register_verb(Verb("priority", "x", "x", lambda _args: None))


def test_many_tickets_are_described_in_one_reading(cast, calls, assert_queries):
    tickets = [cast.ticket() for _ in range(5)]
    ada = cast.actor(cast.ada)
    queue_ids, step = visible_queue_ids(ada), prepared(calls["category"])
    with assert_queries(1):
        found = snapshots([one.pk for one in tickets], queue_ids=queue_ids)
        assert all(step.describe(one, ada).changes for one in found.values())
