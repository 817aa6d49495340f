"""A macro that replies waits with its reply: taken back nothing was done, let go all of it is."""

import pytest

from steward.core.errors import Invalid
from steward.desk.actions.drafts import Typed, save_draft
from steward.desk.actions.intake import Origin
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.macro_runs import TakenBackMeanwhile, can_undo, run_macro, show_macro, undo_macro_run
from steward.desk.actions.macros import change_macro, create_macro, put_away_macro
from steward.desk.actions.releasing import TooLate, release_due, send_now, take_back
from steward.desk.actions.replies import NewerMessages
from steward.desk.actions.sending import Manner, Written, send_reply
from steward.desk.actions.settings import set_hold_time
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Draft, HeldReply, MacroRun
from steward.desk.queries.verification import problems
from steward.desk.queries.writing import waiting_replies, writing_on
from steward.desk.rules.states import State
from steward.ledger.models import Event
from steward.people.actions import deactivate_user
from steward.people.models import Notice
from tests.behaviors.test_b22_macros_show_what_they_will_change import steps
from tests.cast import SETUP
from tests.desk.conftest import at_once, bodies, kinds

SAID = "Hello Ravi, please reload. Ada"


@pytest.fixture(autouse=True)
def held_for_five_seconds(request):
    for name in {"cast", "fresh_cast"} & set(request.fixturenames):
        cast = request.getfixturevalue(name)
        set_hold_time(channel="portal", seconds=5, by=SETUP, at=cast.at)


def made(cast, calls=None):
    return create_macro(about=About("Reload", scope="all"), calls=calls or steps(), by=cast.actor(cast.lin), at=cast.at)


def run(cast, ticket, macro=None, who=None, **more):
    by = cast.actor(who or cast.ada)
    macro = macro or made(cast)
    return run_macro(macro_id=macro.pk, ticket_id=ticket.pk, seen_version=1, by=by, at=cast.at, **more)


def test_nothing_of_it_is_done_before_the_reply_goes_out_and_all_of_it_then(cast):
    ticket = cast.ticket()
    before = kinds(ticket)
    waiting = run(cast, ticket)
    ticket.refresh_from_db()
    assert (kinds(ticket), ticket.state, ticket.priority, ticket.assignee_id) == (before, "new", 3, None)
    assert (HeldReply.objects.get().body, can_undo(waiting)) == (SAID, False)
    assert release_due(at=cast.later(seconds=4)) == 0
    assert release_due(at=cast.later(seconds=1)) == 1
    ticket.refresh_from_db()
    waiting.refresh_from_db()
    assert (bodies(ticket)[-1], ticket.state, ticket.priority, ticket.assignee) == (SAID, "pending", 2, cast.ada)
    assert (waiting.ran_at, can_undo(waiting)) == (cast.at, True)
    events = Event.objects.filter(stream=f"ticket:{ticket.pk}", cause=f"macro:{waiting.macro_id}@v1")
    assert {(event.actor_kind, event.actor_id) for event in events} == {("macro", cast.ada.pk)}
    assert "desk.reply_sent" in set(events.values_list("kind", flat=True))
    assert list(problems()) == []


def test_taken_back_the_text_is_in_the_box_and_nothing_was_done(cast):
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    before = kinds(ticket)
    waiting = run(cast, ticket)
    draft = take_back(held_id=HeldReply.objects.get().pk, by=ada, at=cast.later(seconds=2))
    assert (draft.body, draft.author) == (SAID, cast.ada)
    waiting.refresh_from_db()
    assert waiting.undone_at == cast.at
    assert release_due(at=cast.later(minutes=1)) == 0
    assert kinds(ticket) == before
    with pytest.raises(TooLate):
        send_now(held_id=HeldReply.objects.get().pk, by=ada, at=cast.at)


