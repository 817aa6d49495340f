import pytest

from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.rules.states import State
from tests.web.portal.signing_in import HTMX, signed_in

# Session, user, actor; topics and the fields asked of them; front queue and who is there (3); the list.
PAGE_QUERIES = 8


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_page_of_requests_costs_the_same_however_many_there_are(desk, rows, assert_queries):
    for number in range(rows):
        ticket = desk.ticket(f"Request number {number}")
        reply(ticket_id=ticket.pk, body="On it", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    ravi = signed_in(desk.ravi)
    with assert_queries(PAGE_QUERIES):
        page = ravi.get("/portal/").content.decode()
    assert page.count('class="request"') == rows


@pytest.mark.parametrize("said", [1, 3, 50])
def test_a_request_costs_the_same_however_much_was_said(desk, said, assert_queries):
    ticket = desk.ticket()
    for number in range(said):
        reply(ticket_id=ticket.pk, body=f"Answer {number}", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    ravi = signed_in(desk.ravi)
    with assert_queries(10):
        ravi.get(f"/portal/requests/{ticket.pk}/")


def test_open_and_past_requests_are_kept_apart(desk):
    waiting, over = desk.ticket("Still waiting"), desk.ticket("Long over")
    change_status(ticket_id=over.pk, state=State.CLOSED, reason="duplicate", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    ravi = signed_in(desk.ravi)
    home, past = ravi.get("/portal/").content.decode(), ravi.get("/portal/?show=past").content.decode()
    assert (f"request-{waiting.pk}" in home, f"request-{over.pk}" in home) == (True, False)
    assert (f"request-{waiting.pk}" in past, f"request-{over.pk}" in past) == (False, True)


def test_the_list_is_paged_by_key_both_ways(desk):
    tickets = [desk.ticket(f"Number {number}").pk for number in range(60)]
    ravi = signed_in(desk.ravi)
    first = ravi.get("/portal/?show=open").content.decode()
    assert first.count('class="request"') == 50
    older = first.split("show=open&amp;page=")[1].split('"')[0]
    second = ravi.get(f"/portal/?show=open&page={older}").content.decode()
    assert second.count('class="request"') == 10
    assert f"request-{tickets[0]}" in second
    newer = second.split("show=open&amp;page=")[1].split('"')[0]
    assert f"request-{tickets[-1]}" in ravi.get(f"/portal/?page={newer}").content.decode()


def test_a_page_that_was_made_up_is_told_plainly(desk):
    answer = signed_in(desk.ravi).get("/portal/?page=nonsense")
    assert answer.status_code == 422
    assert "does not exist" in answer.content.decode()


def test_nobody_sees_somebody_elses_requests(desk):
    desk.ticket("Secret of Ravi")
    assert "Secret of Ravi" not in signed_in(desk.oto).get("/portal/").content.decode()
    page = signed_in(desk.ada).get("/portal/").content.decode()
    assert "Secret of Ravi" not in page
    assert "data-live=" not in page


def test_the_list_refreshes_as_a_part(desk):
    ticket = desk.ticket()
    part = signed_in(desk.ravi).get("/portal/?show=open", **HTMX).content.decode()
    assert f"request-{ticket.pk}" in part
    assert "<html" not in part
    assert f'data-live="requester:{desk.ravi.pk}"' in part


def test_new_answers_are_marked_until_they_were_seen(desk):
    ticket = desk.ticket()
    ravi = signed_in(desk.ravi)
    assert "new answer" not in ravi.get("/portal/").content.decode()
    message = reply(ticket_id=ticket.pk, body="On it", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    assert "new answer" in ravi.get("/portal/").content.decode()
    ravi.post(f"/portal/requests/{ticket.pk}/seen/", {"message_id": message.pk})
    assert "new answer" not in ravi.get("/portal/").content.decode()
