"""Making automations and trying them: who may, what is refused, and what a dry run says of last week."""

from datetime import timedelta

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.automations import trying
from steward.desk.actions.automations.making import (
    change_automation,
    create_automation,
    move_automation,
    put_away_automation,
    switch_on,
)
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.changing import add_tag, change_ticket, transfer_ticket
from steward.desk.actions.replies import reply
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Automation, AutomationVersion
from steward.desk.queries.automations import newest_dry_run
from steward.desk.rules.states import State
from tests.desk.automations.conftest import TAG, URGENT, content, runs, state_of
from tests.desk.conftest import kinds


def make_off(cast, *calls, who=None, **more):
    return create_automation(name="Try", content=content(*calls, **more), by=cast.actor(who or cast.lin), at=cast.at)


def attempt(cast, row, who=None):
    return try_automation(automation_id=row.pk, by=cast.actor(who or cast.lin), at=cast.later(minutes=1))


def test_agents_make_none(cast):
    for who in (cast.ada, cast.eno):
        with pytest.raises(NotAllowed):
            make_off(cast, who=who)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (content(on=()), "when"),
        (content(Call("reply", {"body": "I am {{agent.name}}"})), "body"),
        (content(Call("reply", {"body": "{{nobody}}"})), "body"),
        (content(Call("assign", {"to": "me"})), "to"),
        (content(Call("follow_up", {"what": "x", "hours": 1, "owner": "me"})), "owner"),
        (content(Call("transfer", {"queue": "999999", "reason": "x"})), "queue"),
        (content(*URGENT * 21), "steps"),
        (content(when=[("market", "is", "IN")] * 21), "condition"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast, bad, field):
    with pytest.raises(Invalid) as told:
        create_automation(name="Bad", content=bad, by=cast.actor(cast.lin), at=cast.at)
    assert told.value.field == field
    assert not Automation.objects.exists()


def test_without_a_dry_run_of_this_very_version_it_is_not_switched_on(cast):
    row = make_off(cast)
    lin = cast.actor(cast.lin)
    with pytest.raises(Invalid, match="not tried"):
        switch_on(automation_id=row.pk, version=1, by=lin, at=cast.at)
    attempt(cast, row)
    change_automation(automation_id=row.pk, name="Try", content=content(*TAG), by=lin, at=cast.at)
    with pytest.raises(Conflict, match="newer version"):
        switch_on(automation_id=row.pk, version=1, by=lin, at=cast.at)
    with pytest.raises(Invalid, match="not tried"):
        switch_on(automation_id=row.pk, version=2, by=lin, at=cast.at)
    attempt(cast, row)
    assert switch_on(automation_id=row.pk, version=2, by=lin, at=cast.at).running_version == 2


def test_a_dry_run_says_which_tickets_and_what_and_changes_none(cast):
    low, urgent, tagged = cast.ticket(), cast.ticket(), cast.ticket()
    change_ticket(ticket_id=urgent.pk, changes={"priority": (3, 1)}, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    add_tag(ticket_id=tagged.pk, name="vip", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    row = make_off(cast, *URGENT, on=("opened", "priority_changed", "tagged"))
    before = {ticket.pk: kinds(ticket) for ticket in (low, urgent, tagged)}
    run = attempt(cast, row)
    assert (run.matched, run.tickets, run.is_whole_week) == (4, 3, True)
    assert {line["ticket"] for line in run.lines} == {low.pk, urgent.pk, tagged.pk}
    assert run.lines[0]["changes"] == ["Priority: Normal → Urgent"]
    assert {ticket.pk: kinds(ticket) for ticket in (low, urgent, tagged)} == before
    assert runs(row) == []
    assert state_of(row) == (None, "")


def test_it_looks_at_each_ticket_as_it_was_then_not_as_it_is_now(cast):
    ticket = cast.ticket()
    ada = cast.actor(cast.ada)
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=ada, at=cast.later(minutes=1))
    change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 1)}, by=ada, at=cast.later(minutes=1))
    add_tag(ticket_id=ticket.pk, name="vip", by=ada, at=cast.later(minutes=1))
    then = make_off(
        cast, *TAG, when=[("state", "is", "new"), ("owner", "is", "none"), ("priority", "is", "3"), ("tag", "has_not", "vip")]
    )
    now = create_automation(name="Now", content=content(*TAG, when=[("priority", "is", "1")]), by=cast.actor(cast.lin), at=cast.at)
    assert attempt(cast, then).matched == 1
    assert attempt(cast, now).matched == 0


