"""B22: a macro shows what it will change before it does, and obeys the same rules as a person."""

from datetime import timedelta

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.changing import change_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.macro_runs import MacroChangedMeanwhile, can_undo, run_macro, show_macro, undo_macro_run
from steward.desk.actions.macros import change_macro, create_macro, put_away_macro
from steward.desk.actions.replies import NewerMessages
from steward.desk.actions.settings import change_queue
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Macro, MacroRun, Message, Status
from steward.desk.queries.macros import offered_to
from steward.desk.queries.verification import problems
from steward.ledger.models import Event
from tests.desk.conftest import at_once, bodies, kinds


def status(state):
    return str(Status.objects.get(state=state, is_default=True).pk)


def steps(**others):
    return [
        Call("reply", {"body": "Hello {{requester.first_name}}, please reload. {{agent.name}}"}),
        Call("priority", {"priority": "2"}),
        Call("add_tag", {"tag": "reload"}),
        Call("status", {"status": status("pending"), "reason": "", "why": ""}),
    ]


@pytest.fixture
def macro(cast):
    return create_macro(about=About("Reload", scope="all"), calls=steps(), by=cast.actor(cast.lin), at=cast.at)


def show(cast, macro, ticket, who=None):
    return show_macro(macro_id=macro.pk, ticket_id=ticket.pk, by=cast.actor(who or cast.ada), at=cast.at)


def run(cast, macro, ticket, who=None, version=1, **more):
    by = cast.actor(who or cast.ada)
    return run_macro(macro_id=macro.pk, ticket_id=ticket.pk, seen_version=version, by=by, at=cast.later(minutes=1), **more)


def test_the_dialog_lists_each_change_in_words_and_changes_nothing(cast, macro):
    ticket = cast.ticket()
    before = kinds(ticket)
    shown = show(cast, macro, ticket)
    assert shown.may_run
    assert [words for one in shown.previews for words in one.described.changes] == [
        "Reply to the requester: “Hello Ravi, please reload. Ada”",
        "Status: New → Open",
        "Owner: nobody → Ada",
        "Priority: Normal → High",
        "Add the label reload",
        "Status: Open → Waiting on requester",
    ]
    assert kinds(ticket) == before


def test_it_does_exactly_that_in_one_transaction_with_its_version_as_the_cause(cast, macro):
    ticket = cast.ticket()
    run(cast, macro, ticket)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.priority, ticket.assignee) == ("pending", 2, cast.ada)
    assert bodies(ticket)[-1] == "Hello Ravi, please reload. Ada"
    events = Event.objects.filter(stream=f"ticket:{ticket.pk}", cause=f"macro:{macro.pk}@v1")
    assert {event.actor_kind for event in events} == {"macro"}
    assert {event.actor_id for event in events} == {cast.ada.pk}
    assert Message.objects.filter(ticket=ticket).last().author_kind == "agent"
    assert list(problems()) == []


def test_what_will_not_apply_is_said_with_the_reason_and_then_none_of_it_is_done(cast):
    calls = [Call("priority", {"priority": "1"}), Call("reply", {"body": "For {{requester.market}}"})]
    macro = create_macro(about=About("Market", scope="all"), calls=calls, by=cast.actor(cast.lin), at=cast.at)
    ticket = cast.ticket(requester=cast.oto)
    shown = show(cast, macro, ticket)
    assert not shown.may_run
    assert "{{requester.market}}" in shown.previews[1].described.refused
    before = kinds(ticket)
    with pytest.raises(Invalid):
        run(cast, macro, ticket)
    assert kinds(ticket) == before
    assert not MacroRun.objects.exists()


def test_what_is_so_already_is_shown_as_nothing_to_do(cast, macro):
    ticket = cast.ticket()
    change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 2)}, by=cast.actor(cast.ada), at=cast.at)
    assert show(cast, macro, ticket).previews[1].described.is_nothing


def test_a_macro_changed_while_the_dialog_is_open_does_nothing_and_says_so(cast, macro):
    ticket = cast.ticket()
    lin = cast.actor(cast.lin)
    change_macro(macro_id=macro.pk, about=About("Reload", scope="all"), calls=steps()[1:], seen_version=1, by=lin, at=cast.at)
    before = kinds(ticket)
    with pytest.raises(MacroChangedMeanwhile):
        run(cast, macro, ticket)
    assert kinds(ticket) == before
    run(cast, macro, ticket, version=2)
    assert Event.objects.filter(cause=f"macro:{macro.pk}@v2").exists()


def test_a_macro_put_away_while_the_dialog_is_open_says_so(cast, macro):
    put_away_macro(macro_id=macro.pk, is_active=False, by=cast.actor(cast.lin), at=cast.at)
    with pytest.raises(NotFound, match="put away"):
        run(cast, macro, cast.ticket())
    assert offered_to(cast.actor(cast.ada)) == []


