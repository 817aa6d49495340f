"""From the first message to the confirmed fix, each sentence of the promise."""

from datetime import timedelta

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.answering import answer_question
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.intake import Origin, open_ticket, receive_message
from steward.desk.actions.lifecycle import CannotMove, change_status, reopen_ticket, solve_ticket
from steward.desk.actions.replies import NewerMessages, add_note, reply
from steward.desk.actions.settings import change_queue
from steward.desk.actions.timing import sweep_timers
from steward.desk.facts import ticket as facts_of
from steward.desk.models import Link, Message, Ticket
from steward.desk.rules.states import State
from steward.people.actor import ActorKind, system
from tests.desk.conftest import bodies, facts, kinds, question_of, waiting_timers


@pytest.fixture
def say(cast):
    def say(ticket, body, who=None, **values):
        return receive_message(ticket_id=ticket.pk, body=body, by=cast.actor(who or cast.ravi), at=cast.at, **values)

    return say


@pytest.fixture
def solved(cast):
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="Please reload.", then=State.SOLVED, by=cast.actor(cast.ada), at=cast.later(hours=1))
    ticket.refresh_from_db()
    return ticket


def again(ticket):
    ticket.refresh_from_db()
    return ticket


def test_a_first_message_becomes_a_ticket(cast):
    ticket = cast.ticket("\n\u200b\nThe queue page is empty.\nSince 8.")
    assert ticket.subject == "The queue page is empty."
    assert (ticket.state, ticket.assignee_id, ticket.queue_id, ticket.language) == ("new", None, cast.support.pk, "en")
    assert kinds(ticket) == ["ticket_opened", "message_received"]
    assert Message.objects.get().requester_id == cast.ravi.pk


def test_without_a_queue_it_waits_in_the_first_one(cast):
    assert cast.ticket(queue=None).queue_id == cast.support.pk


def test_nobody_opens_a_ticket_in_somebody_elses_name_but_agents(cast):
    values = {"requester": cast.ravi, "subject": "", "body": "x", "origin": Origin(channel="portal"), "at": cast.at}
    for who in (cast.oto, cast.eno):
        with pytest.raises(NotAllowed):
            open_ticket(**values, by=cast.actor(who))
    ticket = open_ticket(**values, by=cast.actor(cast.ada))
    opened = facts(ticket, facts_of.TicketOpened)[0]
    assert opened.by_agent
    message = Message.objects.get(ticket=ticket)
    assert (message.author_kind, message.requester_id, message.author_user_id) == ("requester", cast.ravi.pk, None)


@pytest.mark.parametrize("queue", ["leads", "engineering"])
def test_a_requester_asks_only_where_requests_are_taken(cast, queue):
    with pytest.raises(Invalid, match="takes no requests"):
        cast.ticket(queue=getattr(cast, queue))


def test_a_priority_that_is_none_is_refused(cast):
    with pytest.raises(Invalid, match="priority"):
        cast.ticket(priority=9)


def test_the_first_who_answers_owns_it(cast):
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="On it.", by=cast.actor(cast.ada), at=cast.later(minutes=5))
    reply(ticket_id=ticket.pk, body="Me too.", by=cast.actor(cast.ben), at=cast.later(minutes=5))
    assert (again(ticket).state, ticket.assignee_id) == ("open", cast.ada.pk)


def test_reply_and_set_pending_in_one_step_and_the_answer_opens_it(cast, say):
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="Which browser?", then=State.PENDING, by=cast.actor(cast.ada), at=cast.later(minutes=5))
    assert (again(ticket).state, ticket.waiting_reason) == ("pending", "requester")
    say(ticket, "Firefox")
    assert (again(ticket).state, ticket.waiting_reason) == ("open", "")


