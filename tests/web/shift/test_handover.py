"""Handing over over HTTP, and reading what the shift before left."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from steward.core import clock
from steward.desk.actions.assignment import assign_ticket
from steward.desk.models import Handover, HandoverReading, Snooze, Ticket
from steward.roster.actions import add_shift
from steward.roster.models import Shift
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import HTMX, as_, asking_user, text_of


def given(cast: Cast, body: str = "The queue page is empty.", **values: object) -> Ticket:
    ticket = cast.ticket(body, **values)
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.lin), at=cast.at)
    return ticket


def on_shift(cast: Cast) -> None:
    cast.at = clock.now()
    cast.on_shift(cast.ada, hours=3)
    for who, hours in ((cast.ada, 24), (cast.ben, 3)):
        starts_at = cast.at + timedelta(hours=hours)
        add_shift(user=who, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8), by=SETUP, at=cast.at)


def fields(*tickets: Ticket, choice: str = "kept", **more: str) -> dict[str, str]:
    return {**{f"choice_{ticket.pk}": choice for ticket in tickets}, "ends_shift": "on", **more}


def chosen(page: str, ticket: Ticket) -> str:
    """Give what is chosen for a ticket on the page."""
    line = page.partition(f'id="row-{ticket.pk}"')[2].partition("</li>")[0]
    return next(value for value in ("kept", "passed", "parked") if f'value="{value}" checked' in line)


def test_the_form_proposes_by_rule_and_names_who_comes_next(cast: Cast) -> None:
    on_shift(cast)
    calm, urgent = given(cast), given(cast, priority=1)
    page = text_of(as_(cast.ada).get("/shift/handover/"))
    assert chosen(page, calm) == "kept"
    assert chosen(page, urgent) == "passed"
    assert "Ben, from" in page
    assert "my next shift" in page
    assert page.count(" required aria-required") == 1


def test_a_handover_leads_to_its_record_and_the_next_shift_reads_it(cast: Cast) -> None:
    on_shift(cast)
    calm, urgent, parked = given(cast), given(cast, "Grave outage.", priority=1), given(cast)
    sent = fields(calm, urgent, parked) | {
        f"choice_{urgent.pk}": "passed",
        f"to_{urgent.pk}": str(cast.ben.pk),
        f"note_{urgent.pk}": "Call the vendor at ten.",
        f"choice_{parked.pk}": "parked",
        f"until_{parked.pk}": "shift",
        "handover_note": "Mind the <b>cache</b>.",
    }
    browser = as_(cast.ada)
    answer = browser.post("/shift/handover/", sent)
    handover = Handover.objects.get()
    assert answer["Location"] == f"/shift/handovers/{handover.pk}/"
    assert "Nobody has read it yet." in text_of(browser.get(answer["Location"]))
    assert Shift.objects.get(user=cast.ada, ended_at__isnull=False).ends_at <= clock.now()
    assert Snooze.objects.get().ticket_id == parked.pk
    reader = as_(cast.ben)
    mine = text_of(reader.get("/shift/"))
    assert "Handovers to read" in mine
    assert "1 passed to you" in mine
    assert "Mind the &lt;b&gt;cache" in mine
    whole = text_of(reader.get(f"/shift/handovers/{handover.pk}/"))
    for words in ("passed to you", "Call the vendor at ten.", "kept by Ada", "parked until", "Grave outage."):
        assert words in whole, words
    assert reader.post(f"/shift/handovers/{handover.pk}/read/")["Location"] == "/shift/"
    assert "Handovers to read" not in text_of(reader.get("/shift/"))
    assert "Read by" in text_of(browser.get(f"/shift/handovers/{handover.pk}/"))
    assert HandoverReading.objects.get().user_id == cast.ben.pk


def test_what_is_missing_is_said_above_and_everything_filled_in_stays(cast: Cast) -> None:
    on_shift(cast)
    calm, urgent = given(cast), given(cast, priority=1)
    sent = fields(calm, urgent, choice="passed") | {f"note_{calm.pk}": "Half <i>done</i>", "handover_note": "See you"}
    answer = as_(cast.ada).post("/shift/handover/", sent, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 200
    assert f"An urgent ticket has no note: #{urgent.pk}." in page
    assert 'value="Half &lt;i&gt;done&lt;/i&gt;"' in page
    assert "See you" in page
    assert chosen(page, calm) == "passed"
    assert as_(cast.ada).post("/shift/handover/", sent).status_code == 422
    assert not Handover.objects.exists()


def test_a_ticket_that_came_meanwhile_joins_the_form(cast: Cast) -> None:
    on_shift(cast)
    first = given(cast)
    came = given(cast)
    answer = as_(cast.ada).post("/shift/handover/", fields(first, choice="parked"), headers=HTMX)
    page = text_of(answer)
    assert f"#{came.pk} is in hand too" in page
    assert (chosen(page, first), chosen(page, came)) == ("parked", "kept")


def test_a_lead_covers_for_a_colleague_and_others_may_not(cast: Cast) -> None:
    on_shift(cast)
    ticket = given(cast)
    lead = as_(cast.lin)
    page = text_of(lead.get(f"/shift/handover/?user={cast.ada.pk}"))
    assert "Handover for Ada" in page
    assert chosen(page, ticket) == "kept"
    assert lead.post(f"/shift/handover/?user={cast.ada.pk}", fields(ticket, choice="passed")).status_code == 303
    assert Ticket.objects.get(pk=ticket.pk).assignee_id is None
    for who in (cast.ben, cast.eno):
        assert as_(who).get(f"/shift/handover/?user={cast.ada.pk}").status_code == 403
    assert lead.get("/shift/handover/?user=999999").status_code == 404


def test_who_has_no_shift_here_sees_nothing_of_it(cast: Cast, client: Client) -> None:
    on_shift(cast)
    as_(cast.ada).post("/shift/handover/", {"handover_note": "Among us.", "ends_shift": "on"})
    number = Handover.objects.get().pk
    asks, _requester = asking_user()
    for path in ("/shift/handover/", f"/shift/handovers/{number}/"):
        assert as_(asks).get(path)["Location"] == "/portal/"
        assert client.get(path)["Location"].startswith("/sign-in/")
    assert as_(asks).post(f"/shift/handovers/{number}/read/").status_code == 404
    assert as_(cast.eno).get(f"/shift/handovers/{number}/").status_code == 404
    assert as_(cast.eno).post(f"/shift/handovers/{number}/read/").status_code == 404
    assert as_(cast.ben).get(f"/shift/handovers/{number}/").status_code == 200


def test_nonsense_is_refused_and_nothing_happens(cast: Cast) -> None:
    on_shift(cast)
    ticket = given(cast)
    for more in (
        {f"choice_{ticket.pk}": "eaten"},
        {f"until_{ticket.pk}": "never"},
        {f"to_{ticket.pk}": "x"},
        {"choice_9" + "9" * 20: "kept"},
    ):
        answer = as_(cast.ada).post("/shift/handover/", fields(ticket) | more)
        assert answer.status_code in {303, 422}, more
    assert as_(cast.ada).post("/shift/handover/", {"handover_note": "x" * 6_000}).status_code == 422


def test_who_left_without_handing_over_is_reminded(cast: Cast) -> None:
    cast.at = clock.now()
    add_shift(user=cast.ada, starts_at=cast.at - timedelta(hours=9), ends_at=cast.at - timedelta(hours=1), by=SETUP, at=cast.at)
    browser = as_(cast.ada)
    assert "were not handed over" not in text_of(browser.get("/shift/"))
    ticket = given(cast)
    assert "were not handed over" in text_of(browser.get("/shift/"))
    browser.post("/shift/handover/", fields(ticket))
    assert "were not handed over" not in text_of(browser.get("/shift/"))


def test_the_form_costs_the_same_with_1_and_30_tickets(cast: Cast) -> None:
    on_shift(cast)
    browser, found = as_(cast.ada), []
    for rows in (1, 30):
        for _n in range(rows):
            given(cast)
        with CaptureQueriesContext(connection) as queries:
            browser.get("/shift/handover/")
        found.append(len(queries))
    assert found[0] == found[1], found
