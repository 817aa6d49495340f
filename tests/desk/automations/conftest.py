"""Short ways to make automations and let the ledger be heard, in the test's own transaction."""

import pytest

from steward.desk.actions.automations.making import Content, create_automation, switch_on
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Automation, AutomationRun
from steward.desk.queries.automations import newest_version
from steward.desk.queries.verification import problems
from steward.desk.rules.conditions import Condition, Operator
from steward.ledger.models import Event
from steward.ledger.subscriptions import subscribers

URGENT = (Call("priority", {"priority": "1"}),)
TAG = (Call("add_tag", {"tag": "vip"}),)


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(request):
    used = {"cast", "fresh_cast"} & set(request.fixturenames)
    for name in used:
        request.getfixturevalue(name)
    yield
    if used:
        assert list(problems()) == []


def content(*calls, on="opened", args=None, when=(), either=()):
    whens = [When(name, args or {}) for name in ((on,) if isinstance(on, str) else on)]
    return Content(
        whens=whens,
        calls=calls or URGENT,
        conditions=[Condition(field, Operator(operator), value) for field, operator, value in when],
        any_conditions=[Condition(field, Operator(operator), value) for field, operator, value in either],
    )


@pytest.fixture
def make(cast):
    """Make an automation, try it and switch it on as Lin."""

    def make(name="VIP first", *calls, who=None, on_it=True, **more):
        by = cast.actor(who or cast.lin)
        row = create_automation(name=name, content=content(*calls, **more), by=by, at=cast.at)
        if on_it:
            try_automation(automation_id=row.pk, by=by, at=cast.at)
            row = switch_on(automation_id=row.pk, version=newest_version(row.pk).version, by=by, at=cast.at)
        return row

    return make


def heard(after=0):
    """Let automations hear every event after one, also those that come of it; give the last event's id."""
    handlers = subscribers()["desk.automations"].handlers
    for _round in range(60):
        event = Event.objects.filter(id__gt=after).order_by("id").first()
        if event is None:
            return after
        after = event.id
        if event.kind in handlers:
            handlers[event.kind](event, event.fact)
        if _round == 59:
            # One event a round: go on until quiet, with a bound that a loop would break.
            rest = list(Event.objects.filter(id__gt=after).order_by("id")[:2_000])
            for one in rest:
                after = one.id
                if one.kind in handlers:
                    handlers[one.kind](one, one.fact)
            assert not Event.objects.filter(id__gt=after).exists(), "the automations go on and on"
    return after


def mark():
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def runs(row):
    return list(AutomationRun.objects.filter(automation=row).order_by("id").values_list("ticket_id", "outcome"))


def state_of(row):
    found = Automation.objects.get(pk=row.pk)
    return found.running_version, found.parked_why