def test_on_hold_says_what_it_waits_for(cast):
    ticket = cast.ticket()
    by = cast.actor(cast.ada)
    with pytest.raises(Invalid, match="waits for"):
        reply(ticket_id=ticket.pk, body="Wait.", then=State.ON_HOLD, by=by, at=cast.at)
    assert bodies(ticket) == ["The queue page is empty since this morning."]
    reply(ticket_id=ticket.pk, body="Wait.", then=State.ON_HOLD, reason="engineering", by=by, at=cast.at)
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=by, at=cast.at)
    assert again(ticket).waiting_reason == "vendor"
    change_status(ticket_id=ticket.pk, state=State.OPEN, reason="leftover", by=by, at=cast.at)
    assert again(ticket).waiting_reason == ""


def test_a_note_is_never_for_the_requester_and_moves_nothing(cast):
    ticket = cast.ticket()
    note = add_note(ticket_id=ticket.pk, body="Looks like the cache.", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert note.kind == Message.Kind.NOTE
    assert (again(ticket).state, ticket.assignee_id, ticket.last_message_at) == ("new", None, ticket.created_at)
    assert kinds(ticket)[-1] == "note_added"


def test_after_solved_the_requester_is_asked(cast, solved):
    question = question_of(solved)
    assert (solved.state, solved.solved_at, solved.confirmed_at) == ("solved", cast.at, None)
    assert (question.options, question.is_open) == (["yes", "no"], True)
    assert waiting_timers(solved) == ["close_unconfirmed", "remind_confirmation"]
    assert kinds(solved)[-4:] == ["status_changed", "ticket_solved", "reply_sent", "confirmation_asked"]


def test_the_question_is_put_in_the_requesters_language_and_is_no_answer_of_ours(cast, solved):
    assert Message.objects.get(pk=question_of(solved).message_id).automatic
    assert solved.last_message_at == cast.at


def test_reminded_after_24_hours_closed_unconfirmed_after_72(cast, solved):
    start = cast.at
    assert sweep_timers(at=start + timedelta(hours=23, minutes=59)) == 0
    assert sweep_timers(at=start + timedelta(hours=24)) == 1
    assert facts(solved, facts_of.ConfirmationReminded)[0].question_id == question_of(solved).pk
    assert sweep_timers(at=start + timedelta(hours=71, minutes=59)) == 0
    assert sweep_timers(at=start + timedelta(hours=72)) == 1
    assert (again(solved).state, solved.outcome, solved.confirmed_at) == ("closed", "unconfirmed", None)
    assert solved.closed_at == start + timedelta(hours=72)
    assert facts(solved, facts_of.TicketClosed)[0].outcome == "unconfirmed"
    assert sweep_timers(at=start + timedelta(days=30)) == 0


def test_after_a_standstill_nobody_is_reminded_of_what_closes_at_once(cast, solved):
    assert sweep_timers(at=cast.later(days=5)) == 2
    assert again(solved).outcome == "unconfirmed"
    assert "confirmation_reminded" not in kinds(solved)


def test_the_times_are_the_queues(cast):
    values = {"remind_after": timedelta(hours=1), "close_after": timedelta(hours=2), "reopen_for": timedelta(hours=3)}
    change_queue(queue_id=cast.support.pk, values=values, by=cast.actor(cast.ana), at=cast.at)
    ticket = cast.ticket()
    solve_ticket(ticket_id=ticket.pk, by=cast.actor(cast.ada), at=cast.at)
    sweep_timers(at=cast.later(hours=1))
    assert "confirmation_reminded" in kinds(ticket)
    sweep_timers(at=cast.later(hours=1))
    assert again(ticket).outcome == "unconfirmed"
    message = receive_message(ticket_id=ticket.pk, body="Still bad", by=cast.actor(cast.ravi), at=cast.later(hours=4))
    assert message.ticket_id != ticket.pk


def test_one_click_confirms_and_both_words_are_kept_apart(cast, solved):
    solved_at = cast.at
    answer_question(question_id=question_of(solved).pk, answer="yes", by=cast.actor(cast.ravi), at=cast.later(hours=2))
    assert (again(solved).state, solved.outcome) == ("closed", "confirmed")
    assert (solved.solved_at, solved.confirmed_at) == (solved_at, cast.at)
    assert waiting_timers(solved) == []
    assert question_of(solved, "rating").is_open
    assert [fact.outcome for fact in facts(solved, facts_of.TicketClosed)] == ["confirmed"]


def test_not_fixed_reopens_with_its_history(cast, solved):
    cast.on_shift(cast.ada)
    question = question_of(solved)
    answer_question(question_id=question.pk, answer="no", comment="Still empty", by=cast.actor(cast.ravi), at=cast.later(hours=2))
    assert (again(solved).state, solved.solved_at, solved.assignee_id) == ("open", None, cast.ada.pk)
    assert waiting_timers(solved) == []
    assert bodies(solved)[-1] == "Still empty"
    assert kinds(solved)[-4:] == ["message_received", "fix_denied", "status_changed", "ticket_reopened"]
    assert facts(solved, facts_of.TicketReopened)[0].why == "denied"
    solve_ticket(ticket_id=solved.pk, by=cast.actor(cast.ada), at=cast.later(hours=1))
    assert question_of(solved).pk != question.pk


def test_the_same_answer_twice_is_one_and_another_one_is_told(cast, solved):
    by, question = cast.actor(cast.ravi), question_of(solved)
    answer_question(question_id=question.pk, answer="yes", by=by, at=cast.at)
    answer_question(question_id=question.pk, answer="yes", by=by, at=cast.at)
    with pytest.raises(Conflict) as told:
        answer_question(question_id=question.pk, answer="no", by=by, at=cast.at)
    assert (told.value.theirs, told.value.yours) == ("yes", "no")
    with pytest.raises(Invalid, match="not one of the answers"):
        answer_question(question_id=question.pk, answer="maybe", by=by, at=cast.at)
    assert len(facts(solved, facts_of.FixConfirmed)) == 1


def test_nobody_answers_for_the_requester(cast, solved):
    question = question_of(solved).pk
    with pytest.raises(NotFound):
        answer_question(question_id=question, answer="yes", by=cast.actor(cast.oto), at=cast.at)
    with pytest.raises(NotAllowed):
        answer_question(question_id=question, answer="yes", by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotFound):
        answer_question(question_id=10**9, answer="yes", by=cast.actor(cast.ravi), at=cast.at)
    assert again(solved).state == "solved"


def test_a_question_of_an_earlier_round_is_no_longer_open(cast, solved, say):
    question = question_of(solved).pk
    say(solved, "Not at all")
    with pytest.raises(Conflict, match="no longer open"):
        answer_question(question_id=question, answer="yes", by=cast.actor(cast.ravi), at=cast.at)


def test_a_late_yes_confirms_what_was_closed_for_the_want_of_it(cast, solved):
    sweep_timers(at=cast.later(hours=73))
    closed_at = again(solved).closed_at
    answer_question(question_id=question_of(solved).pk, answer="yes", by=cast.actor(cast.ravi), at=cast.later(hours=1))
    assert (again(solved).state, solved.outcome, solved.closed_at) == ("closed", "confirmed", closed_at)
    assert solved.confirmed_at == cast.at


def test_a_late_no_reopens_within_the_time_and_not_after(cast, solved):
    cast.later(hours=72)
    sweep_timers(at=cast.at)
    with pytest.raises(Conflict, match="too long ago"):
        answer_question(question_id=question_of(solved).pk, answer="no", by=cast.actor(cast.ravi), at=cast.at + timedelta(days=15))
    answer_question(question_id=question_of(solved).pk, answer="no", by=cast.actor(cast.ravi), at=cast.later(days=14))
    assert again(solved).state == "open"


def test_a_rating_is_given_once_with_a_comment(cast, solved):
    answer_question(question_id=question_of(solved).pk, answer="yes", by=cast.actor(cast.ravi), at=cast.at)
    rating = question_of(solved, "rating")
    answer_question(question_id=rating.pk, answer="4", comment="Quick", by=cast.actor(cast.ravi), at=cast.at)
    rating.refresh_from_db()
    assert (rating.answer, rating.comment) == ("4", "Quick")
    assert again(solved).state == "closed"


@pytest.mark.parametrize("body", ["Thanks!", "谢谢", "yes"])
def test_bare_thanks_confirm(cast, solved, say, body):
    say(solved, body)
    assert (again(solved).state, solved.outcome) == ("closed", "confirmed")
    assert facts(solved, facts_of.FixConfirmed)[0].question_id == question_of(solved).pk
    assert question_of(solved).answer == "yes"


def test_anything_else_reopens_a_solved_ticket(cast, solved, say):
    say(solved, "thanks, but it still fails")
    assert (again(solved).state, solved.solved_at) == ("open", None)
    assert facts(solved, facts_of.TicketReopened)[0].why == "reply"
    assert question_of(solved).withdrawn_at == cast.at
    assert sweep_timers(at=cast.later(days=9)) == 0


def test_a_reply_within_14_days_after_closing_reopens(cast, solved, say):
    sweep_timers(at=cast.later(hours=72))
    cast.later(days=14)
    assert say(solved, "Broken again").ticket_id == solved.pk
    assert (again(solved).state, solved.closed_at, solved.outcome) == ("open", None, "")


def test_a_later_reply_is_a_new_linked_ticket_and_what_follows_goes_there(cast, solved, say):
    cast.later(hours=72)
    sweep_timers(at=cast.at)
    cast.later(days=14, seconds=1)
    message = say(solved, "Broken again", client_token="a")
    new = Ticket.objects.get(pk=message.ticket_id)
    assert new.pk != solved.pk
    assert (new.subject, new.state, new.queue_id) == (solved.subject, "new", solved.queue_id)
    link = Link.objects.get()
    assert (link.from_ticket_id, link.to_ticket_id, link.kind) == (new.pk, solved.pk, "follow_up_of")
    assert kinds(solved)[-1] == kinds(new)[-1] == "tickets_linked"
    assert again(solved).state == "closed"
    assert say(solved, "Broken again", client_token="a").pk == message.pk
    assert say(solved, "And one more thing").ticket_id == new.pk
    assert Ticket.objects.count() == 2


def test_what_was_restricted_stays_so_in_the_ticket_that_follows(cast, say):
    ticket = cast.ticket(queue=cast.restricted)
    lin = cast.actor(cast.lin)
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="handled", by=lin, at=cast.at)
    change_queue(queue_id=cast.restricted.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    cast.later(days=20)
    message = say(ticket, "Another one")
    assert Ticket.objects.get(pk=message.ticket_id).queue_id == cast.restricted.pk


def test_what_was_handed_on_comes_back_to_support(cast, say):
    ticket = cast.ticket()
    from steward.desk.actions.changing import transfer_ticket

    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.engineering.pk, reason="bug", by=cast.actor(cast.ada), at=cast.at)
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="fixed upstream", by=cast.actor(cast.ada), at=cast.at)
    cast.later(days=20)
    message = say(ticket, "Broken again")
    assert Ticket.objects.get(pk=message.ticket_id).queue_id == cast.support.pk


