"""A macro on the ticket's page: chosen, shown, run, shown anew when something stands in the way, taken back."""

import json

import pytest

from steward.desk.actions.intake import receive_message
from steward.desk.actions.macros import change_macro, create_macro
from steward.desk.actions.settings import set_hold_time
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import HeldReply, MacroRun, Message
from tests.cast import SETUP
from tests.desk.conftest import kinds

CALLS = [Call("reply", {"body": "Please reload, {{requester.first_name}}."}), Call("priority", {"priority": "1"})]


@pytest.fixture
def macro(cast):
    return create_macro(about=About("Reload", folder="Console", scope="all"), calls=CALLS, by=cast.actor(cast.lin), at=cast.at)


def run(client, ticket, macro, **more):
    values = {"seen_version": "1", "client_token": "t", **more}
    return client.post(f"/tickets/{ticket.pk}/macros/{macro.pk}/run/", values, HTTP_HX_REQUEST="true")


def test_the_dialog_lists_finds_and_shows(cast, client, macro):
    ticket = cast.ticket()
    client.force_login(cast.ada)
    assert 'data-dialog-open="macros"' in client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "Reload" in client.get(f"/tickets/{ticket.pk}/macros/").content.decode()
    assert "No macro has these words." in client.get(f"/tickets/{ticket.pk}/macros/", {"q": "zebra"}).content.decode()
    shown = client.get(f"/tickets/{ticket.pk}/macros/{macro.pk}/").content.decode()
    for words in ("Please reload, Ravi.", "Priority: Normal → Urgent", "Status: New → Open", "Run it"):
        assert words in shown
    assert kinds(ticket) == kinds(cast.ticket())


def test_running_says_what_was_done_offers_undo_and_the_timeline_names_the_macro(cast, client, macro):
    ticket = cast.ticket()
    client.force_login(cast.ada)
    answer = run(client, ticket, macro).content.decode()
    made = MacroRun.objects.get()
    assert "Done: Reload" in answer
    assert f"/tickets/{ticket.pk}/macro-runs/{made.pk}/undo/" in answer
    assert "by macro ‘Reload’ v1" in client.get(f"/tickets/{ticket.pk}/").content.decode()
    again = run(client, ticket, macro)
    assert again.status_code == 200
    assert MacroRun.objects.count() == 1
    undone = client.post(f"/tickets/{ticket.pk}/macro-runs/{made.pk}/undo/", HTTP_HX_REQUEST="true")
    assert "Taken back." in undone.content.decode()
    ticket.refresh_from_db()
    assert ticket.priority == 3


def test_a_newer_message_is_shown_and_must_be_passed_on_purpose(cast, client, macro):
    ticket = cast.ticket()
    seen = Message.objects.filter(ticket=ticket).get().pk
    receive_message(ticket_id=ticket.pk, body="It works again!", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    client.force_login(cast.ada)
    answer = run(client, ticket, macro, seen_message_id=str(seen))
    assert answer.status_code == 409
    for words in ("It works again!", "Run anyway", "wrote while you were typing"):
        assert words in answer.content.decode()
    assert run(client, ticket, macro, seen_message_id=str(seen), anyway="1").status_code == 200


def test_a_macro_changed_meanwhile_is_shown_anew(cast, client, macro):
    ticket = cast.ticket()
    change_macro(macro_id=macro.pk, about=About("Reload", scope="all"), calls=CALLS[1:], by=cast.actor(cast.lin), at=cast.at)
    client.force_login(cast.ada)
    answer = run(client, ticket, macro)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "changed meanwhile" in page
    assert 'name="seen_version" value="2"' in page
    assert "Please reload" not in page
    assert not MacroRun.objects.exists()


def test_what_cannot_be_done_is_said_and_not_offered(cast, client):
    macro = create_macro(
        about=About("Market", scope="all"),
        calls=[Call("note", {"body": "{{requester.market}}"})],
        by=cast.actor(cast.lin),
        at=cast.at,
    )
    ticket = cast.ticket(requester=cast.oto)
    client.force_login(cast.ada)
    page = client.get(f"/tickets/{ticket.pk}/macros/{macro.pk}/").content.decode()
    assert "whole or not at all" in page
    assert "data-run>" not in page
    assert run(client, ticket, macro).status_code == 422


def test_no_path_leads_to_a_ticket_out_of_sight(cast, client, macro):
    hidden = cast.ticket(queue=cast.restricted)
    client.force_login(cast.ada)
    for path in ("macros/", f"macros/{macro.pk}/"):
        assert client.get(f"/tickets/{hidden.pk}/{path}").status_code == 404
    assert run(client, hidden, macro).status_code == 404
    from tests.cast import user

    client.force_login(user("Rosa", "requester"))
    assert client.get(f"/tickets/{cast.ticket().pk}/macros/").status_code == 404


def test_who_may_only_read_is_offered_no_macro(cast, client, macro):
    ticket = cast.ticket()
    client.force_login(cast.ana)
    assert 'data-dialog-open="macros"' not in client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert run(client, ticket, macro).status_code == 403


def held(cast, ticket, macro, client):
    set_hold_time(channel="portal", seconds=60, by=SETUP, at=cast.at)
    client.force_login(cast.ada)
    shown = client.get(f"/tickets/{ticket.pk}/macros/{macro.pk}/").content.decode()
    assert "Waits 60 s with its reply" in shown
    return run(client, ticket, macro)


def test_with_a_reply_that_waits_it_waits_in_sight_and_is_counted_down(cast, client, macro):
    ticket = cast.ticket()
    answer = held(cast, ticket, macro, client)
    waiting = HeldReply.objects.get()
    told = json.loads(answer["HX-Trigger"])["steward:held"]
    assert (told["id"], told["ticket"]) == (waiting.pk, ticket.pk)
    assert "waits with its reply" in answer.content.decode()
    page = client.get(f"/tickets/{ticket.pk}/").content.decode()
    for words in ("Please reload, Ravi.", "Done when it goes out:", "Reload", "Set the priority to Urgent"):
        assert words in page
    assert "Reload" in client.get("/writing/").content.decode()
    ticket.refresh_from_db()
    assert ticket.priority == 3
    client.force_login(cast.ben)
    theirs = client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "Done when it goes out:" in theirs
    assert f"/writing/held/{waiting.pk}/back/" not in theirs


def test_taken_back_its_text_is_in_the_box_and_sent_at_once_the_rest_can_be_undone(cast, client, macro):
    ticket, other = cast.ticket(), cast.ticket()
    held(cast, ticket, macro, client)
    back = client.post(f"/writing/held/{HeldReply.objects.get().pk}/back/", headers={"Accept": "application/json"}).json()
    assert (back["body"], back["mine"]) == ("Please reload, Ravi.", True)
    run(client, other, macro, client_token="u")
    waiting = HeldReply.objects.get(ticket=other)
    sent = client.post(f"/writing/held/{waiting.pk}/send/", headers={"Accept": "application/json"}).json()
    assert sent["done"] == "Done: Reload"
    other.refresh_from_db()
    ticket.refresh_from_db()
    assert (ticket.priority, other.priority) == (3, 1)
    assert client.post(sent["undo"], HTTP_HX_REQUEST="true").status_code == 200
    other.refresh_from_db()
    assert other.priority == 3