def test_somebody_elses_newer_message_is_shown_first(cast, macro):
    ticket = cast.ticket()
    seen = Message.objects.filter(ticket=ticket).last().pk
    ravi = cast.actor(cast.ravi)
    receive_message(ticket_id=ticket.pk, body="It works again.", by=ravi, at=cast.later(minutes=1))
    with pytest.raises(NewerMessages):
        run(cast, macro, ticket, seen_message_id=seen)
    run(cast, macro, ticket, seen_message_id=seen, anyway=True)


def test_a_double_click_runs_it_once(fresh_cast, monkeypatch):
    cast = fresh_cast
    macro = create_macro(about=About("Reload", scope="all"), calls=steps(), by=cast.actor(cast.lin), at=cast.at)
    ticket = cast.ticket()
    by = cast.actor(cast.ada)

    def click():
        return run_macro(macro_id=macro.pk, ticket_id=ticket.pk, seen_version=1, client_token="t", by=by, at=cast.at)

    first, second = at_once(click, click)
    assert first.pk == second.pk
    assert len(bodies(ticket)) == 2
    assert list(problems()) == []


def test_undo_puts_back_what_the_verbs_allow_and_keeps_what_was_said(cast, macro):
    ticket = cast.ticket()
    made = run(cast, macro, ticket)
    assert can_undo(made)
    left = undo_macro_run(run_id=made.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.priority) == ("open", 3)
    assert len(bodies(ticket)) == 2
    assert left == []
    before = kinds(ticket)
    undo_macro_run(run_id=made.pk, by=cast.actor(cast.ada), at=cast.at)
    assert kinds(ticket) == before


def test_undo_leaves_alone_what_somebody_changed_since_and_says_so(cast, macro):
    ticket = cast.ticket()
    made = run(cast, macro, ticket)
    change_ticket(ticket_id=ticket.pk, changes={"priority": (2, 1)}, by=cast.actor(cast.ben), at=cast.at)
    left = undo_macro_run(run_id=made.pk, by=cast.actor(cast.ada), at=cast.at)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.state) == (1, "open")
    assert [one.call.verb for one in left] == ["priority"]


def test_a_run_is_undone_by_whoever_ran_it_and_within_a_day(cast, macro):
    made = run(cast, macro, cast.ticket())
    with pytest.raises(NotFound):
        undo_macro_run(run_id=made.pk, by=cast.actor(cast.ben), at=cast.at)
    with pytest.raises(Conflict):
        undo_macro_run(run_id=made.pk, by=cast.actor(cast.ada), at=cast.at + timedelta(days=2))


def test_it_gives_nobody_a_right_they_do_not_have(cast, macro):
    ticket, hidden = cast.ticket(), cast.ticket(queue=cast.restricted)
    for who, where, error in [(cast.ada, hidden, NotFound), (cast.eno, ticket, NotFound), (cast.ana, ticket, NotAllowed)]:
        with pytest.raises(error):
            run(cast, macro, where, who=who)
    assert show(cast, macro, hidden, who=cast.lin).may_run
    with pytest.raises(NotFound):
        show(cast, macro, hidden)


def test_agents_make_macros_for_themselves_and_leads_for_others(cast):
    ada = cast.actor(cast.ada)
    create_macro(about=About("Mine"), calls=steps(), by=ada, at=cast.at)
    with pytest.raises(NotAllowed):
        create_macro(about=About("Ours", scope="all"), calls=steps(), by=ada, at=cast.at)
    assert [one.name for one in offered_to(ada)] == ["Mine"]
    assert offered_to(cast.actor(cast.ben)) == []


def test_a_macro_into_a_closed_queue_is_refused_when_made_and_told_when_shown(cast):
    lin = cast.actor(cast.lin)
    calls = [Call("transfer", {"queue": str(cast.leads.pk), "reason": "Please decide."})]
    macro = create_macro(about=About("To the leads", scope="all"), calls=calls, by=lin, at=cast.at)
    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=cast.actor(cast.ana), at=cast.at)
    assert "closed" in show(cast, macro, cast.ticket()).previews[0].described.refused
    with pytest.raises(Invalid, match="closed"):
        create_macro(about=About("Again", scope="all"), calls=calls, by=lin, at=cast.at)


def test_two_leads_changing_one_macro_are_told_of_each_other(cast, macro):
    lin = cast.actor(cast.lin)
    about = About("Reload", scope="all")
    change_macro(macro_id=macro.pk, about=about, calls=steps()[:1], seen_version=1, by=lin, at=cast.at)
    with pytest.raises(Conflict):
        change_macro(macro_id=macro.pk, about=about, calls=steps()[:2], seen_version=1, by=cast.actor(cast.ana), at=cast.at)
    same = change_macro(macro_id=macro.pk, about=about, calls=steps()[:1], seen_version=2, by=lin, at=cast.at)
    assert same.version == 2
    assert Macro.objects.get(pk=macro.pk).times_used == 0