def test_a_reopened_ticket_of_somebody_off_shift_is_handed_back(cast, solved, say):
    assert solved.assignee_id == cast.ada.pk
    say(solved, "No luck")
    assert again(solved).assignee_id is None
    assert facts(solved, facts_of.TicketAssigned)[-1].how == "handback"


def test_an_agent_may_reopen_and_close_with_a_reason(cast, solved):
    by = cast.actor(cast.ada)
    reopen_ticket(ticket_id=solved.pk, by=by, at=cast.later(hours=1))
    assert facts(solved, facts_of.TicketReopened)[0].why == "agent"
    with pytest.raises(CannotMove):
        reopen_ticket(ticket_id=solved.pk, by=by, at=cast.at)
    with pytest.raises(Invalid, match="why"):
        change_status(ticket_id=solved.pk, state=State.CLOSED, reason=" \u200b", by=by, at=cast.at)
    change_status(ticket_id=solved.pk, state=State.CLOSED, reason="Ravi called: duplicate", by=by, at=cast.at)
    assert (again(solved).state, solved.outcome, solved.waiting_reason) == ("closed", "other", "")
    assert "Ravi called: duplicate" in bodies(solved)[-1]
    assert "Ravi" not in str([event.dump() for event in facts(solved, facts_of.StatusChanged)])
    assert waiting_timers(solved) == []


