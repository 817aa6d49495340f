"""What promises set off: automations before a promise is due, in the week looked at and from now on alike."""

from datetime import timedelta

from steward.desk.actions.automations.making import Content, create_automation, switch_on
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.automations.sweeping import sweep_automations
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.replies import reply
from steward.desk.actions.verbs.registry import Call
from steward.sla.actions.sweeping import sweep as sweep_clocks

NOTE = Call("note", {"body": "Hurry."})


def make(cast, name="due_in", args=None):
    lin = cast.actor(cast.lin)
    content = Content(whens=[When(name, args or {})], calls=[NOTE])
    row = create_automation(name=f"Hurry {name}", content=content, by=lin, at=cast.at)
    run = try_automation(automation_id=row.pk, by=lin, at=cast.at)
    switch_on(automation_id=row.pk, version=1, by=lin, at=cast.at)
    return run


def hurried(ticket):
    from tests.desk.conftest import bodies

    return bodies(ticket).count("Hurry.")


def test_half_an_hour_before_a_promise_is_due_it_acts_once(fresh_desk):
    desk = fresh_desk
    make(desk.cast, args={"minutes": 30})
    ticket, answered = desk.cast.ticket(), desk.cast.ticket()
    opened = desk.cast.at
    desk.settle()
    reply(ticket_id=answered.pk, body="Hello", by=desk.cast.actor(desk.cast.ada), at=desk.cast.later(minutes=5))
    desk.settle()
    sweep_automations(at=opened + timedelta(hours=3, minutes=29))
    assert (hurried(ticket), hurried(answered)) == (0, 0)
    for minute in (31, 32, 33):
        sweep_automations(at=opened + timedelta(hours=3, minutes=minute))
    assert (hurried(ticket), hurried(answered)) == (1, 0)


def test_a_promise_shorter_than_the_span_has_its_occasion_at_once(fresh_desk):
    desk = fresh_desk
    make(desk.cast, args={"minutes": 300})
    desk.cast.later(minutes=1)
    ticket = desk.cast.ticket()
    desk.settle()
    sweep_automations(at=desk.cast.at + timedelta(minutes=1))
    assert hurried(ticket) == 1


def test_a_dry_run_finds_the_same_in_the_week_that_was(fresh_desk):
    desk = fresh_desk
    ticket, answered = desk.cast.ticket(), desk.cast.ticket()
    desk.settle()
    reply(ticket_id=answered.pk, body="Hello", by=desk.cast.actor(desk.cast.ada), at=desk.cast.later(minutes=5))
    desk.settle()
    desk.cast.later(hours=5)
    run = make(desk.cast, args={"minutes": 30})
    assert [line["ticket"] for line in run.lines] == [ticket.pk]


def test_a_clock_that_runs_out_is_an_occasion(fresh_desk):
    desk = fresh_desk
    make(desk.cast, "clock_breached")
    ticket = desk.cast.ticket()
    desk.settle()
    sweep_clocks(at=desk.cast.later(hours=4, minutes=1))
    desk.settle()
    assert hurried(ticket) == 1
