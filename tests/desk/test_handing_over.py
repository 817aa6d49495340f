"""The end of a shift: nothing urgent is left without a note, nothing is forgotten, and those who come after read it."""

from datetime import timedelta

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.handing_over import Leaving, NotesMissing, TicketsLeft, hand_over, read_handover
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.settings import change_queue
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.facts.ticket import TicketAssigned
from steward.desk.facts.work import HandoverGiven, TicketHandedOver
from steward.desk.models import HandedTicket, Handover, HandoverReading, Message, Snooze, Ticket
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.handovers import handover_seen_by, handovers_to_read, tickets_of
from steward.desk.rules.handover import KEPT, PARKED, PASSED, Left, default_choice, needs_note
from steward.desk.rules.states import State
from steward.ledger.models import Event
from steward.people.models import Notice
from steward.people.rules import Role
from steward.roster.actions import add_shift
from steward.roster.models import Shift
from tests.cast import NOW, SETUP, user
from tests.desk.conftest import at_once, facts, settle

Kind = HandedTicket.Choice


def given(cast, who=None, **values):
    ticket = cast.ticket(**values)
    assign_ticket(ticket_id=ticket.pk, to=who or cast.ada, by=cast.actor(cast.lin), at=cast.at)
    return ticket


def leave(ticket, choice=Kind.KEPT, note="", **values):
    return Leaving(ticket_id=ticket.pk, choice=choice, note=note, **values)


def hand(cast, *leaving, who=None, of=None, **values):
    who = who or cast.ada
    return hand_over(user_id=(of or who).pk, leaving=leaving, by=cast.actor(who), at=cast.at, **values)


