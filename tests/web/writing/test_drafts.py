"""Drafts over HTTP: saved by scripts, listed on a page, taken over, and invisible to whom they are none of their business."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from steward.desk.actions.drafts import Typed, save_draft
from steward.desk.models import Draft, DraftCopy, Message, PendingFile
from tests.cast import Cast
from tests.web.ticket.acting import ATTACK, HTMX, as_, asking_user, assert_harmless, send, text_of

JSON = {"Accept": "application/json"}


def save(client: Client, ticket, body: str, kind: str = "reply", **fields: object):
    return client.post(f"/writing/tickets/{ticket.pk}/{kind}/", {"body": body, **fields}, headers=JSON)


def test_what_is_typed_is_kept_and_stands_in_the_box_of_the_next_page(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    told = save(browser, ticket, "Half an <b>answer</b>", client_token="token-7", device="d", turn=1).json()
    assert told["version"] == 1
    page = text_of(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Half an &lt;b&gt;answer&lt;/b&gt;" in page
    assert 'name="client_token" value="token-7"' in page
    assert 'data-draft-version="1"' in page
    assert f'data-draft="u{cast.ada.pk}-reply-{ticket.pk}"' in page
    assert "Half an" not in text_of(as_(cast.ben).get(f"/tickets/{ticket.pk}/"))


def test_a_second_device_is_offered_the_first_ones_text_and_chooses(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    save(browser, ticket, "From the desk", device="desk", turn=1)
    told = save(browser, ticket, "From the phone", device="phone", turn=1).json()
    assert [copy["body"] for copy in told["copies"]] == ["From the desk"]
    used = browser.post(f"/writing/copies/{told['copies'][0]['id']}/use/", headers=JSON).json()
    assert used["body"] == "From the desk"
    assert [copy["body"] for copy in used["copies"]] == ["From the phone"]
    assert as_(cast.ben).post(f"/writing/copies/{used['copies'][0]['id']}/drop/", headers=JSON).status_code == 404
    assert browser.post(f"/writing/copies/{used['copies'][0]['id']}/drop/", headers=JSON).status_code == 200
    assert not DraftCopy.objects.exists()
    assert browser.get(f"/writing/tickets/{ticket.pk}/reply/", headers=JSON).json()["body"] == "From the desk"


def test_files_go_to_the_draft_at_once_and_onto_the_message_when_it_is_sent(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    address = f"/writing/tickets/{ticket.pk}/reply/files/"
    kept = browser.post(address, {"file": SimpleUploadedFile("log.txt", b"12:01 error\n")}, headers=JSON).json()
    assert kept["name"] == "log.txt"
    assert "log.txt" in text_of(browser.get(f"/tickets/{ticket.pk}/"))
    refused = browser.post(address, {"file": SimpleUploadedFile("picture.png", b"<html>no</html>")}, headers=JSON)
    assert refused.status_code == 422
    assert "picture.png" in refused.json()["error"]["message"]
    assert browser.post(address, {}, headers=JSON).status_code == 422
    assert send(browser, ticket, "replies", body="See the log.", client_token="t", draft_file=[kept["id"]]).status_code == 200
    assert [file.name for file in Message.objects.get(body="See the log.").attachments.all()] == ["log.txt"]
    assert not Draft.objects.exists()


def test_a_file_is_taken_off_again(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    upload = {"file": SimpleUploadedFile("log.txt", b"12:01\n")}
    kept = browser.post(f"/writing/tickets/{ticket.pk}/note/files/", upload, headers=JSON).json()
    assert as_(cast.ben).post(f"/writing/files/{kept['id']}/remove/", headers=JSON).status_code == 200
    assert PendingFile.objects.exists()
    browser.post(f"/writing/files/{kept['id']}/remove/", headers=JSON)
    assert not PendingFile.objects.exists()


def test_without_a_session_a_script_is_told_so_and_not_sent_elsewhere(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    answer = save(Client(), ticket, "Half an answer")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signed_out")
    assert Client().post("/writing/held/1/back/", headers=JSON).status_code == 401
    assert Client().get("/writing/").status_code == 302


def test_outsiders_save_read_and_take_nothing(cast: Cast) -> None:
    ticket, hidden = cast.ticket("Help"), cast.ticket("Grave", queue=cast.restricted)
    save(as_(cast.lin), hidden, "Lin's secret")
    who, _asks = asking_user()
    for browser, where in ((as_(who), ticket), (as_(cast.eno), ticket), (as_(cast.ada), hidden)):
        assert save(browser, where, "Hello").status_code == 404
        assert browser.get(f"/writing/tickets/{where.pk}/reply/", headers=JSON).status_code == 404
        upload = {"file": SimpleUploadedFile("a.txt", b"a")}
        assert browser.post(f"/writing/tickets/{where.pk}/reply/files/", upload, headers=JSON).status_code == 404
        assert browser.get(f"/tickets/{where.pk}/drafts/").status_code == 404
    assert save(as_(cast.ana), ticket, "Hello").status_code == 403
    assert save(as_(cast.ada), ticket, "Hello", kind="letter").status_code == 404
    assert as_(who).get("/writing/").status_code == 404
    draft = Draft.objects.get()
    assert as_(cast.ada).post(f"/writing/drafts/{draft.pk}/take/").status_code == 404
    assert "secret" not in text_of(as_(cast.ada).get("/writing/"))


def test_a_late_save_of_what_was_sent_is_told_apart(cast: Cast) -> None:
    ticket, browser = cast.ticket("Help"), as_(cast.ada)
    send(browser, ticket, "replies", body="Done", client_token="t")
    answer = save(browser, ticket, "Done", client_token="t")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already_sent")


def test_colleagues_see_that_somebody_has_begun_and_take_it_over_when_they_may(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    save(as_(cast.ada), ticket, "Begun by Ada", client_token="t")
    ben = as_(cast.ben)
    page = text_of(ben.get(f"/tickets/{ticket.pk}/"))
    assert "Ada has begun a reply" in page
    assert "Take it over" not in page
    assert "Ada has begun a reply" in text_of(ben.get(f"/tickets/{ticket.pk}/drafts/", headers=HTMX))
    draft = Draft.objects.get()
    as_(cast.ada).post(f"/writing/drafts/{draft.pk}/share/", {"shared": "1"})
    assert "Take it over" in text_of(ben.get(f"/tickets/{ticket.pk}/"))
    assert ben.post(f"/writing/drafts/{draft.pk}/take/").status_code == 303
    assert "Begun by Ada" in text_of(ben.get(f"/tickets/{ticket.pk}/"))
    assert "Your draft was taken over" in text_of(as_(cast.ada).get("/notices/"))


def test_the_page_lists_ones_drafts_and_throws_them_away(cast: Cast) -> None:
    ticket, browser = cast.ticket(f"Help {ATTACK}"), as_(cast.ada)
    save(browser, ticket, f"Mine {ATTACK}")
    save(as_(cast.ben), ticket, "Not mine")
    page = text_of(browser.get("/writing/"))
    assert_harmless(page)
    assert "Not mine" not in page
    assert f"#{ticket.pk}" in page
    draft = Draft.objects.get(author=cast.ada)
    assert as_(cast.ben).post(f"/writing/drafts/{draft.pk}/discard/").status_code == 303
    assert Draft.objects.filter(pk=draft.pk).exists()
    browser.post(f"/writing/drafts/{draft.pk}/discard/")
    assert "You have no drafts." in text_of(browser.get("/writing/"))


@pytest.mark.parametrize("count", [1, 3, 12])
def test_the_page_costs_the_same_however_much_is_written(cast: Cast, assert_queries, count: int) -> None:
    browser = as_(cast.ada)
    for number in range(count):
        ticket = cast.ticket(f"Ticket {number}")
        save_draft(ticket_id=ticket.pk, kind=Draft.Kind.REPLY, typed=Typed("Begun"), by=cast.actor(cast.ada), at=cast.at)
    browser.get("/writing/")
    with assert_queries(7):
        browser.get("/writing/")


def test_a_row_of_the_list_says_that_one_has_a_draft_there_to_oneself_alone(cast: Cast) -> None:
    ticket = cast.ticket("Help")
    save(as_(cast.ada), ticket, "Begun")
    for address in ("/tickets/?view=open", f"/tickets/pane/?view=open&current={ticket.pk}"):
        assert "data-draft-mark" in text_of(as_(cast.ada).get(address))
        assert "data-draft-mark" not in text_of(as_(cast.ben).get(address))
