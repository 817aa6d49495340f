"""B13: a ticket is snoozed to a time, to the next shift, or until the requester replies; it returns on top with the reason."""

from datetime import timedelta

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import assign_ticket, get_next
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.replies import reply
from steward.desk.actions.snoozing import accept_return, snooze_ticket, unsnooze_ticket
from steward.desk.actions.timing import fold_counts, sweep_timers
from steward.desk.facts.work import SnoozeEnded, TicketSnoozed
from steward.desk.models import Snooze, Ticket, Timer
from steward.desk.queries.access import queues_in_sight
from steward.desk.queries.verification import problems
from steward.desk.rules.states import State
from steward.desk.rules.views import BUILT_IN
from steward.roster.actions import add_shift, cancel_shift, change_shift
from tests.cast import SETUP
from tests.desk.conftest import at_once, facts, listing, settle, view_counts

TIME, SHIFT, REPLY = Snooze.Until.TIME, Snooze.Until.SHIFT, Snooze.Until.REPLY


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(request):
    used = {"cast", "fresh_cast"} & set(request.fixturenames)
    for name in used:
        request.getfixturevalue(name)
    yield
    assert list(problems()) == []


def owned(cast, who=None, **values):
    ticket = cast.ticket(**values)
    assign_ticket(ticket_id=ticket.pk, to=who or cast.ada, by=cast.actor(cast.lin), at=cast.at)
    return ticket


def snooze(cast, ticket, until=TIME, who=None, **delta):
    until_at = cast.at + timedelta(**(delta or {"hours": 2})) if until == TIME else None
    return snooze_ticket(ticket_id=ticket.pk, until=until, until_at=until_at, by=cast.actor(who or cast.ada), at=cast.at)


def snoozing(ticket):
    return Ticket.objects.get(pk=ticket.pk).snoozing


def ended_as(ticket):
    return [fact.ended_as for fact in facts(ticket, SnoozeEnded)]


def view(cast, key, who=None):
    user = who or cast.ada
    wanted = next(one.text for one in BUILT_IN if one.key == key)
    return [row.id for row in listing(wanted, queues=queues_in_sight(cast.actor(user)), user_id=user.pk).rows]


def shift(cast, who, *, after_hours, hours=8):
    starts_at = cast.at + timedelta(hours=after_hours)
    return add_shift(user=who, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), by=SETUP, at=cast.at)


def test_it_leaves_the_working_lists_for_a_list_of_its_own_and_the_counters_follow(cast):
    ticket, other = owned(cast), owned(cast)
    snooze(cast, ticket)
    for key in ("mine", "open"):
        assert view(cast, key) == [other.pk]
    assert view(cast, "snoozed") == [ticket.pk]
    assert ticket.pk in view(cast, "all")
    for _fold in range(2):
        found = view_counts(queues=queues_in_sight(cast.actor(cast.ada)), user_id=cast.ada.pk)
        assert (found.views["mine"], found.views["snoozed"], found.queues[cast.support.pk]) == (1, 1, 1)
        fold_counts()


def test_when_the_time_comes_it_is_back_with_the_reason(cast):
    ticket = owned(cast)
    until_at = snooze(cast, ticket, hours=2).until_at
    assert sweep_timers(at=cast.later(minutes=119)) == 0
    assert snoozing(ticket) == "asleep"
    assert sweep_timers(at=cast.later(minutes=1)) == 1
    assert snoozing(ticket) == "back"
    assert view(cast, "mine") == [ticket.pk]
    ended = facts(ticket, SnoozeEnded)[0]
    assert (ended.ended_as, ended.until, ended.until_at) == ("time", "time", until_at)
    assert sweep_timers(at=cast.later(hours=1)) == 0


def test_a_reply_of_the_requester_wakes_it_early_and_the_timer_stays_silent(cast):
    ticket = owned(cast)
    change_status(ticket_id=ticket.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.at)
    snooze(cast, ticket, days=2)
    receive_message(ticket_id=ticket.pk, body="Still empty.", by=cast.actor(cast.ravi), at=cast.later(hours=1))
    assert snoozing(ticket) == "back"
    assert ended_as(ticket) == ["reply"]
    assert sweep_timers(at=cast.later(days=3)) == 0


def test_until_the_reply_no_time_wakes_it(cast):
    ticket = owned(cast)
    assert snooze(cast, ticket, REPLY).until_at is None
    assert sweep_timers(at=cast.later(days=300)) == 0
    assert snoozing(ticket) == "asleep"
    receive_message(ticket_id=ticket.pk, body="Here it is.", by=cast.actor(cast.ravi), at=cast.at)
    assert snoozing(ticket) == "back"


def test_until_the_next_shift_means_the_one_after_this_and_follows_the_roster(cast):
    cast.on_shift(cast.ada, hours=6)
    ticket = owned(cast)
    with pytest.raises(Invalid, match="No later shift"):
        snooze(cast, ticket, SHIFT)
    later = shift(cast, cast.ada, after_hours=24)
    assert snooze(cast, ticket, SHIFT).until_at == later.starts_at
    settle()
    moved = later.starts_at - timedelta(hours=3)
    change_shift(shift_id=later.pk, changes={"starts_at": moved}, by=SETUP, at=cast.later(minutes=5))
    settle()
    assert Timer.objects.get(ticket=ticket, kind="wake").due_at == moved
    cancel_shift(shift_id=later.pk, by=SETUP, at=cast.later(minutes=5))
    settle()
    assert Timer.objects.get(ticket=ticket, kind="wake").due_at == moved, "with no shift planned it keeps its instant"
    sweep_timers(at=moved)
    assert snoozing(ticket) == "back"