def owner(ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee_id


def to_read(cast, who):
    actor = cast.actor(who)
    return handovers_to_read(actor, queue_ids=visible_queue_ids(actor), at=cast.at)


@pytest.fixture
def shifts(cast):
    """Put Ada on shift until the evening and again tomorrow, and Ben on the shift after hers."""
    cast.on_shift(cast.ada, hours=6)
    add_shift(user=cast.ada, starts_at=cast.at + timedelta(hours=23), ends_at=cast.at + timedelta(hours=31), by=SETUP, at=cast.at)
    add_shift(user=cast.ben, starts_at=cast.at + timedelta(hours=6), ends_at=cast.at + timedelta(hours=14), by=SETUP, at=cast.at)


@pytest.mark.parametrize(
    ("left", "chosen"),
    [
        (Left(3, "open"), KEPT),
        (Left(1, "open"), PASSED),
        (Left(1, "pending"), PASSED),
        (Left(3, "open", due_at=NOW + timedelta(hours=3)), PASSED),
        (Left(3, "open", due_at=NOW + timedelta(hours=30)), KEPT),
        (Left(3, "pending"), PARKED),
        (Left(3, "on_hold", due_at=NOW + timedelta(hours=30)), PARKED),
        (Left(1, "open", asleep=True), PARKED),
    ],
)
def test_what_is_proposed(left, chosen):
    assert default_choice(left, next_shift_at=NOW + timedelta(hours=20), at=NOW) == chosen


def test_without_a_later_shift_nothing_is_parked_until_it_and_a_day_decides():
    assert default_choice(Left(3, "pending"), next_shift_at=None, at=NOW) == KEPT
    assert default_choice(Left(3, "open", due_at=NOW + timedelta(hours=23)), next_shift_at=None, at=NOW) == PASSED
    assert [priority for priority in (1, 2, 3, 4) if needs_note(Left(priority, "open"))] == [1]


def test_every_ticket_is_kept_passed_or_parked_with_its_note_and_the_shift_ends(cast, shifts):
    kept, to_ben, back, parked, timed = (given(cast) for _n in range(5))
    until_at = cast.at + timedelta(hours=40)
    handover = hand(
        cast,
        leave(kept, note="I have the logs."),
        leave(to_ben, Kind.PASSED, "He waits for a call.", to_user_id=cast.ben.pk),
        leave(back, Kind.PASSED),
        leave(parked, Kind.PARKED),
        leave(timed, Kind.PARKED, until=Snooze.Until.TIME, until_at=until_at),
        note="Quiet day.",
    )
    assert [owner(ticket) for ticket in (kept, to_ben, back, parked, timed)] == [
        cast.ada.pk,
        cast.ben.pk,
        None,
        cast.ada.pk,
        cast.ada.pk,
    ]
    asleep = dict(Snooze.objects.filter(ended_at=None).values_list("ticket_id", "until_at"))
    assert asleep == {parked.pk: cast.at + timedelta(hours=23), timed.pk: until_at}
    assert facts(to_ben, TicketAssigned)[-1].how == facts(back, TicketAssigned)[-1].how == "handover"
    told = facts(to_ben, TicketHandedOver)[0]
    assert (told.choice, told.to_user_id, told.has_note) == ("passed", cast.ben.pk, True)
    assert facts(back, TicketHandedOver)[0].to_queue_id == cast.support.pk
    notes = Message.objects.filter(kind="note").order_by("ticket_id").values_list("ticket_id", "body")
    assert list(notes) == [(kept.pk, "I have the logs."), (to_ben.pk, "He waits for a call.")]
    whole = Event.objects.get(kind=HandoverGiven.kind).fact
    assert (whole.kept, whole.passed, whole.parked, whole.shift_id) == (1, 2, 2, handover.shift_id)
    assert Shift.objects.get(pk=handover.shift_id).ended_at == cast.at


def test_nobody_ends_a_shift_with_an_urgent_ticket_without_a_note(cast, shifts):
    urgent, calm = given(cast, priority=1), given(cast)
    for choice in (leave(urgent), leave(urgent, Kind.PASSED, "  "), leave(urgent, Kind.PARKED, "\u200b")):
        with pytest.raises(NotesMissing) as told:
            hand(cast, choice, leave(calm))
        assert told.value.ticket_ids == (urgent.pk,)
    assert not Handover.objects.exists()
    assert Shift.objects.filter(ended_at__isnull=False).count() == 0
    hand(cast, leave(urgent, note="Vendor called back, see ticket."), leave(calm))


def test_an_urgent_one_that_sleeps_needs_its_note_too(cast, shifts):
    urgent = given(cast, priority=1)
    snooze_ticket(ticket_id=urgent.pk, until="reply", by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotesMissing):
        hand(cast, leave(urgent, Kind.PARKED))
    hand(cast, leave(urgent, Kind.PARKED, "Asleep until he answers."))
    assert Snooze.objects.get().until == "reply", "what sleeps goes on sleeping as it was"


def test_what_came_meanwhile_is_not_forgotten_and_what_left_is_left_out(cast, shifts):
    first, second = given(cast), given(cast)
    came = given(cast)
    with pytest.raises(TicketsLeft) as told:
        hand(cast, leave(first), leave(second))
    assert told.value.ticket_ids == (came.pk,)
    solve_ticket(ticket_id=first.pk, by=cast.actor(cast.lin), at=cast.at)
    assign_ticket(ticket_id=second.pk, to=cast.lin, by=cast.actor(cast.lin), at=cast.at)
    handover = hand(cast, leave(first, Kind.PASSED), leave(second, Kind.PASSED), leave(came))
    assert list(handover.tickets.values_list("ticket_id", flat=True)) == [came.pk]
    assert owner(second) == cast.lin.pk


def test_all_or_nothing_when_one_cannot_be(cast, shifts):
    first, second = given(cast), given(cast)
    for bad in (
        leave(second, Kind.PASSED, to_user_id=cast.eno.pk),
        leave(second, Kind.PASSED, to_user_id=cast.ada.pk),
        leave(second, Kind.PASSED, to_user_id=999_999),
        leave(second, Kind.PARKED, until=Snooze.Until.TIME, until_at=cast.at - timedelta(hours=1)),
    ):
        with pytest.raises(Invalid):
            hand(cast, leave(first, Kind.PASSED, "Mine no more"), bad)
    assert owner(first) == cast.ada.pk
    assert not Message.objects.filter(kind="note").exists()


def test_parked_without_a_later_shift_is_refused(cast):
    cast.on_shift(cast.ada)
    with pytest.raises(Invalid, match="No later shift"):
        hand(cast, leave(given(cast), Kind.PARKED))


def test_twice_is_once(cast, shifts):
    ticket = given(cast)
    first = hand(cast, leave(ticket, note="Once."), client_token="a")
    assert hand(cast, leave(ticket, note="Once."), client_token="a") == first
    assert Message.objects.filter(kind="note").count() == 1


def test_a_shift_without_tickets_is_ended_with_a_word(cast, shifts):
    hand(cast, note="All quiet.")
    assert not Shift.objects.filter(ends_at__gt=cast.at, starts_at__lte=cast.at).exists()


def test_a_lead_does_it_for_a_colleague_who_is_not_there(cast, shifts):
    ticket = given(cast)
    for who in (cast.ben, cast.ana, cast.eno):
        with pytest.raises(NotAllowed):
            hand(cast, leave(ticket), who=who, of=cast.ada)
    handover = hand(cast, leave(ticket, Kind.PASSED, "Ada is ill.", to_user_id=cast.ben.pk), who=cast.lin, of=cast.ada)
    assert (handover.user_id, handover.given_by_id) == (cast.ada.pk, cast.lin.pk)
    assert owner(ticket) == cast.ben.pk
    assert Shift.objects.get(pk=handover.shift_id).ended_at == cast.at


def test_a_lead_without_sight_of_a_restricted_queue_neither_hands_it_over_nor_hears_of_it(cast, shifts):
    from steward.desk.actions.settings import grant_queue_access

    grant_queue_access(queue_id=cast.restricted.pk, user=cast.ada, by=SETUP, at=cast.at)
    hidden, seen = given(cast, queue=cast.restricted, priority=1), given(cast)
    other = user("Lara", Role.LEAD, team=cast.team)
    handover = hand(cast, leave(seen, Kind.PASSED), leave(hidden, Kind.PASSED, "?"), who=other, of=cast.ada)
    assert list(handover.tickets.values_list("ticket_id", flat=True)) == [seen.pk]
    assert owner(hidden) == cast.ada.pk
    mine = hand(cast, leave(hidden, Kind.PASSED, "Careful."), ends_shift=False)
    for who, numbers in ((cast.lin, [hidden.pk]), (cast.ben, []), (other, [])):
        queue_ids = visible_queue_ids(cast.actor(who))
        assert [one.ticket_id for one in tickets_of(mine, queue_ids=queue_ids)] == numbers
    assert [one.tickets for one in to_read(cast, cast.lin) if one.id == mine.pk] == [1]
    assert [one.id for one in to_read(cast, cast.ben)] == [handover.pk], "nothing of it is for Ben's eyes"


def test_what_went_back_is_given_to_somebody_on_shift_where_the_queue_gives(cast, shifts):
    change_queue(queue_id=cast.support.pk, values={"routing": "push"}, by=SETUP, at=cast.at)
    ticket = given(cast)
    cast.on_shift(cast.lin)
    settle()
    hand(cast, leave(ticket, Kind.PASSED))
    settle()
    assert owner(ticket) == cast.lin.pk


def test_the_next_shift_reads_and_acknowledges_it_once(cast, shifts):
    urgent = given(cast, priority=1)
    handover = hand(cast, leave(urgent, Kind.PASSED, "Call at ten.", to_user_id=cast.ben.pk), note="Look at the outage.")
    mine = to_read(cast, cast.ben)
    assert [(one.id, one.tickets, one.to_me, one.urgent, one.note) for one in mine] == [
        (handover.pk, 1, 1, 1, "Look at the outage.")
    ]
    assert to_read(cast, cast.ada) == []
    for _click in range(2):
        read_handover(handover_id=handover.pk, by=cast.actor(cast.ben), at=cast.at)
    assert to_read(cast, cast.ben) == []
    assert HandoverReading.objects.count() == 1
    assert [one.id for one in to_read(cast, cast.lin)] == [handover.pk], "everybody of the team reads it"
    cast.later(hours=25)
    assert to_read(cast, cast.lin) == []


def test_outsiders_see_no_handover(cast, shifts):
    handover = hand(cast, leave(given(cast)), note="Among us.")
    stranger = user("Zoe", Role.AGENT)
    for who in (stranger, cast.eno, cast.ravi):
        with pytest.raises(NotFound):
            read_handover(handover_id=handover.pk, by=cast.actor(who), at=cast.at)
    assert to_read(cast, stranger) == []
    assert handover_seen_by(cast.actor(cast.lin), handover.pk) == handover


def test_who_is_passed_something_and_the_team_that_is_there_are_told(cast, shifts):
    cast.on_shift(cast.lin)
    stranger = user("Zoe", Role.AGENT)
    cast.on_shift(stranger)
    hand(cast, leave(given(cast), Kind.PASSED, to_user_id=cast.ben.pk))
    told = Notice.objects.filter(kind="handover")
    assert set(told.values_list("user_id", flat=True)) == {cast.ben.pk, cast.lin.pk}


def test_a_ticket_that_comes_by_rule_while_one_leaves_is_decided_on_or_stays_queued(fresh_cast):
    from steward.desk.actions.assignment import get_next

    cast = fresh_cast
    cast.on_shift(cast.ada)
    mine, _waits = given(cast), cast.ticket()
    ada = cast.actor(cast.ada)
    results = at_once(
        lambda: hand_over(user_id=cast.ada.pk, leaving=[leave(mine)], by=ada, at=cast.at),
        lambda: get_next(by=ada, at=cast.at),
    )
    given_over = Handover.objects.count()
    in_hand = Ticket.objects.filter(assignee=cast.ada).count()
    assert (given_over, in_hand) in {(1, 1), (1, 2), (0, 2)}, results
    if isinstance(results[0], TicketsLeft):
        assert in_hand == 2


def test_two_who_hand_over_the_same_tickets_at_once_do_it_once_each_ticket(fresh_cast):
    cast = fresh_cast
    cast.on_shift(cast.ada)
    ticket = given(cast)
    ada, lin = cast.actor(cast.ada), cast.actor(cast.lin)
    results = at_once(
        lambda: hand_over(user_id=cast.ada.pk, leaving=[leave(ticket, Kind.PASSED, to_user_id=cast.ben.pk)], by=ada, at=cast.at),
        lambda: hand_over(user_id=cast.ada.pk, leaving=[leave(ticket, Kind.PASSED, to_user_id=cast.lin.pk)], by=lin, at=cast.at),
    )
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Conflict | Invalid)], results
    assert HandedTicket.objects.filter(ticket=ticket).count() == 1


def test_twenty_tickets_are_handed_over_in_one_go(cast, shifts, django_assert_max_num_queries):
    tickets = [given(cast) for _n in range(20)]
    change_status(ticket_id=tickets[0].pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.at)
    with django_assert_max_num_queries(20 * 20 + 40):
        hand(cast, *(leave(ticket, Kind.PASSED, "Next.") for ticket in tickets))
    assert Ticket.objects.filter(assignee=cast.ada).count() == 0
