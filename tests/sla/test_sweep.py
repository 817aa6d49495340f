"""The sweep: late, twice at once, killed half-way, and never fooled by an answer still on its way."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from steward.core.errors import Invalid
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.replies import reply
from steward.desk.models import Ticket
from steward.desk.queries.access import leads_of
from steward.desk.rules.states import State
from steward.ledger.actions.following import settle
from steward.ledger.models import Event, ParkedStream
from steward.people.actions import deactivate_user, set_notice_rule
from steward.people.models import Notice
from steward.people.queries import bell_of
from steward.roster.models import Shift
from steward.sla.actions import Swept, sweep
from steward.sla.actions import sweeping as sweeping_module
from steward.sla.models import Clock
from steward.sla.queries.checks import verify_problems
from tests.cast import NOW, user


def after(**delta):
    return NOW + timedelta(**delta)


def opened(desk, **values):
    ticket = desk.cast.ticket(**values)
    desk.settle()
    return ticket


def notices():
    told = Notice.objects.filter(kind__startswith="clock_").select_related("user").order_by("id")
    return [(n.user.name, n.kind, n.ticket_id) for n in told]


@pytest.mark.django_db
class TestTelling:
    def test_a_clock_is_warned_of_and_then_breached_each_once(self, desk):
        ticket = opened(desk)
        clock = desk.clock(ticket, "first_response")
        assert sweep(at=after(hours=3) - timedelta(seconds=1)).warned == ()
        assert sweep(at=after(hours=3)).warned == (clock.pk,)
        assert sweep(at=after(hours=3, minutes=1)).warned == ()
        assert sweep(at=after(hours=4) - timedelta(microseconds=1)).breached == ()
        assert sweep(at=after(hours=4)).breached == (clock.pk,)
        assert sweep(at=after(hours=5)).breached == ()
        desk.settle()
        assert desk.told(ticket, kind="first_response") == ["started", "warned", "breached"]
        assert desk.clock(ticket, "first_response").breached_at == after(hours=4)

    def test_a_sweep_three_hours_late_tells_when_it_broke_and_warns_no_more(self, desk):
        ticket = opened(desk)
        swept = sweep(at=after(hours=7))
        clock = desk.clock(ticket, "first_response")
        assert (swept.warned, swept.breached) == ((), (clock.pk,))
        event = Event.objects.get(kind="sla.clock_breached")
        assert event.fact.due_at == clock.breached_at == after(hours=4)
        assert event.occurred_at == after(hours=7)
        assert Ticket.objects.get(pk=ticket.pk).due_at == after(hours=4)

    def test_a_paused_clock_is_never_broken(self, desk):
        ticket = opened(desk)
        reply(ticket_id=ticket.pk, body="One moment.", then=State.PENDING, by=desk.cast.actor(desk.cast.ada), at=after(hours=1))
        desk.settle()
        assert sweep(at=after(days=30)).breached == ()

    def test_an_answer_the_clocks_have_not_heard_of_yet_is_waited_for(self, desk):
        ticket = opened(desk)
        reply(ticket_id=ticket.pk, body="In time.", by=desk.cast.actor(desk.cast.ada), at=after(hours=1))
        assert sweep(at=after(hours=5)).breached == ()
        settle()
        assert desk.clock(ticket, "first_response").state == "met"
        assert sweep(at=after(hours=5)).breached == ()

    def test_a_parked_ticket_is_left_alone_and_the_others_are_told_of(self, desk):
        parked, other = opened(desk), opened(desk)
        ParkedStream.objects.create(
            subscriber="sla.clocks", stream=f"ticket:{parked.pk}", event_id=1, error="broken", parked_at=NOW
        )
        assert sweep(at=after(hours=5)).breached == (desk.clock(other, "first_response").pk,)

    def test_chunks_reach_every_clock_whatever_is_passed_over(self, desk):
        tickets = [opened(desk) for _n in range(5)]
        reply(ticket_id=tickets[1].pk, body="In time.", by=desk.cast.actor(desk.cast.ada), at=after(hours=1))
        assert len(sweep(at=after(hours=30), chunk=2).breached) == 8
        assert sweep(at=after(hours=30), chunk=2).breached == ()
        settle()
        assert len(sweep(at=after(hours=30), chunk=2).breached) == 1
        assert list(verify_problems()) == []


@pytest.mark.django_db
class TestNotices:
    def test_the_owner_is_told_on_shift_or_off(self, desk):
        ticket = opened(desk)
        assign_ticket(ticket_id=ticket.pk, to=desk.cast.ben, by=desk.cast.actor(desk.cast.lin), at=NOW)
        desk.settle()
        desk.cast.on_shift(desk.cast.ada)
        sweep(at=after(hours=3))
        sweep(at=after(hours=4))
        assert notices() == [("Ben", "clock_warned", ticket.pk), ("Ben", "clock_breached", ticket.pk)]
        data = Notice.objects.latest("id").data
        assert (data["clock_kind"], data["due_at"]) == ("first_response", after(hours=4).isoformat())

    def test_without_an_owner_the_agents_of_the_team_on_duty_are_told(self, desk):
        ticket = opened(desk)
        desk.cast.on_shift(desk.cast.ada, desk.cast.ben, desk.cast.eno)
        Shift.objects.filter(user=desk.cast.ben).update(ends_at=after(hours=2))
        sweep(at=after(hours=4))
        assert notices() == [("Ada", "clock_breached", ticket.pk)]

    def test_with_nobody_on_duty_a_warning_waits_and_a_breach_reaches_the_leads_of_the_team(self, desk):
        ticket = opened(desk)
        other = user("Lea", "lead")
        desk.cast.on_shift(desk.cast.lin, hours=1)
        sweep(at=after(hours=3))
        assert notices() == []
        assert len(sweep(at=after(hours=4)).breached) == 1
        assert notices() == [("Lin", "clock_unattended", ticket.pk)]
        told = Notice.objects.get(kind="clock_unattended")
        assert (told.quiet, told.loud) == (False, True), "off shift as Lin is"
        assert bell_of(desk.cast.lin.pk, visible_queue_ids=[ticket.queue_id]).unread == 1
        assert not Notice.objects.filter(user=other).exists()

    def test_a_team_without_leads_leaves_it_to_the_leads_of_others_and_then_to_whoever_may_see_it(self, desk):
        cast = desk.cast
        assert leads_of(cast.engineering) == [cast.lin.pk]
        deactivate_user(user_id=cast.lin.pk, by=cast.actor(cast.ana), at=NOW)
        assert leads_of(cast.engineering) == sorted([cast.ada.pk, cast.ben.pk, cast.eno.pk, cast.ana.pk])
        assert leads_of(cast.restricted) == []

    def test_nobody_can_switch_it_off(self, desk):
        with pytest.raises(Invalid):
            set_notice_rule(kind="clock_unattended", how="off", by=desk.cast.actor(desk.cast.lin), at=NOW)

    def test_a_breach_whose_owner_is_off_shift_is_also_told_to_those_on_duty(self, desk):
        ticket = opened(desk)
        desk.cast.on_shift(desk.cast.ben, hours=2)
        desk.cast.on_shift(desk.cast.ada, hours=12)
        assign_ticket(ticket_id=ticket.pk, to=desk.cast.ben, by=desk.cast.actor(desk.cast.lin), at=NOW)
        desk.settle()
        sweep(at=after(hours=4))
        assert notices() == [("Ada", "clock_breached", ticket.pk), ("Ben", "clock_breached", ticket.pk)]
        assert Notice.objects.get(kind="clock_breached", user=desk.cast.ben).quiet

    def test_only_those_named_hear_of_a_restricted_ticket(self, desk):
        ticket = opened(desk)
        transfer_ticket(ticket_id=ticket.pk, queue_id=desk.cast.restricted.pk, reason="", by=desk.cast.actor(desk.cast.lin), at=NOW)
        desk.settle()
        desk.cast.on_shift(desk.cast.ada, desk.cast.lin)
        sweep(at=after(hours=4))
        assert notices() == [("Lin", "clock_breached", ticket.pk)]


class TestCommitted:
    def test_two_sweeps_at_once_tell_of_each_clock_once(self, fresh_desk):
        desk = fresh_desk
        desk.cast.on_shift(desk.cast.ada, desk.cast.ben, hours=48)
        for _n in range(12):
            desk.cast.ticket()
        desk.settle()
        together = threading.Barrier(3)
        told: list[int] = []

        def run():
            together.wait()
            told.extend(sweep(at=after(hours=30), chunk=3).breached)
            connection.close()

        threads = [threading.Thread(target=run) for _n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        told.extend(sweep(at=after(hours=30)).breached)
        assert len(told) == len(set(told)) == 24
        assert Event.objects.filter(kind="sla.clock_breached").count() == 24
        assert Notice.objects.filter(kind="clock_breached").count() == 48
        desk.settle()

    def test_a_sweep_that_dies_half_way_is_finished_by_the_next(self, fresh_desk, monkeypatch):
        desk = fresh_desk
        for _n in range(6):
            desk.cast.ticket()
        desk.settle()
        real, calls = sweeping_module._notify, []

        def die_in_the_second_chunk(told, **rest):
            calls.append(told)
            if len(calls) == 2:
                raise KeyboardInterrupt
            real(told, **rest)

        monkeypatch.setattr(sweeping_module, "_notify", die_in_the_second_chunk)
        with pytest.raises(KeyboardInterrupt):
            sweep(at=after(hours=30), chunk=4)
        monkeypatch.undo()
        assert Clock.objects.exclude(breached_at=None).count() == 4
        assert len(sweep(at=after(hours=30), chunk=4).breached) == 8
        assert Event.objects.filter(kind="sla.clock_breached").count() == 12
        desk.settle()

    @pytest.mark.crash
    def test_a_sweep_killed_between_two_chunks_leaves_the_rest_to_the_next(self, fresh_desk):
        desk = fresh_desk
        for _n in range(6):
            desk.cast.ticket()
        desk.settle()
        connections.close_all()  # a child that inherits the socket would speak on it too
        child = os.fork()
        if child == 0:
            real, calls = sweeping_module._notify, []

            def die_in_the_second_chunk(told, **rest):
                calls.append(told)
                if len(calls) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                real(told, **rest)

            sweeping_module._notify = die_in_the_second_chunk
            sweep(at=after(hours=30), chunk=4)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        swept = sweep(at=after(hours=30), chunk=4)
        swept = Swept((), swept.breached + sweep(at=after(hours=30)).breached)
        assert len(swept.breached) == 8
        assert Event.objects.filter(kind="sla.clock_breached").count() == 12
        desk.settle()

    def test_a_ticket_being_answered_is_passed_over_and_found_met(self, fresh_desk):
        desk = fresh_desk
        ticket = desk.cast.ticket()
        desk.settle()
        writing, swept = threading.Event(), threading.Event()

        def answer():
            with transaction.atomic():
                by = desk.cast.actor(desk.cast.ada)
                reply(ticket_id=ticket.pk, body="Just in time.", by=by, at=after(hours=4) - timedelta(seconds=1))
                writing.set()
                swept.wait(timeout=30)
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        assert writing.wait(timeout=30)
        assert sweep(at=after(hours=4)).breached == ()
        swept.set()
        thread.join(timeout=30)
        assert sweep(at=after(hours=4)).breached == ()
        desk.settle()
        assert desk.clock(ticket, "first_response").state == "met"


@pytest.mark.django_db
class TestJob:
    def test_the_sweep_is_planned_every_ten_seconds_and_runs(self, desk):
        periodic = next(task for task in app.periodic_registry.periodic_tasks.values() if task.task.name == "sla.sweep")
        planned = periodic.croniter
        first, second = (planned.get_next(float) for _n in range(2))
        assert second - first == 10
        ticket = opened(desk)
        app.tasks["sla.sweep"](timestamp=0)
        # The story plays in the past, so by the job's own clock every promise in it is broken.
        assert desk.clock(ticket, "first_response").breached_at == after(hours=4)
