"""Handle time over HTTP: beats, the panel, corrections, and the sums for leads."""

from datetime import timedelta

import pytest
from django.test import Client

from steward.core import clock
from steward.desk.actions.handling import beat
from steward.desk.models import Handling
from tests.cast import Cast
from tests.web.ticket.acting import HTMX, as_, asking_user, text_of


def handled(cast: Cast, ticket, who, seconds: int = 600) -> Handling:
    """Have somebody work on a ticket for a while that ends now."""
    at = clock.now() - timedelta(seconds=seconds)
    for step in range(0, seconds + 1, 30):
        beat(
            ticket_id=ticket.pk,
            idle_for=timedelta(),
            leaving=step == seconds,
            by=cast.actor(who),
            at=at + timedelta(seconds=step),
        )
    return Handling.objects.get(user=who)


def test_a_beat_is_heard_without_an_answer(cast: Cast) -> None:
    ticket, browser = cast.ticket(), as_(cast.ada)
    for fields in ({"idle": "0"}, {"idle": "x"}, {"idle": "9" * 30}, {}, {"leaving": "1"}):
        assert browser.post(f"/shift/handling/{ticket.pk}/", fields).status_code == 204, fields


def test_it_is_heard_only_from_those_who_work_on_what_they_see(cast: Cast, client: Client) -> None:
    ticket, hidden = cast.ticket(), cast.ticket(queue=cast.restricted)
    asks, _requester = asking_user()
    for who in (asks, cast.ana):
        assert as_(who).post(f"/shift/handling/{ticket.pk}/").status_code == 404
    assert client.post(f"/shift/handling/{ticket.pk}/").status_code == 302
    browser = as_(cast.ada)
    assert browser.post(f"/shift/handling/{hidden.pk}/").status_code == 404
    assert browser.get(f"/shift/handling/{hidden.pk}/panel/").status_code == 404
    assert browser.get(f"/shift/handling/{ticket.pk}/").status_code == 405
    assert not Handling.objects.exists()


def test_the_panel_shows_ones_own_stretches_and_everybodys_sum(cast: Cast) -> None:
    ticket = cast.ticket()
    mine, bens = handled(cast, ticket, cast.ada, 600), handled(cast, ticket, cast.ben, 300)
    page = text_of(as_(cast.ada).get(f"/shift/handling/{ticket.pk}/panel/", headers=HTMX))
    assert "10m" in page
    assert "15m" in page
    assert f"/shift/handling/{ticket.pk}/{mine.pk}/" in page
    assert f"/shift/handling/{ticket.pk}/{bens.pk}/" not in page
    assert "Ben" not in page
    assert "Handle time" in text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))


def test_a_stretch_is_corrected_with_a_reason(cast: Cast) -> None:
    ticket = cast.ticket()
    mine, browser = handled(cast, ticket, cast.ada, 600), as_(cast.ada)
    to = f"/shift/handling/{ticket.pk}/{mine.pk}/"
    page = text_of(browser.post(to, {"minutes": "2,5", "reason": "Lunch <b>break</b>"}, headers=HTMX))
    assert "was 10m: Lunch &lt;b&gt;break" in page
    assert Handling.objects.get().seconds == 150
    for fields in (
        {"minutes": "x", "reason": "a"},
        {"minutes": "1"},
        {"minutes": "-1", "reason": "a"},
        {"minutes": "9e9", "reason": "a"},
    ):
        assert browser.post(to, fields, headers=HTMX).status_code == 422, fields
    assert as_(cast.ben).post(to, {"minutes": "1", "reason": "a"}).status_code == 404
    assert Handling.objects.get().seconds == 150


def test_leads_see_categories_and_no_names_agents_nothing(cast: Cast) -> None:
    handled(cast, cast.ticket(), cast.ada, 600)
    handled(cast, cast.ticket(queue=cast.restricted), cast.lin, 1_200)
    for who in (cast.ada, cast.eno):
        assert as_(who).get("/shift/handling/").status_code == 404
    asks, _requester = asking_user()
    assert as_(asks).get("/shift/handling/")["Location"] == "/portal/"
    assert "10m" in text_of(as_(cast.ana).get("/shift/handling/"))
    page = text_of(as_(cast.lin).get("/shift/handling/?days=28"))
    assert "Without a category" in page
    assert "30m" in page
    assert "Ada" not in page


@pytest.mark.parametrize("days", ["", "7", "x", "9999"])
def test_any_span_is_answered(cast: Cast, days: str) -> None:
    assert as_(cast.lin).get("/shift/handling/", {"days": days}).status_code == 200


def test_the_daily_report_has_the_median_and_stays_when_a_stretch_is_corrected_later(cast: Cast) -> None:
    from steward.desk.actions.handling import correct_handling
    from steward.insight.queries.daily import daily_report
    from steward.insight.queries.written import as_data

    cast.at = clock.now()
    for who, minutes in ((cast.ada, 5), (cast.ben, 10), (cast.lin, 30)):
        handled(cast, cast.ticket(), who, minutes * 60)
    at = clock.now() + timedelta(seconds=1)

    def report():
        found = daily_report(day=at.date(), zone="UTC", queue_ids=[cast.support.pk], at=at)
        return found.figures.figures["handled"].count, as_data(found)["handle_time"]

    count, told = report()
    assert (count, told["p50_seconds"], told["total_seconds"]) == (3, 600, 2_700)
    stretch = Handling.objects.order_by("seconds").last()
    assert stretch is not None
    correct_handling(handling_id=stretch.pk, seconds=60, reason="Away", by=cast.actor(cast.lin), at=at + timedelta(days=2))
    assert report()[1] == told
    page = text_of(as_(cast.lin).get(f"/report/daily/{at.date()}/"))
    assert "Worked on" in page
