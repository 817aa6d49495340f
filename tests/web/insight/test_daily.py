"""The daily report over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.replies import reply
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, text_of

MOST_QUERIES = 14
DAY = "/report/daily/2026-03-02/"


def a_day(cast: Cast):
    ticket = cast.ticket("<script>alert(1)</script> <b>queue</b> is empty")
    reply(ticket_id=ticket.pk, body="Look again.", then=State.SOLVED, by=cast.actor(cast.ada), at=cast.later(minutes=5))
    handed = cast.ticket("Stuck item")
    why = "<img src=x onerror=alert(1)> job store disagrees"
    transfer_ticket(
        ticket_id=handed.pk, queue_id=cast.engineering.pk, reason=why, by=cast.actor(cast.ada), at=cast.later(minutes=5)
    )
    return ticket, handed


def test_a_lead_reads_the_day_and_every_number_leads_to_its_tickets(cast):
    ticket, handed = a_day(cast)
    browser = as_(cast.lin)
    page = browser.get(f"{DAY}?zone=UTC")
    assert page.status_code == 200
    html = page.content.decode()
    assert "/report/daily/2026-03-02/received/?zone=UTC" in html
    assert "job store disagrees" in html
    for figure, wanted in (
        ("received", {ticket.pk, handed.pk}),
        ("solved", {ticket.pk}),
        ("handed_on", {handed.pk}),
        ("backlog", {handed.pk}),
    ):
        rows = browser.get(f"{DAY}{figure}/?zone=UTC").content.decode()
        assert {pk for pk in (ticket.pk, handed.pk) if f">#{pk}<" in rows} == wanted, figure
    narrowed = browser.get(f"{DAY}received/?zone=UTC&part=queue:{cast.engineering.pk}").content.decode()
    assert f">#{handed.pk}<" in narrowed
    assert f">#{ticket.pk}<" not in narrowed


def test_what_people_wrote_is_never_markup(cast):
    a_day(cast)
    browser = as_(cast.lin)
    for path in (DAY, f"{DAY}received/"):
        html = browser.get(f"{path}?zone=UTC").content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_agents_engineers_requesters_and_strangers_get_no_report(cast, client):
    assert as_(cast.ada).get(DAY).status_code == 403
    assert as_(cast.eno).get(DAY).status_code == 403
    who, _asks = asking_user()
    assert as_(who).get(DAY).status_code == 404
    assert client.get(DAY).status_code == 302


def test_a_restricted_queue_is_not_in_the_report_of_somebody_without_access(cast):
    cast.ticket("Grave matter", queue=cast.restricted, requester=cast.oto)
    assert "Grave matter" in text_of(as_(cast.lin).get(f"{DAY}received/?zone=UTC"))
    for path in (DAY, f"{DAY}received/", f"{DAY}backlog/?part=queue:{cast.restricted.pk}"):
        shown = text_of(as_(cast.ana).get(path))
        assert "Grave matter" not in shown
        assert "Child safety" not in shown


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/report/daily/nonsense/", 422),
        ("/report/daily/2026-13-40/", 422),
        ("/report/daily/2999-01-01/", 422),
        (f"{DAY}?zone=Mars/Olympus", 422),
        (f"{DAY}?zone=../../etc/passwd", 422),
        (f"{DAY}nonsense/", 404),
        (f"{DAY}backlog/?part=age:77", 404),
        (f"{DAY}backlog/?part=queue:99999999999999999999999", 200),
        (f"{DAY}received/?part=%00", 404),
    ],
)
def test_a_malformed_address_is_answered_clearly(cast, path, status):
    assert as_(cast.lin).get(path).status_code == status


def test_the_address_without_a_day_leads_to_today_and_the_form_to_its_day(cast):
    browser = as_(cast.lin)
    today = browser.get("/report/daily/?zone=UTC")
    assert today.status_code == 302
    assert (
        datetime.now(UTC).date().isoformat() in today["Location"]
        or (datetime.now(UTC) - timedelta(minutes=1)).date().isoformat() in today["Location"]
    )
    assert "2026-03-02" in browser.get("/report/daily/?date=2026-03-02&zone=Asia/Shanghai")["Location"]
    for nonsense in ("//evil.example", "x", "2026-02-30"):
        assert browser.get("/report/daily/", {"date": nonsense}).status_code == 422


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_costs_the_same_with_many_tickets(cast, count):
    for number in range(count):
        cast.ticket(f"Trouble {number}")
    browser = as_(cast.lin)
    browser.get(f"{DAY}?zone=UTC")
    with CaptureQueriesContext(connection) as found:
        browser.get(f"{DAY}?zone=UTC")
    assert len(found) <= MOST_QUERIES