def test_what_was_being_written_stays_beside_the_text_that_came_back(cast):
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    save_draft(ticket_id=ticket.pk, kind=Draft.Kind.REPLY, typed=Typed("My own words", "t"), by=ada, at=cast.at)
    run(cast, ticket)
    assert writing_on(ada, ticket.pk).own["reply"].body == "My own words"
    take_back(held_id=HeldReply.objects.get().pk, by=ada, at=cast.at)
    own = writing_on(ada, ticket.pk).own["reply"]
    assert [own.body, *[copy.body for copy in own.copies]] == ["My own words", SAID]


def test_undoing_a_run_that_waits_takes_its_reply_back(cast):
    ticket = cast.ticket()
    waiting = run(cast, ticket)
    assert undo_macro_run(run_id=waiting.pk, by=cast.actor(cast.ada), at=cast.at) == []
    assert Draft.objects.get().body == SAID
    assert HeldReply.objects.get().why_back == "author"


def test_the_same_run_pressed_again_after_it_was_taken_back_does_nothing_and_says_so(cast):
    ticket, macro = cast.ticket(), made(cast)
    run(cast, ticket, macro, client_token="t")
    take_back(held_id=HeldReply.objects.get().pk, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(TakenBackMeanwhile):
        run(cast, ticket, macro, client_token="t")
    run(cast, ticket, macro, client_token="u")
    assert HeldReply.objects.filter(taken_back_at=None).count() == 1


def test_once_it_went_out_the_rest_is_undone_as_ever_and_what_was_said_stays(cast):
    ticket = cast.ticket()
    waiting = run(cast, ticket)
    send_now(held_id=HeldReply.objects.get().pk, by=cast.actor(cast.ada), at=cast.later(seconds=1))
    assert undo_macro_run(run_id=waiting.pk, by=cast.actor(cast.ada), at=cast.at) == []
    ticket.refresh_from_db()
    assert (ticket.state, ticket.priority, bodies(ticket)[-1]) == ("open", 3, SAID)


def test_a_macro_that_says_nothing_and_one_in_a_chat_do_not_wait(cast):
    quiet, chat = cast.ticket(), cast.ticket(origin=Origin(channel="chat"))
    run(cast, quiet, made(cast, steps()[1:]))
    quiet.refresh_from_db()
    assert (quiet.priority, HeldReply.objects.count()) == (2, 0)
    run(cast, chat, create_macro(about=About("Chat", scope="all"), calls=steps(), by=cast.actor(cast.lin), at=cast.at))
    assert bodies(chat)[-1] == SAID


def test_what_cannot_be_done_is_refused_while_somebody_is_looking_and_nothing_waits(cast):
    ticket = cast.ticket(requester=cast.oto)
    before = kinds(ticket)
    with pytest.raises(Invalid):
        run(cast, ticket, made(cast, [Call("reply", {"body": "For {{requester.market}}"})]))
    calls = [Call("reply", {"body": "Hello"}), Call("note", {"body": "{{requester.market}}"})]
    refused = create_macro(about=About("Note", scope="all"), calls=calls, by=cast.actor(cast.lin), at=cast.at)
    with pytest.raises(Invalid):
        run(cast, ticket, refused)
    assert (HeldReply.objects.count(), MacroRun.objects.count(), kinds(ticket)) == (0, 0, before)


def test_what_the_ticket_no_longer_takes_comes_back_whole_and_its_author_is_told(cast):
    ticket = cast.ticket()
    run(cast, ticket)
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ben), at=cast.at)
    assert release_due(at=cast.later(seconds=9)) == 0
    ticket.refresh_from_db()
    assert (ticket.state, ticket.priority, SAID in bodies(ticket)) == ("solved", 3, False)
    assert (HeldReply.objects.get().why_back, Draft.objects.get().body) == ("refused", SAID)
    assert Notice.objects.get().kind == "reply_came_back"


