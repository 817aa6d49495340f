"""Bulk runs over HTTP: from ticked boxes to what became of each ticket."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.bulk import gather
from steward.desk.actions.changing import transfer_ticket
from steward.desk.models import BulkRun, Ticket
from tests.cast import SETUP, Cast, user
from tests.web.ticket.acting import ATTACK, HTMX, as_, asking_user, assert_harmless, text_of


def tickets(cast: Cast, count: int) -> list[int]:
    return [cast.ticket(f"Number {number}").pk for number in range(count)]


def select(client, ticked, **fields) -> BulkRun:
    answered = client.post("/tickets/bulk/?view=open", {"id": ticked, "verb": "priority", **fields})
    assert answered.status_code == 303, text_of(answered)
    return BulkRun.objects.latest("id")


FORM = {"verb": "priority", "0.priority": "1"}


def test_from_ticked_boxes_to_the_result_and_back(cast: Cast) -> None:
    ids, ada = tickets(cast, 3), as_(cast.ada)
    listed = text_of(ada.get("/tickets/?view=open"))
    assert all(f'name="id" value="{pk}" form="bulk-bar"' in listed for pk in ids)
    run = select(ada, ids[:1], ids=f"{ids[1]},{ids[1]},x")
    assert [row.ticket_id for row in run.rows.order_by("ticket_id")] == ids[:2]
    assert "Set the priority" in text_of(ada.get(f"/bulk/{run.pk}/?verb=priority"))
    seen = text_of(ada.post(f"/bulk/{run.pk}/preview/", FORM, headers=HTMX))
    assert "Priority: Normal → Urgent" in seen
    started = ada.post(f"/bulk/{run.pk}/start/", FORM, headers=HTMX)
    assert started.headers["HX-Redirect"] == f"/bulk/{run.pk}/"
    assert list(Ticket.objects.order_by("id").values_list("priority", flat=True)) == [1, 1, 3]
    page = text_of(ada.get(f"/bulk/{run.pk}/"))
    assert 'data-selection-done="view=open"' in page
    assert "Undo" in page
    back = ada.post(f"/bulk/{run.pk}/undo/", headers=HTMX)
    assert back.headers["HX-Redirect"] == f"/bulk/{run.pk + 1}/"
    assert set(Ticket.objects.values_list("priority", flat=True)) == {3}
    assert "It was taken back" in text_of(ada.get(f"/bulk/{run.pk}/"))


def test_all_that_match_are_those_of_the_filter(cast: Cast) -> None:
    ids, ada = tickets(cast, 60), as_(cast.ada)
    transfer_ticket(ticket_id=ids[0], queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    Ticket.objects.filter(pk__in=ids[1:4]).update(priority=1)
    ada.post("/tickets/bulk/?view=open&q=priority:urgent", {"all": "1", "verb": "priority"})
    assert [row.ticket_id for row in BulkRun.objects.latest("id").rows.order_by("ticket_id")] == ids[1:4]
    ada.post("/tickets/bulk/?view=open", {"all": "1", "verb": "priority"})
    assert BulkRun.objects.latest("id").rows.count() == 59
    Ticket.objects.filter(pk__in=ids[1:4]).update(priority=3)


def test_the_same_selection_sent_twice_is_one_run_and_another_one_from_the_same_page_its_own(cast: Cast) -> None:
    ids, ada = tickets(cast, 2), as_(cast.ada)
    first = select(ada, ids, client_token="t")
    assert select(ada, ids, client_token="t") == first
    assert select(ada, ids[:1], client_token="t") != first


def test_changes_are_added_and_taken_off_with_what_was_typed(cast: Cast) -> None:
    ada = as_(cast.ada)
    run = select(ada, tickets(cast, 1))
    more = text_of(ada.post(f"/bulk/{run.pk}/steps/", {**FORM, "add": "add_tag"}, headers=HTMX))
    assert 'name="1.tag"' in more
    assert 'value="1" selected' in more
    both = {"verb": ["priority", "add_tag"], "0.priority": "1", "1.tag": "outage"}
    less = text_of(ada.post(f"/bulk/{run.pk}/steps/", {**both, "remove": "0"}, headers=HTMX))
    assert 'name="0.tag"' in less
    assert "outage" not in less or 'value="outage"' in less
    assert ada.post(f"/bulk/{run.pk}/start/", both, headers=HTMX).status_code == 200
    assert Ticket.objects.get().tickettag_set.get().tag.name == "outage"


def test_what_is_missing_names_its_input_and_nothing_starts(cast: Cast) -> None:
    ada = as_(cast.ada)
    run = select(ada, tickets(cast, 1))
    refused = ada.post(f"/bulk/{run.pk}/start/", {"verb": "priority", "0.priority": ""}, headers=HTMX)
    assert refused.status_code == 422
    assert '"field": "0.priority"' in refused.headers["HX-Trigger"]
    assert "is missing" in text_of(ada.post(f"/bulk/{run.pk}/preview/", {"verb": "priority"}, headers=HTMX))
    assert BulkRun.objects.get().state == "prepared"


def test_what_was_not_done_is_listed_with_a_link_and_its_reason(cast: Cast) -> None:
    seen, hidden = tickets(cast, 2)
    ada = as_(cast.ada)
    run = select(ada, [seen, hidden])
    transfer_ticket(ticket_id=hidden, queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    Ticket.objects.filter(pk=hidden).update(subject="Secret thing")
    ada.post(f"/bulk/{run.pk}/start/", FORM, headers=HTMX)
    page = text_of(ada.get(f"/bulk/{run.pk}/"))
    assert f'href="/tickets/{hidden}/"' in page
    assert "A ticket you may not see" in page
    assert "Secret thing" not in page
    assert "Secret thing" in text_of(as_(cast.lin).get(f"/bulk/{run.pk}/")), "a lead who sees the queue sees the subject"


@pytest.mark.parametrize("who", ["ben", "eno", "ana", "requester", "reviewer"])
def test_to_others_a_run_seems_not_to_exist(cast: Cast, who: str) -> None:
    run = gather(ticket_ids=tickets(cast, 1), by=cast.actor(cast.ada), at=cast.at)
    person = {"requester": lambda: asking_user()[0], "reviewer": lambda: user("Rev", "reviewer")}.get(
        who, lambda: getattr(cast, who)
    )()
    client = as_(person)
    for path in ("", "progress/", "tickets/"):
        assert client.get(f"/bulk/{run.pk}/{path}").status_code == 404, path
    for path in ("steps/", "preview/", "start/", "stop/", "resume/", "undo/", "again/"):
        assert client.post(f"/bulk/{run.pk}/{path}", FORM).status_code == 404, path
    if who != "ben":
        assert client.post("/tickets/bulk/", {"id": [run.rows.get().ticket_id]}).status_code in {403, 404, 422}
        assert BulkRun.objects.count() == 1
    if who in {"ana", "requester", "reviewer"}:
        assert client.get("/bulk/").status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_of_a_run_costs_the_same_however_many_tickets_it_has(cast: Cast, count: int) -> None:
    ada, spent = as_(cast.ada), []
    for many in (1, count):
        run = select(ada, tickets(cast, many))
        ada.post(f"/bulk/{run.pk}/start/", {"verb": "status", "0.status": "1"}, headers=HTMX)
        ada.post(f"/bulk/{run.pk}/start/", FORM, headers=HTMX)
        with CaptureQueriesContext(connection) as queries:
            ada.get(f"/bulk/{run.pk}/")
        spent.append(len(queries))
    assert spent[0] == spent[1]


def test_what_people_wrote_is_harmless(cast: Cast) -> None:
    ada = as_(cast.ada)
    run = select(ada, [cast.ticket(subject=ATTACK[:280]).pk])
    form = {"verb": "reply", "0.body": ATTACK.replace("{{ 7*7 }}", "{{requester.name}}")}
    assert_harmless(text_of(ada.post(f"/bulk/{run.pk}/preview/", form, headers=HTMX)))
    assert_harmless(text_of(ada.post(f"/bulk/{run.pk}/steps/", form, headers=HTMX)))


def test_something_else_is_done_to_the_same_tickets(cast: Cast) -> None:
    ids, ada = tickets(cast, 2), as_(cast.ada)
    run = select(ada, ids)
    ada.post(f"/bulk/{run.pk}/start/", FORM, headers=HTMX)
    ada.post(f"/bulk/{run.pk}/again/", headers=HTMX)
    again = BulkRun.objects.latest("id")
    assert [row.ticket_id for row in again.rows.order_by("ticket_id")] == ids
    assert again.came_from == "view=open"
    assert "bulk" in text_of(ada.get("/bulk/")).lower()
