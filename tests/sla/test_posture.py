"""What each clock should be doing, straight from the story of a ticket."""

from datetime import UTC, datetime, timedelta

import pytest

from steward.desk.facts import ticket as desk
from steward.sla.rules.kinds import ClockKind
from steward.sla.rules.posture import DEFAULT_PAUSE_ON, Doing, is_owed, posture
from steward.sla.rules.story import Story, tell

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def story(*told, by_agent=False, opener="requester"):
    """Tell a story after the opening: facts with the kind of their actor, a minute apart."""
    opening = desk.TicketOpened(
        ticket_id=1, requester_id=1, queue_id=1, status_id=1, state="new", priority=3, channel="portal", by_agent=by_agent
    )
    first = message()
    events = [(opening, opener), first if opener == "requester" else (first[0], opener), *told]
    return tell((fact, AT + timedelta(minutes=n), kind) for n, (fact, kind) in enumerate(events))


def message(kind="requester"):
    return desk.MessageReceived(ticket_id=1, message_id=1, conversation_id=1), kind


def sent(kind="agent", *, automatic=False):
    return desk.ReplySent(ticket_id=1, message_id=1, conversation_id=1, automatic=automatic), kind


def status(new, reason=""):
    return desk.StatusChanged(ticket_id=1, old_status_id=1, new_status_id=2, old="open", new=new, reason=reason), "agent"


def reopened(why):
    return desk.TicketReopened(ticket_id=1, why=why), "requester"


def doing(kind, told):
    found = posture(ClockKind(kind), told, DEFAULT_PAUSE_ON)
    return found and found.doing


@pytest.mark.parametrize("kind", ["bot", "rule", "system", "sync", "import"])
def test_only_a_persons_reply_answers(kind):
    assert doing("first_response", story(sent(kind))) == Doing.RUN
    assert doing("first_response", story(sent("agent", automatic=True))) == Doing.RUN


@pytest.mark.parametrize("kind", ["agent", "macro"])
def test_a_person_or_their_macro_answers(kind):
    assert doing("first_response", story(sent(kind))) == Doing.DONE


def test_the_opening_message_asks_for_no_next_response():
    assert doing("next_response", story()) is None
    assert doing("next_response", story(sent())) == Doing.DONE


def test_what_is_said_after_the_answer_asks_for_the_next():
    assert doing("next_response", story(sent(), message())) == Doing.RUN
    assert doing("next_response", story(sent(), message(), sent())) == Doing.DONE
    assert doing("next_response", story(sent(), message(), sent(automatic=True))) == Doing.RUN


def test_waiting_began_with_the_first_unanswered_message():
    assert story(sent(), message(), message()).waiting_since == AT + timedelta(minutes=3)


def test_a_message_an_agent_or_an_import_brings_asks_for_nothing():
    assert story(sent(), message("agent"), message("import")).waiting_since is None


@pytest.mark.parametrize(("why", "expected"), [("denied", Doing.RUN), ("reply", Doing.RUN), ("agent", Doing.DONE)])
def test_a_requester_who_reopens_waits_for_an_answer(why, expected):
    assert doing("next_response", story(sent(), status("solved"), status("open"), reopened(why))) == expected


def test_a_confirmed_fix_asks_for_nothing():
    confirmed = desk.FixConfirmed(ticket_id=1, question_id=1), "requester"
    assert story(sent(), message(), confirmed).waiting_since is None


@pytest.mark.parametrize(
    ("state", "reason", "expected", "why"),
    [
        ("open", "", Doing.RUN, ""),
        ("pending", "requester", Doing.STAND, "requester"),
        ("pending", "", Doing.STAND, "requester"),
        ("on_hold", "vendor", Doing.STAND, "vendor"),
        ("on_hold", "", Doing.STAND, "on_hold"),
        ("solved", "", Doing.DONE, "solved"),
        ("closed", "", Doing.OVER, "closed"),
    ],
)
def test_resolution_follows_the_state(state, reason, expected, why):
    found = posture(ClockKind.RESOLUTION, story(status(state, reason)), DEFAULT_PAUSE_ON)
    assert (found.doing, found.reason) == (expected, why)


def test_solving_without_an_answer_leaves_the_first_response_running():
    assert doing("first_response", story(status("solved"))) == Doing.RUN
    assert doing("first_response", story(status("closed"))) == Doing.OVER


def test_a_clock_stands_still_where_its_policy_says_so():
    held = story(status("on_hold", "vendor"))
    assert posture(ClockKind.FIRST_RESPONSE, held, {"first_response": ["on_hold:vendor"]}).doing == Doing.STAND
    assert posture(ClockKind.FIRST_RESPONSE, held, {"first_response": ["on_hold:internal"]}).doing == Doing.RUN
    assert posture(ClockKind.RESOLUTION, held, {}).doing == Doing.RUN


def test_what_is_owed_depends_on_who_opened_the_ticket():
    assert [kind.value for kind in ClockKind if is_owed(kind, story())] == ["first_response", "resolution"]
    assert [kind.value for kind in ClockKind if is_owed(kind, story(by_agent=True))] == ["resolution"]
    assert [kind.value for kind in ClockKind if is_owed(kind, story(opener="import"))] == []
    imported_then_alive = story(message(), opener="import")
    assert [kind.value for kind in ClockKind if is_owed(kind, imported_then_alive)] == ["next_response"]


def test_a_story_keeps_what_policies_look_at():
    changed = tell(
        (fact, AT, "agent")
        for fact in (
            desk.TicketOpened(
                ticket_id=1, requester_id=1, queue_id=1, status_id=1, state="new", priority=3, channel="portal", category_id=4
            ),
            desk.TicketTransferred(ticket_id=1, old_queue_id=1, new_queue_id=2),
            desk.PriorityChanged(ticket_id=1, old=3, new=1),
            desk.CategoryChanged(ticket_id=1, old=4, new=5),
            desk.NoteAdded(ticket_id=1, message_id=1),
        )
    )
    assert changed == Story(queue_id=2, priority=1, category_id=5, channel="portal", state="new")