def test_a_dry_run_of_a_span_finds_the_times_it_came_last_week(cast):
    ticket, moved = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    for one in (ticket, moved):
        reply(ticket_id=one.pk, body="Which?", then=State.PENDING, by=ada, at=cast.later(minutes=1))
    reply(ticket_id=moved.pk, body="Never mind", then=State.SOLVED, by=ada, at=cast.later(hours=2))
    row = make_off(cast, *TAG, on="in_state", args={"state": "pending", "hours": 24})
    cast.later(hours=30)
    assert [line["ticket"] for line in attempt(cast, row).lines] == [ticket.pk]


def test_a_dry_run_stops_where_it_must_and_says_how_far_it_looked(cast, monkeypatch):
    monkeypatch.setattr(trying, "MOST_CHANCES", 2)
    instants = []
    for _ in range(4):
        cast.ticket()
        instants.append(cast.at)
        cast.later(hours=1)
    row = make_off(cast)
    run = attempt(cast, row)
    assert (run.looked_at, run.is_whole_week, run.looked_from) == (2, False, instants[2])
    monkeypatch.setattr(trying, "MOST_CHANCES", 100)
    whole = attempt(cast, row)
    assert (whole.looked_at, whole.is_whole_week) == (4, True)
    monkeypatch.setattr(trying, "MOST_SECONDS", -1.0)
    assert attempt(cast, row).looked_at == 0


def test_what_is_older_than_a_week_is_not_looked_at(cast):
    cast.ticket()
    cast.later(days=7, minutes=1)
    assert attempt(cast, make_off(cast)).looked_at == 0


def test_a_dry_run_shows_nothing_of_tickets_out_of_sight(cast):
    hidden = cast.ticket(queue=cast.restricted)
    left = cast.ticket(queue=cast.restricted)
    transfer_ticket(ticket_id=left.pk, queue_id=cast.support.pk, reason="", by=cast.actor(cast.lin), at=cast.later(minutes=1))
    row = make_off(cast, who=cast.ana)
    assert attempt(cast, row, who=cast.ana).matched == 0
    seen = attempt(cast, row, who=cast.lin)
    assert {line["ticket"] for line in seen.lines} == {hidden.pk, left.pk}


def test_its_lines_hold_no_personal_text(cast):
    cast.ticket()
    row = make_off(cast, Call("reply", {"body": "Hello {{requester.name}}"}), Call("note", {"body": "From {{requester.team}}"}))
    line = attempt(cast, row).lines[0]
    assert line["changes"] == ["Reply: “Hello {{requester.name}}”"]
    assert "{{requester.team}}" in line["refused"][0]
    assert "Ravi" not in str(line)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_dry_run_costs_the_same_queries_for_many_tickets(cast, assert_queries, count):
    for _ in range(count):
        cast.ticket()
    row, lin = make_off(cast, *URGENT, when=[("market", "is", "IN")]), cast.actor(cast.lin)
    with assert_queries(13):
        run = try_automation(automation_id=row.pk, by=lin, at=cast.later(minutes=1))
    assert run.matched == count
    assert newest_dry_run(AutomationVersion.objects.get()) == run


def test_two_leads_publishing_at_once_are_told_and_the_same_again_publishes_nothing(cast):
    row, lin, ana = make_off(cast), cast.actor(cast.lin), cast.actor(cast.ana)
    change_automation(automation_id=row.pk, name="Try", content=content(*TAG), seen_version=1, by=lin, at=cast.at)
    with pytest.raises(Conflict):
        change_automation(automation_id=row.pk, name="Try", content=content(), seen_version=1, by=ana, at=cast.at)
    same = change_automation(automation_id=row.pk, name="Renamed", content=content(*TAG), seen_version=2, by=ana, at=cast.at)
    assert same.version == 2
    assert Automation.objects.get().name == "Renamed"


def test_a_version_stands_for_good(cast):
    from django.db import ProgrammingError, transaction

    make_off(cast)
    for forbidden in (lambda: AutomationVersion.objects.update(calls=[]), lambda: AutomationVersion.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="stands for good"), transaction.atomic():
            forbidden()


def test_they_are_put_in_order_and_away(cast, make):
    first, second = make("First"), make("Second")
    lin = cast.actor(cast.lin)
    move_automation(automation_id=second.pk, down=False, by=lin, at=cast.at)
    assert list(Automation.objects.order_by("position").values_list("name", flat=True)) == ["Second", "First"]
    put_away_automation(automation_id=first.pk, is_active=False, by=lin, at=cast.later(minutes=1))
    assert state_of(first) == (None, "")
    with pytest.raises(Invalid, match="put away"):
        switch_on(automation_id=first.pk, version=1, by=lin, at=cast.at)
    put_away_automation(automation_id=first.pk, is_active=True, by=lin, at=cast.at)
    assert switch_on(automation_id=first.pk, version=1, by=lin, at=cast.at + timedelta(minutes=1)).running_version == 1