@pytest.mark.parametrize(("old", "new"), [("solved", State.PENDING), ("open", State.NEW), ("closed", State.ON_HOLD)])
def test_a_move_the_table_forbids_is_refused(cast, solved, old, new):
    by = cast.actor(cast.ada)
    if old == "open":
        reopen_ticket(ticket_id=solved.pk, by=by, at=cast.at)
    if old == "closed":
        change_status(ticket_id=solved.pk, state=State.CLOSED, reason="x", by=by, at=cast.at)
    with pytest.raises(CannotMove):
        change_status(ticket_id=solved.pk, state=new, reason="vendor", by=by, at=cast.at)
    assert again(solved).state == old


def test_two_agents_replying_at_once_are_told_and_may_send_anyway(cast):
    ticket = cast.ticket()
    seen = Message.objects.get().pk
    reply(ticket_id=ticket.pk, body="From Ada", seen_message_id=seen, by=cast.actor(cast.ada), at=cast.at)
    values = {"ticket_id": ticket.pk, "body": "From Ben", "seen_message_id": seen, "by": cast.actor(cast.ben), "at": cast.at}
    with pytest.raises(NewerMessages, match="Ada wrote") as told:
        reply(**values)
    assert told.value.theirs == "From Ada"
    assert bodies(ticket)[-1] == "From Ada"
    reply(**values, anyway=True)
    assert bodies(ticket)[-1] == "From Ben"


