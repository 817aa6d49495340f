"""What users of the desk are told: tickets given to them, answers on theirs, follow-ups due, and all of it quietly off shift."""

from datetime import timedelta

from steward.desk.actions.assignment import assign_ticket, get_next
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import receive_message
from steward.desk.actions.settings import revoke_queue_access
from steward.desk.actions.telling import tell_of_due_follow_ups
from steward.people.actions import sum_up
from steward.people.models import Notice
from steward.people.queries import bell_of
from tests.cast import SETUP
from tests.desk.conftest import at_once, settle


def told(who=None):
    found = Notice.objects.order_by("id") if who is None else Notice.objects.filter(user=who).order_by("id")
    return [(notice.kind, notice.ticket_id) for notice in found]


def test_whoever_is_given_a_ticket_hears_of_it_and_whoever_takes_one_does_not(cast):
    given, taken = cast.ticket(), cast.ticket()
    assign_ticket(ticket_id=given.pk, to=cast.ben, by=cast.actor(cast.lin), at=cast.at)
    assign_ticket(ticket_id=taken.pk, to=cast.ben, by=cast.actor(cast.ben), at=cast.at)
    settle()
    assert told() == [("assigned", given.pk)]
    cast.on_shift(cast.ada)
    cast.ticket()
    assert get_next(by=cast.actor(cast.ada), at=cast.at)
    settle()
    assert told(cast.ada) == []


def test_the_owner_hears_that_the_requester_wrote_and_nobody_of_a_ticket_without_one(cast):
    ticket, nobodys = cast.ticket(), cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.ben), at=cast.at)
    for one in (ticket, nobodys):
        receive_message(ticket_id=one.pk, body="Any news of Zebra?", by=cast.actor(cast.ravi), at=cast.at)
    settle()
    assert told() == [("reply", ticket.pk)]
    assert "Zebra" not in str(Notice.objects.get().data)


def test_an_owner_who_no_longer_sees_the_ticket_is_not_told(cast):
    ticket = cast.ticket(queue=cast.restricted)
    assign_ticket(ticket_id=ticket.pk, to=cast.lin, by=cast.actor(cast.lin), at=cast.at)
    revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.lin.pk, by=cast.actor(cast.ana), at=cast.at)
    receive_message(ticket_id=ticket.pk, body="More", by=cast.actor(cast.ravi), at=cast.at)
    settle()
    assert told() == []


def test_a_due_follow_up_is_told_once(cast):
    ticket = cast.ticket()
    due = cast.at + timedelta(hours=1)
    add_follow_up(ticket_id=ticket.pk, owner=cast.ben, what="Call back", due_at=due, by=cast.actor(cast.ada), at=cast.at)
    assert tell_of_due_follow_ups(at=due - timedelta(seconds=1)) == 0
    assert tell_of_due_follow_ups(at=due) == 1
    assert tell_of_due_follow_ups(at=due + timedelta(hours=1)) == 0
    assert told() == [("follow_up_due", ticket.pk)]


def test_two_sweeps_at_once_tell_of_a_follow_up_once(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    due = cast.at + timedelta(hours=1)
    add_follow_up(ticket_id=ticket.pk, owner=cast.ben, what="Call back", due_at=due, by=cast.actor(cast.ada), at=cast.at)
    assert sum(at_once(*[lambda: tell_of_due_follow_ups(at=due)] * 3)) == 1
    assert told() == [("follow_up_due", ticket.pk)]


class TestOffShift:
    """Kept without a sound, and summed up when the next shift begins."""

    def test_what_came_off_shift_is_not_counted_and_is_summed_up_once_the_shift_begins(self, cast):
        cast.on_shift(cast.ben, hours=2)
        tickets = [cast.ticket() for _n in range(3)]
        for ticket in tickets:
            assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=cast.actor(cast.ben), at=cast.at)
        cast.later(hours=5)
        for ticket in (*tickets, tickets[0]):
            receive_message(ticket_id=ticket.pk, body="Hello?", by=cast.actor(cast.ravi), at=cast.at)
        settle()
        queues = [cast.support.pk]
        assert Notice.objects.filter(user=cast.ben, kind="reply", quiet=True, loud=False).count() == 4
        assert bell_of(cast.ben.pk, visible_queue_ids=queues).unread == 0
        assert sum_up(at=cast.later(hours=1)) == 0, "still off shift"
        cast.later(hours=10)
        cast.on_shift(cast.ben, hours=8)
        assert sum_up(at=cast.at) == 1
        assert sum_up(at=cast.at) == 0
        bell = bell_of(cast.ben.pk, visible_queue_ids=queues)
        assert bell.unread == 1
        summary = Notice.objects.get(user=cast.ben, kind="while_off")
        assert summary.data == {"counts": {"reply": 4}}

    def test_nothing_kept_is_no_summary(self, cast):
        cast.on_shift(cast.ben)
        assert sum_up(at=cast.at) == 0

    def test_who_works_no_shifts_is_never_off_shift(self, cast):
        ticket = cast.ticket()
        assign_ticket(ticket_id=ticket.pk, to=cast.lin, by=cast.actor(cast.ana), at=cast.at)
        settle()
        assert [notice.quiet for notice in Notice.objects.filter(user=cast.lin)] == [False]

    def test_two_sums_at_once_are_one(self, fresh_cast):
        cast = fresh_cast
        cast.on_shift(cast.ben, hours=1)
        ticket = cast.ticket()
        cast.later(hours=3)
        assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=SETUP, at=cast.at)
        settle()
        cast.later(hours=10)
        cast.on_shift(cast.ben)
        assert sum(at_once(*[lambda: sum_up(at=cast.at)] * 3)) == 1
        assert Notice.objects.filter(kind="while_off").count() == 1