def test_it_does_what_was_shown_though_the_macro_is_changed_or_put_away_while_it_waits(cast):
    ticket, lin = cast.ticket(), cast.actor(cast.lin)
    macro = made(cast)
    run(cast, ticket, macro)
    change_macro(macro_id=macro.pk, about=About("Reload", scope="all"), calls=steps()[2:], by=lin, at=cast.at)
    put_away_macro(macro_id=macro.pk, is_active=False, by=lin, at=cast.at)
    assert release_due(at=cast.later(seconds=9)) == 1
    ticket.refresh_from_db()
    assert (ticket.priority, bodies(ticket)[-1]) == (2, SAID)


def test_what_a_name_holds_is_said_as_it_is_and_not_filled_again(cast):
    requester = cast.oto
    type(requester).objects.filter(pk=requester.pk).update(name="{{ticket.number}}")
    ticket = cast.ticket(requester=requester)
    run(cast, ticket, made(cast, [Call("reply", {"body": "Hello {{requester.name}}"})]))
    release_due(at=cast.later(seconds=9))
    assert str(ticket.pk) not in bodies(ticket)[-1]
    assert "ticket.number" in bodies(ticket)[-1]


def test_several_replies_are_one_message_held_or_not(cast):
    calls = [Call("reply", {"body": "First."}), Call("priority", {"priority": "2"}), Call("reply", {"body": "Second."})]
    macro, held, at_once_said = made(cast, calls), cast.ticket(), cast.ticket()
    shown = show_macro(macro_id=macro.pk, ticket_id=held.pk, by=cast.actor(cast.ada), at=cast.at)
    assert [one.call.verb for one in shown.previews] == ["reply", "priority"]
    run(cast, held, macro)
    assert release_due(at=cast.later(seconds=9)) == 1
    set_hold_time(channel="portal", seconds=0, by=SETUP, at=cast.at)
    run(cast, at_once_said, macro)
    assert bodies(held)[1:] == bodies(at_once_said)[1:] == ["First.\n\nSecond."]


def test_colleagues_see_that_it_waits_and_with_what(cast):
    ticket = cast.ticket()
    run(cast, ticket)
    waiting = writing_on(cast.actor(cast.ben), ticket.pk).waiting[0]
    assert (waiting.author, waiting.macro, [call["verb"] for call in waiting.calls]) == (
        "Ada",
        "Reload",
        ["reply", "priority", "add_tag", "status"],
    )
    assert [row.macro for row in waiting_replies(user_id=cast.ada.pk, queue_ids=[cast.support.pk])] == ["Reload"]
    with pytest.raises(NewerMessages, match="Ada is sending"):
        send_reply(
            ticket_id=ticket.pk,
            written=Written("Ben's own"),
            manner=Manner(seen_message_id=ticket.message_set.get().pk),
            by=cast.actor(cast.ben),
            at=cast.at,
        )


def test_of_somebody_who_left_nothing_is_done(cast):
    ticket = cast.ticket()
    run(cast, ticket)
    deactivate_user(user_id=cast.ada.pk, by=SETUP, at=cast.at)
    assert release_due(at=cast.later(seconds=9)) == 0
    ticket.refresh_from_db()
    assert (ticket.priority, len(bodies(ticket)), HeldReply.objects.get().why_back) == (3, 1, "left")


def test_a_double_click_holds_it_once_and_two_releases_do_it_once(fresh_cast):
    cast = fresh_cast
    ticket, macro = cast.ticket(), made(cast)
    first, second = at_once(*[lambda: run(cast, ticket, macro, client_token="t") for _click in range(2)])
    assert first.pk == second.pk
    held = HeldReply.objects.get()
    cast.later(seconds=6)
    at_once(
        lambda: release_due(at=cast.at),
        lambda: release_due(at=cast.at),
        lambda: take_back(held_id=held.pk, by=cast.actor(cast.ada), at=cast.at),
    )
    held.refresh_from_db()
    ticket.refresh_from_db()
    assert (ticket.priority, len(bodies(ticket)), Draft.objects.count()) == ((2, 2, 0) if held.released_at else (3, 1, 1))
    assert list(problems()) == []