@pytest.mark.parametrize("kind", [ActorKind.SYNC, ActorKind.IMPORT])
def test_what_a_channel_brings_twice_is_one_message(cast, kind):
    channel, ticket = system("mail", kind=kind), cast.ticket()
    values = {"ticket_id": ticket.pk, "body": "By mail", "client_token": "<id@mail>", "by": channel, "at": cast.at}
    assert receive_message(**values).pk == receive_message(**values).pk
    assert receive_message(**values).author_kind == "requester"


def test_other_requesters_tickets_do_not_exist_for_one(cast):
    ticket = cast.ticket()
    for ticket_id in (ticket.pk, 10**9):
        with pytest.raises(NotFound, match="no request"):
            receive_message(ticket_id=ticket_id, body="Hi", by=cast.actor(cast.oto), at=cast.at)
    with pytest.raises(NotAllowed):
        receive_message(ticket_id=ticket.pk, body="Hi", by=cast.actor(cast.ada), at=cast.at)


@pytest.mark.parametrize("who", ["ravi", "oto", "eno", "ana"])
def test_only_those_who_work_tickets_answer_them(cast, who):
    ticket = cast.ticket()
    by = cast.actor(getattr(cast, who))
    for act in (reply, add_note):
        with pytest.raises((NotAllowed, NotFound)):
            act(ticket_id=ticket.pk, body="x", by=by, at=cast.at)
    with pytest.raises((NotAllowed, NotFound)):
        solve_ticket(ticket_id=ticket.pk, by=by, at=cast.at)
    if who != "ana":
        with pytest.raises((NotAllowed, NotFound)):
            assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=by, at=cast.at)