def test_the_mark_goes_when_somebody_acts_or_says_that_it_was_seen(cast):
    ada = cast.actor(cast.ada)
    acts = (
        lambda ticket: reply(ticket_id=ticket.pk, body="On it.", by=ada, at=cast.at),
        lambda ticket: change_status(ticket_id=ticket.pk, state=State.PENDING, by=ada, at=cast.at),
        lambda ticket: solve_ticket(ticket_id=ticket.pk, by=ada, at=cast.at),
        lambda ticket: assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=ada, at=cast.at),
        lambda ticket: accept_return(ticket_id=ticket.pk, by=ada, at=cast.at),
    )
    for act in acts:
        ticket = owned(cast)
        snooze(cast, ticket, hours=1)
        sweep_timers(at=cast.later(hours=1))
        assert snoozing(ticket) == "back"
        act(ticket)
        assert snoozing(ticket) == ""
    accept_return(ticket_id=ticket.pk, by=ada, at=cast.at)


def test_another_owner_or_an_end_wakes_it_without_ado(cast):
    lin = cast.actor(cast.lin)
    given, back, solved = owned(cast), owned(cast), owned(cast)
    for ticket in (given, back, solved):
        snooze(cast, ticket)
    assign_ticket(ticket_id=given.pk, to=cast.ben, by=lin, at=cast.at)
    assign_ticket(ticket_id=back.pk, to=None, by=lin, at=cast.at)
    solve_ticket(ticket_id=solved.pk, by=lin, at=cast.at)
    assert [snoozing(ticket) for ticket in (given, back, solved)] == ["", "", ""]
    assert [ended_as(ticket) for ticket in (given, back, solved)] == [["moved"], ["moved"], ["over"]]
    assert not Timer.objects.filter(kind="wake", done_at=None, cancelled_at=None).exists()


def test_it_is_reversible_and_a_later_choice_counts(cast):
    ticket = owned(cast)
    first = snooze(cast, ticket, hours=1)
    assert snooze(cast, ticket, hours=1).pk == first.pk, "a double click is once"
    second = snooze(cast, ticket, hours=5)
    assert [fact.until_at for fact in facts(ticket, TicketSnoozed)] == [first.until_at, second.until_at]
    assert sweep_timers(at=cast.at + timedelta(hours=2)) == 0
    unsnooze_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    unsnooze_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    assert snoozing(ticket) == ""
    assert ended_as(ticket) == ["by_hand", "by_hand"]


def test_what_nobody_owns_becomes_the_snoozers_so_that_no_queue_loses_it(cast):
    cast.on_shift(cast.ben)
    ticket = cast.ticket()
    snooze(cast, ticket)
    assert Ticket.objects.get(pk=ticket.pk).assignee_id == cast.ada.pk
    assert get_next(by=cast.actor(cast.ben), at=cast.at) is None
    with pytest.raises(Invalid, match="Nobody owns"):
        snooze_ticket(ticket_id=cast.ticket().pk, until=REPLY, by=SETUP, at=cast.at)


def test_only_the_owner_and_those_who_assign_others_put_it_out_of_sight(cast):
    ticket = owned(cast)
    for who in (cast.ben, cast.ana):
        with pytest.raises(NotAllowed):
            snooze(cast, ticket, who=who)
    snooze(cast, ticket, who=cast.lin)
    with pytest.raises(NotAllowed):
        unsnooze_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ben), at=cast.at)
    for who in (cast.eno, cast.ravi):
        with pytest.raises((NotFound, NotAllowed)):
            snooze(cast, ticket, who=who)
    hidden = cast.ticket(queue=cast.restricted)
    with pytest.raises(NotFound):
        snooze(cast, hidden)


def test_times_that_cannot_be_are_refused_in_words(cast):
    ticket = owned(cast)
    for delta, said in (({"minutes": 0}, "has passed"), ({"hours": -1}, "has passed"), ({"days": 400}, "a year at most")):
        with pytest.raises(Invalid, match=said):
            snooze(cast, ticket, TIME, **delta)
    with pytest.raises(Invalid, match="Until when"):
        snooze_ticket(ticket_id=ticket.pk, until="never", by=cast.actor(cast.ada), at=cast.at)
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(Invalid, match="being worked"):
        snooze(cast, ticket)


def test_a_reply_and_the_sweep_at_the_same_moment_wake_it_once(fresh_cast):
    cast = fresh_cast
    ticket = owned(cast)
    snooze(cast, ticket, hours=1)
    at, ravi = cast.later(hours=1), cast.actor(cast.ravi)
    results = at_once(
        lambda: sweep_timers(at=at),
        lambda: receive_message(ticket_id=ticket.pk, body="Any news?", by=ravi, at=at),
        lambda: sweep_timers(at=at),
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert snoozing(ticket) == "back"
    assert len(ended_as(ticket)) == 1


def test_two_who_snooze_at_once_leave_one_snooze(fresh_cast):
    cast = fresh_cast
    ticket = owned(cast)
    lin, ada = cast.actor(cast.lin), cast.actor(cast.ada)
    results = at_once(
        *(
            lambda by=by, hours=hours: snooze_ticket(
                ticket_id=ticket.pk, until=TIME, until_at=cast.at + timedelta(hours=hours), by=by, at=cast.at
            )
            for by, hours in ((ada, 1), (lin, 2))
        )
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Snooze.objects.filter(ticket=ticket, ended_at=None).count() == 1
    assert Timer.objects.filter(ticket=ticket, kind="wake", done_at=None, cancelled_at=None).count() == 1
