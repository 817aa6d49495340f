"""Automations acting: on occasions, under conditions, traced to their version, and never in circles."""

from datetime import timedelta

import pytest

from steward.core.errors import Invalid
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.automations import acting
from steward.desk.actions.automations.making import change_automation, switch_off, switch_on
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.changing import add_tag, change_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import reply
from steward.desk.actions.settings import change_queue, create_category, set_hold_time
from steward.desk.actions.verbs.registry import Call
from steward.desk.facts import ticket as facts_of
from steward.desk.models import Automation, HeldReply, Status
from steward.desk.rules.chains import MOST_AN_HOUR
from steward.ledger.models import Event
from steward.people.actions import deactivate_user
from steward.people.models import Notice
from tests.cast import SETUP
from tests.desk.automations.conftest import TAG, URGENT, content, heard, mark, runs, state_of
from tests.desk.conftest import bodies, facts, kinds


def status(state):
    return str(Status.objects.get(state=state, is_default=True).pk)


def fresh(cast, **more):
    """Open a ticket and let automations hear of it."""
    at = mark()
    cast.later(minutes=1)
    ticket = cast.ticket(**more)
    heard(at)
    ticket.refresh_from_db()
    return ticket


def notices(who):
    return list(Notice.objects.filter(user=who, kind="rule_parked"))


def test_what_it_does_is_traced_to_its_version(cast, make):
    row = make()
    ticket = fresh(cast)
    assert ticket.priority == 1
    event = Event.objects.get(stream=f"ticket:{ticket.pk}", kind="desk.priority_changed")
    assert (event.actor_kind, event.actor_id, event.cause) == ("rule", None, f"rule:{row.pk}@v1")
    assert runs(row) == [(ticket.pk, "done")]


@pytest.mark.parametrize(
    ("when", "acts"),
    [
        ([], True),
        ([("market", "is", "IN")], True),
        ([("market", "is", "BR, IN")], True),
        ([("market", "is_not", "IN")], False),
        ([("priority", "at_least", "2")], False),
        ([("priority", "at_most", "3")], True),
        ([("state", "is", "new"), ("market", "is", "IN")], True),
        ([("state", "is", "new"), ("market", "is", "BR")], False),
        ([("owner", "is", "none")], True),
        ([("tag", "has", "vip")], False),
        ([("tag", "has_not", "vip")], True),
        ([("message", "contains", "queue page")], False),
        ([("channel", "is", "portal")], True),
        ([("category", "has", "none")], True),
        ([("role", "contains", "moder")], True),
        ([("subject", "contains", "queue")], True),
        ([("language", "is", "en")], True),
        ([("purpose", "is", "support")], True),
    ],
)
def test_it_acts_where_its_conditions_hold(cast, make, when, acts):
    make(when=when)
    assert (fresh(cast).priority == 1) is acts


def test_of_the_other_conditions_one_is_enough(cast, make):
    make(either=[("market", "is", "BR"), ("channel", "is", "portal")])
    assert fresh(cast).priority == 1


def test_the_words_of_the_message_that_set_it_off_can_be_asked_for(cast, make):
    make("Outage", *TAG, on="requester_wrote", when=[("message", "contains", "outage, down")])
    ticket = fresh(cast)
    for body, tagged in [("Still waiting.", 0), ("It is all DOWN again", 1)]:
        at = mark()
        receive_message(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ravi), at=cast.later(minutes=1))
        heard(at)
        assert kinds(ticket).count("tag_added") == tagged


