"""Automations under the real follower: position and effect commit together, exactly once."""

from contextlib import suppress

from steward.desk.actions.automations.making import create_automation, switch_on
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.intake import receive_message
from steward.desk.actions.verbs.registry import Call
from steward.ledger.actions import following
from steward.ledger.actions.following import Horizon, enroll, follow, settle
from steward.ledger.models import ParkedStream
from tests.desk.automations.conftest import content, runs
from tests.desk.conftest import at_once, bodies

NOTE = Call("note", {"body": "Seen."})


def switched_on(cast, *calls, **more):
    lin = cast.actor(cast.lin)
    row = create_automation(name="Seen", content=content(*calls, **more), by=lin, at=cast.at)
    try_automation(automation_id=row.pk, by=lin, at=cast.at)
    return switch_on(automation_id=row.pk, version=1, by=lin, at=cast.at)


def test_two_workers_at_once_act_once(fresh_cast):
    cast = fresh_cast
    row = switched_on(cast, NOTE, on="requester_wrote")
    ticket = cast.ticket()
    for number in range(5):
        receive_message(ticket_id=ticket.pk, body=f"m{number}", by=cast.actor(cast.ravi), at=cast.later(minutes=20))
    results = at_once(settle, settle, settle)
    assert all(isinstance(one, int) for one in results), results
    assert bodies(ticket).count("Seen.") == 6
    assert len(runs(row)) == 6
    assert not ParkedStream.objects.exists()


def test_a_worker_killed_before_its_commit_leaves_nothing_and_the_next_does_it(fresh_cast, monkeypatch):
    cast = fresh_cast
    switched_on(cast, NOTE)
    settle()
    ticket = cast.ticket()
    enroll()
    horizon = Horizon()
    for _ in range(50):
        upto = horizon.advance()
    real = following._deliver_all

    def killed(*args):
        real(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(following, "_deliver_all", killed)
    with suppress(KeyboardInterrupt):
        follow("desk.automations", upto=upto)
    assert "Seen." not in bodies(ticket)
    monkeypatch.setattr(following, "_deliver_all", real)
    settle()
    assert bodies(ticket).count("Seen.") == 1
