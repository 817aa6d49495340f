"""The pages of macros and automations ask the same few questions of the database, however many steps, rows and versions they show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.automations.making import Content, change_automation, create_automation
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.macros import change_macro, create_macro
from steward.desk.actions.settings import change_queue, create_category, create_queue
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.looking_up import looked_up
from steward.desk.actions.verbs.registry import Call, prepared
from steward.desk.models import Macro, Status
from steward.desk.rules.conditions import Condition, Operator
from steward.people.actions import deactivate_user
from tests.cast import SETUP, user
from tests.web.ticket.acting import as_, text_of

MANY = 6


def alike(cast, number):
    """Give so many steps of each kind, each with a queue, a person, a category and a label of its own."""
    steps = []
    for one in range(number):
        queue = create_queue(values={"name": f"Queue {one}"}, by=SETUP, at=cast.at)
        category = create_category(values={"name": f"Category {one}"}, by=SETUP, at=cast.at)
        field = create_field(values={"name": f"Field {one}", "kind": "text"}, by=SETUP, at=cast.at)
        status = Status.objects.filter(is_active=True).exclude(state__in=["new", "on_hold", "closed"]).order_by("id")[one % 3]
        steps += [
            [Call("transfer", {"queue": str(queue.pk), "reason": ""})],
            [Call("assign", {"to": str(user(f"Person {one}".replace(" ", ""), "agent").pk)})],
            [Call("category", {"category": str(category.pk)})],
            [Call("add_tag", {"tag": f"label-{one}"})],
            [Call("field", {"field": str(field.pk), "value": "x"})],
            [Call("status", {"status": str(status.pk), "reason": "", "why": ""})],
        ]
    return [call for step in steps for call in step]


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    assert page.status_code == 200
    return len(asked), text_of(page)


def macro(cast, calls, name="Many"):
    return create_macro(about=About(name, scope="all"), calls=calls, by=cast.actor(cast.lin), at=cast.at)


def automation(cast, calls, name="Rule", conditions=()):
    content = Content(whens=[When("opened", {})], calls=calls, conditions=list(conditions))
    return create_automation(name=name, content=content, by=cast.actor(cast.lin), at=cast.at)


@pytest.mark.parametrize("kind", range(6))
def test_a_macro_costs_the_same_with_one_step_three_and_many(cast, kind):
    calls = alike(cast, MANY)[kind::6]
    lin, told = as_(cast.lin), set()
    for number in (1, 3, MANY):
        made = macro(cast, calls[:number], name=f"With {number}")
        told.add(counted(lin, f"/settings/macros/{made.pk}/")[0])
    assert len(told) == 1


def test_a_macro_costs_the_same_with_one_version_three_and_many(cast):
    calls = alike(cast, 3)
    made, lin = macro(cast, calls), as_(cast.lin)
    told = []
    for version in range(1, 10):
        if version in {1, 3, 9}:
            told.append(counted(lin, f"/settings/macros/{made.pk}/")[0])
        change_macro(
            macro_id=made.pk, about=About("Many", scope="all"), calls=calls[version % 3 :], by=cast.actor(cast.lin), at=cast.at
        )
    # The first has a line in its history that names nobody but its maker; from then on versions are told of alike.
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("kind", range(6))
def test_an_automation_costs_the_same_with_one_step_three_and_many(cast, kind):
    calls = alike(cast, MANY)[kind::6]
    lin, told = as_(cast.lin), set()
    for number in (1, 3, MANY):
        conditions = [Condition("queue", Operator("is"), str(cast.support.pk)) for _one in range(number)]
        made = automation(cast, calls[:number], name=f"With {number}", conditions=conditions)
        told.add(counted(lin, f"/settings/automations/{made.pk}/")[0])
    assert len(told) == 1


def test_the_lists_cost_the_same_with_one_row_three_and_many(cast):
    calls, lin = alike(cast, 3), as_(cast.lin)
    told = {"macros": set(), "automations": set()}
    for number in range(1, 10):
        macro(cast, calls, name=f"Macro {number}")
        automation(cast, calls, name=f"Rule {number}", conditions=[Condition("owner", Operator("is"), str(cast.ada.pk))])
        if number in {1, 3, 9}:
            for kind, seen in told.items():
                count, page = counted(lin, f"/settings/{kind}/")
                assert (f"Macro {number}" if kind == "macros" else f"Rule {number}") in page
                seen.add(count)
    assert {kind: len(seen) for kind, seen in told.items()} == {"macros": 1, "automations": 1}


def test_an_automation_costs_the_same_with_one_version_three_and_many(cast):
    calls = alike(cast, 3)
    made, lin = automation(cast, calls), as_(cast.lin)
    told = []
    for version in range(1, 10):
        if version in {1, 3, 9}:
            told.append(counted(lin, f"/settings/automations/{made.pk}/")[0])
        content = Content(whens=[When("opened", {})], calls=calls[version % 3 :], conditions=[])
        change_automation(
            automation_id=made.pk, name="Rule", content=content, seen_version=version, by=cast.actor(cast.lin), at=cast.at
        )
    assert told[0] == told[1] == told[2]


def test_what_is_looked_up_at_once_says_the_same_as_one_by_one_also_of_what_is_gone(cast):
    calls = alike(cast, 3)
    queue, gone = calls[0].args["queue"], calls[1].args["to"]
    change_queue(queue_id=int(queue), values={"is_active": False}, by=SETUP, at=cast.at)
    deactivate_user(user_id=int(gone), by=SETUP, at=cast.at)
    calls += [
        Call("assign", {"to": "me"}),
        Call("assign", {"to": "nobody"}),
        Call("assign", {"to": "99999999"}),
        Call("category", {"category": "none"}),
        Call("add_tag", {"tag": "#Never-used"}),
        Call("status", {"status": "no number", "reason": "", "why": ""}),
        Call("no_such_verb", {}),
    ]

    def said():
        from steward.web.settings.macros import words_of

        return [words_of(call) for call in calls]

    one_by_one = said()
    with looked_up(calls):
        assert said() == one_by_one
    assert "closed" in one_by_one[0]
    assert "no longer works here" in one_by_one[1]
    assert prepared(calls[3]).words()
    assert not Macro.objects.exists()