def test_a_category_is_asked_for_with_all_below_it(cast, make):
    access = create_category(values={"name": "Access"}, by=SETUP, at=cast.at)
    below = create_category(values={"name": "Roles", "parent": access}, by=SETUP, at=cast.at)
    make(on="category_changed", when=[("category", "has", str(access.pk))])
    ticket = fresh(cast)
    at = mark()
    change_ticket(ticket_id=ticket.pk, changes={"category": (None, below.pk)}, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    heard(at)
    ticket.refresh_from_db()
    assert ticket.priority == 1


def test_what_happened_before_it_was_switched_on_or_was_imported_sets_nothing_off(cast, make):
    early = cast.ticket()
    cast.later(minutes=1)
    make()
    heard()
    early.refresh_from_db()
    assert early.priority == 3
    event = Event.objects.get(stream=f"ticket:{early.pk}", kind="desk.ticket_opened")
    event.actor_kind, event.occurred_at = "import", cast.later(minutes=1)
    from steward.desk.actions.automations.hearing import hear

    hear(event, event.fact)
    early.refresh_from_db()
    assert early.priority == 3


def test_one_switched_off_does_nothing(cast, make):
    row = make()
    switch_off(automation_id=row.pk, by=cast.actor(cast.lin), at=cast.later(minutes=1))
    assert fresh(cast).priority == 3


def test_the_same_event_heard_twice_is_acted_on_once(cast, make):
    row = make("Note", Call("note", {"body": "Seen."}))
    at = mark()
    ticket = cast.ticket()
    heard(at)
    heard(at)
    assert bodies(ticket).count("Seen.") == 1
    assert len(runs(row)) == 1


def test_they_act_in_their_order_each_on_what_the_one_before_left(cast, make):
    make("First", *URGENT)
    make("Second", *TAG, when=[("priority", "is", "1")])
    assert "tag_added" in kinds(fresh(cast))


def test_a_reply_of_a_rule_is_automatic_answers_nobody_and_owns_nothing(cast, make):
    make("Thanks", Call("reply", {"body": "We have {{ticket.number}}, {{requester.name}}."}))
    ticket = fresh(cast)
    assert bodies(ticket)[-1] == f"We have #{ticket.pk}, Ravi."
    assert facts(ticket, facts_of.ReplySent)[0].automatic
    assert (ticket.state, ticket.assignee) == ("new", None)


def test_a_reply_of_a_rule_is_said_at_once_also_where_replies_of_people_wait(cast, make):
    set_hold_time(channel="portal", seconds=30, by=SETUP, at=cast.at)
    make("Hello", Call("reply", {"body": "We look into it."}))
    assert bodies(fresh(cast))[-1] == "We look into it."
    assert not HeldReply.objects.exists()


def test_what_is_not_permitted_on_this_ticket_is_kept_as_refused_and_nothing_of_it_is_done(cast, make):
    row = make("Market", *URGENT, Call("note", {"body": "For {{requester.market}}"}))
    refused, done = fresh(cast, requester=cast.oto), fresh(cast)
    assert runs(row) == [(refused.pk, "refused"), (done.pk, "done")]
    assert (refused.priority, done.priority) == (3, 1)
    assert state_of(row) == (1, "")


def test_it_acts_only_where_whoever_switched_it_on_may_see(cast, make):
    by_ana, by_lin = make("Ana's", *TAG, who=cast.ana), make("Lin's", *URGENT)
    hidden = fresh(cast, queue=cast.restricted)
    assert (runs(by_ana), runs(by_lin)) == ([], [(hidden.pk, "done")])


def test_its_own_effects_do_not_set_it_off_again(cast, make):
    row = make("Up and down", Call("note", {"body": "Changed."}), on=("noted", "opened"))
    ticket = fresh(cast)
    assert bodies(ticket).count("Changed.") == 1
    assert runs(row) == [(ticket.pk, "done")]
    assert state_of(row) == (1, "")


def test_two_that_set_each_other_off_are_stopped_with_a_notice_and_the_rest_goes_on(cast, make):
    ping = make("Ping", Call("note", {"body": "ping"}), on=("opened", "tagged"))
    pong = make("Pong", Call("add_tag", {"tag": "pong"}), Call("remove_tag", {"tag": "pong"}), on="noted")
    third = make("Third", *URGENT)
    ticket = fresh(cast)
    assert state_of(ping) == (None, "loop")
    assert state_of(pong) == (1, "")
    assert (ticket.pk, "done") in runs(third)
    assert len(notices(cast.lin)) == 1
    assert bodies(ticket).count("ping") == 1
    assert Event.objects.filter(stream=f"automation:{ping.pk}", kind="desk.automation_parked").count() == 1


def test_a_long_chain_ends(cast, make):
    rows = [
        make(f"Step {number}", Call("add_tag", {"tag": f"t{number + 1}"}), on="tagged", when=[("tag", "has", f"t{number}")])
        for number in reversed(range(8))
    ]
    ticket = fresh(cast)
    at = mark()
    add_tag(ticket_id=ticket.pk, name="t0", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    heard(at)
    assert [state_of(row) for row in rows].count((None, "loop")) == 1
    assert kinds(ticket).count("tag_added") == 6


def test_one_that_does_too_much_to_one_ticket_in_an_hour_is_stopped(cast, make):
    row = make("Echo", Call("note", {"body": "again"}), on="requester_wrote")
    ticket = fresh(cast)
    at = mark()
    for number in range(MOST_AN_HOUR + 2):
        receive_message(ticket_id=ticket.pk, body=f"m{number}", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    heard(at)
    assert bodies(ticket).count("again") == MOST_AN_HOUR
    assert state_of(row) == (None, "limit")
    assert len(notices(cast.lin)) == 1


def test_a_rule_whose_queue_was_closed_is_parked_and_nothing_else_stops(cast, make):
    to_leads = make("To the leads", Call("transfer", {"queue": str(cast.leads.pk), "reason": "Please look."}))
    other = make("Other", *URGENT)
    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    ticket = fresh(cast)
    assert state_of(to_leads) == (None, "broken")
    assert "Leads" in Automation.objects.get(pk=to_leads.pk).parked_detail
    assert runs(other) == [(ticket.pk, "done")]
    with pytest.raises(Invalid, match="closed"):
        switch_on(automation_id=to_leads.pk, version=1, by=cast.actor(cast.lin), at=cast.at)


def test_a_rule_that_raises_is_parked_visibly_and_what_it_had_begun_is_undone(cast, make, monkeypatch):
    broken = make("Broken", *URGENT, Call("note", {"body": "x"}))
    other = make("Other", *TAG)
    real = acting.perform_all

    def explode(ticket_id, calls, **more):
        real(ticket_id, calls, **more)
        if calls[0].verb == "priority":
            raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(acting, "perform_all", explode)
    ticket = fresh(cast)
    assert state_of(broken) == (None, "error")
    assert "ZeroDivisionError" in Automation.objects.get(pk=broken.pk).parked_detail
    assert ticket.priority == 3
    assert runs(other) == [(ticket.pk, "done")]
    assert runs(broken) == [(ticket.pk, "parked")]


def test_when_its_owner_leaves_it_is_parked(cast, make):
    row = make()
    deactivate_user(user_id=cast.lin.pk, by=cast.actor(cast.ana), at=cast.later(minutes=1))
    assert fresh(cast).priority == 3
    assert state_of(row) == (None, "owner")


def test_a_condition_whose_field_is_gone_parks_it(cast, make):
    from steward.desk.models import AutomationVersion

    row = make(on_it=False)
    stored = content().dump() | {"conditions": [{"field": "moon", "operator": "is", "value": "full"}]}
    AutomationVersion.objects.create(automation=row, version=2, created_at=cast.at, **stored)
    Automation.objects.filter(pk=row.pk).update(running_version=2, on_since=cast.at)
    fresh(cast)
    assert state_of(row)[1] == "broken"


def test_switching_on_again_clears_why_it_was_parked(cast, make):
    row = make("Leads", Call("transfer", {"queue": str(cast.leads.pk), "reason": "Look."}))
    ana, lin = cast.actor(cast.ana), cast.actor(cast.lin)
    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=ana, at=cast.at)
    fresh(cast)
    change_queue(queue_id=cast.leads.pk, values={"is_active": True}, by=ana, at=cast.at)
    switch_on(automation_id=row.pk, version=1, by=lin, at=cast.later(minutes=1))
    assert state_of(row) == (1, "")
    assert fresh(cast).queue_id == cast.leads.pk


def test_a_new_version_acts_only_once_it_is_tried_and_switched_on(cast, make):
    row = make()
    lin = cast.actor(cast.lin)
    change_automation(automation_id=row.pk, name="VIP first", content=content(*TAG), seen_version=1, by=lin, at=cast.at)
    assert fresh(cast).priority == 1
    with pytest.raises(Invalid, match="not tried"):
        switch_on(automation_id=row.pk, version=2, by=lin, at=cast.at)
    try_automation(automation_id=row.pk, by=lin, at=cast.later(minutes=1))
    switch_on(automation_id=row.pk, version=2, by=lin, at=cast.at)
    ticket = fresh(cast)
    assert (ticket.priority, "tag_added" in kinds(ticket)) == (3, True)
    assert Event.objects.filter(stream=f"ticket:{ticket.pk}", cause=f"rule:{row.pk}@v2").exists()


def test_automation_never_inflates_a_persons_numbers(cast, make):
    """A rule's reply starts and meets no clock, answers nobody in the report, and its solving is not somebody's."""
    from steward.insight.rules.folding import PEOPLE
    from steward.sla.queries.stories import story_of

    make("Thanks", Call("reply", {"body": "We have it."}))
    ticket = fresh(cast)
    assert ticket.last_message_at == cast.at
    assert not story_of(ticket.pk, upto_seq=99).answered
    reply(ticket_id=ticket.pk, body="Hello", by=cast.actor(cast.ada), at=cast.later(minutes=5))
    assert story_of(ticket.pk, upto_seq=99).answered
    assert "rule" not in PEOPLE


def test_an_assignment_to_somebody_is_made_by_the_rule(cast, make):
    make("To Ada", Call("assign", {"to": str(cast.ada.pk)}))
    ticket = fresh(cast)
    assert ticket.assignee == cast.ada
    assign_ticket(ticket_id=ticket.pk, to=None, by=cast.actor(cast.ada), at=cast.later(minutes=1))


def test_an_event_costs_the_same_few_queries_however_many_rules_are_on(cast, make, assert_queries):
    for number in range(12):
        make(f"R{number}", on="closed")
    ticket = cast.ticket()
    event = Event.objects.get(stream=f"ticket:{ticket.pk}", kind="desk.ticket_opened")
    from steward.desk.actions.automations.hearing import hear

    with assert_queries(1):
        hear(event, event.fact)
    assert timedelta(0) < cast.later(minutes=1) - event.occurred_at


def test_the_notice_of_a_stopped_one_says_why_and_leads_there(cast, make, client):
    row = make("Leads", Call("transfer", {"queue": str(cast.leads.pk), "reason": "Look."}))
    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    fresh(cast)
    client.force_login(cast.lin)
    page = client.get("/notices/").content.decode()
    assert "Something it needs is gone" in page
    assert f"/settings/automations/{row.pk}/" in page


@pytest.mark.parametrize(
    ("operator", "text", "acts"),
    [
        ("finds", "is:new in:Support", True),
        ("finds", "is:pending", False),
        ("finds_not", "is:pending", True),
        ("finds", "priority:normal -tag:vip", True),
        ("finds", "empty", True),
        ("finds", "zebra", False),
        ("finds", "-is:unassigned", False),
    ],
)
def test_a_condition_may_be_written_as_the_filter_of_a_list(cast, make, operator, text, acts):
    add_tag(ticket_id=cast.ticket().pk, name="vip", by=cast.actor(cast.ada), at=cast.at)
    make(when=[("filter", operator, text)])
    assert (fresh(cast).priority == 1) is acts


def test_a_filter_that_names_what_is_gone_stops_it_and_never_finds_everything(cast, make):
    row = make(when=[("filter", "finds", "tag:neverwas")])
    assert fresh(cast).priority == 3
    assert state_of(row) == (None, "broken")
