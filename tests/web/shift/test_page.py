"""My shift over HTTP: where whoever works tickets begins the day."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from steward.core import clock
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.actions.timing import sweep_timers
from steward.desk.rules.states import State
from steward.roster.actions import add_shift
from steward.roster.models import Break
from steward.web.shared.blocks import blocks_for
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import HTMX, as_, asking_user, text_of


def part(page: str, key: str) -> str:
    """Give one list of the page."""
    _before, _found, after = page.partition(f'data-part="{key}"')
    return after.partition("</section>")[0]


def given(cast: Cast, body: str = "The queue page is empty.", **values: object):
    ticket = cast.ticket(body, **values)
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.lin), at=cast.at)
    return ticket


def test_the_front_door_leads_each_to_where_their_day_begins(cast: Cast) -> None:
    for who, where in ((cast.ada, "/shift/"), (cast.lin, "/shift/"), (cast.eno, "/shift/"), (cast.ana, "/tickets/")):
        assert as_(who).get("/")["Location"] == where
    asks, _requester = asking_user()
    assert as_(asks).get("/")["Location"] == "/portal/"


def test_it_is_for_those_who_work_tickets(cast: Cast, client: Client) -> None:
    asks, _requester = asking_user()
    assert as_(asks).get("/shift/")["Location"] == "/portal/"
    assert as_(cast.ana).get("/shift/")["Location"] == "/tickets/"
    assert client.get("/shift/")["Location"].startswith("/sign-in/")
    for who in (asks, cast.ana):
        for path in ("break/", "break/end/", "snooze/", "snooze/1/end/", "snooze/1/seen/"):
            assert as_(who).post(f"/shift/{path}").status_code == 404, path
    assert as_(cast.ada).get("/shift/team/").status_code == 404
    assert [block.key for block in blocks_for({"work_tickets"}) if block.key == "team"] == []


def test_each_ticket_stands_where_it_asks_for_something(cast: Cast) -> None:
    cast.at = clock.now() - timedelta(hours=3)
    ada = cast.actor(cast.ada)
    _answer, due, waits, asleep, back = (given(cast, f"Number {n} of five.") for n in range(1, 6))
    for ticket in (due, waits, asleep, back):
        reply(ticket_id=ticket.pk, body="I look into it.", by=ada, at=cast.later(seconds=1))
    change_status(ticket_id=waits.pk, state=State.PENDING, by=ada, at=cast.later(seconds=1))
    snooze_ticket(ticket_id=asleep.pk, until="reply", by=ada, at=cast.at)
    snooze_ticket(ticket_id=back.pk, until="time", until_at=cast.at + timedelta(hours=1), by=ada, at=cast.at)
    sweep_timers(at=cast.later(hours=1))
    page = text_of(as_(cast.ada).get("/shift/"))
    assert "Number 1" in part(page, "answers")
    assert "Number 2" in part(page, "due")
    assert "Number 5" in part(page, "back")
    assert "back: snoozed until" in part(page, "back")
    for hidden in ("Number 3", "Number 4"):
        assert hidden not in page
    assert "1 waits for others" in page
    assert "1 snoozed" in page
    receive_message(ticket_id=asleep.pk, body="Here is the log.", by=cast.actor(cast.ravi), at=cast.at)
    assert "back: the requester replied" in part(text_of(as_(cast.ada).get("/shift/")), "back")


def test_what_came_back_stands_on_top_of_ones_list_until_somebody_acts(cast: Cast) -> None:
    cast.at = clock.now() - timedelta(hours=3)
    ada = cast.actor(cast.ada)
    first, second, third = (given(cast) for _n in range(3))
    snooze_ticket(ticket_id=third.pk, until="time", until_at=cast.at + timedelta(hours=1), by=ada, at=cast.at)
    sweep_timers(at=cast.later(hours=1))
    browser = as_(cast.ada)
    for path in ("/tickets/?view=mine", "/tickets/pane/?view=mine"):
        page = text_of(browser.get(path, headers=HTMX))
        places = [page.index(f'id="row-{ticket.pk}"') for ticket in (third, first, second)]
        assert places == sorted(places), path
        assert "back: snoozed until" in page
    browser.post(f"/shift/snooze/{third.pk}/seen/", headers=HTMX)
    page = text_of(browser.get("/tickets/?view=mine"))
    assert "back: snoozed" not in page
    assert page.index(f'id="row-{first.pk}"') < page.index(f'id="row-{third.pk}"')


def test_a_ticket_that_left_ones_sight_is_on_none_of_these(cast: Cast) -> None:
    from steward.desk.actions.settings import grant_queue_access, revoke_queue_access

    cast.at = clock.now() - timedelta(hours=3)
    grant_queue_access(queue_id=cast.restricted.pk, user=cast.ada, by=SETUP, at=cast.at)
    ticket = given(cast, "Something grave.", queue=cast.restricted)
    ada = cast.actor(cast.ada)
    add_follow_up(
        ticket_id=ticket.pk, owner=cast.ada, what="Grave call", due_at=clock.now() + timedelta(minutes=5), by=ada, at=cast.at
    )
    browser = as_(cast.ada)
    assert "grave" in text_of(browser.get("/shift/"))
    assert "Grave call" in text_of(browser.get("/shift/"))
    snooze_ticket(ticket_id=ticket.pk, until="time", until_at=cast.at + timedelta(hours=1), by=ada, at=cast.at)
    sweep_timers(at=cast.later(hours=1))
    revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.ada.pk, by=SETUP, at=cast.at)
    for path in ("/shift/", "/tickets/?view=mine", "/tickets/pane/?view=mine"):
        assert "rave" not in text_of(browser.get(path)), path
    assert browser.get(f"/shift/snooze/?ids={ticket.pk}").status_code == 404
    for path in (f"/shift/snooze/{ticket.pk}/end/", f"/shift/snooze/{ticket.pk}/seen/"):
        assert browser.post(path).status_code == 404


def test_shift_break_and_load_are_told(cast: Cast) -> None:
    cast.at = clock.now()
    browser = as_(cast.ada)
    page = text_of(browser.get("/shift/"))
    assert "Off shift" in page
    assert "No later shift is planned." in page
    assert browser.post("/shift/break/").status_code == 422
    cast.on_shift(cast.ada)
    add_shift(user=cast.ada, starts_at=cast.at + timedelta(hours=20), ends_at=cast.at + timedelta(hours=28), by=SETUP, at=cast.at)
    given(cast, priority=1)
    page = text_of(browser.get("/shift/"))
    for words in ("On shift until", "Next shift", "In hand 2", "Start a break", "How the next ticket is chosen"):
        assert words in page, words
    assert browser.post("/shift/break/").status_code == 303
    assert "On a break since" in text_of(browser.get("/shift/"))
    assert "You are on a break" in text_of(browser.post("/tickets/next/", headers=HTMX))
    browser.post("/shift/break/end/")
    assert "On shift until" in text_of(browser.get("/shift/"))
    assert Break.objects.get().ended_at is not None


def test_leads_see_who_is_there_and_what_waits_for_nobody(cast: Cast) -> None:
    cast.at = clock.now()
    cast.ticket()
    hidden = cast.ticket(queue=cast.restricted)
    browser = as_(cast.lin)
    assert 'hx-get="/shift/team/"' in text_of(browser.get("/shift/"))
    page = text_of(browser.get("/shift/team/", headers=HTMX))
    assert "Nobody is on duty." in page
    assert "1 waits and nobody is on shift" in page
    assert "Child safety" in page
    cast.on_shift(cast.ada)
    given(cast, priority=1)
    page = text_of(browser.get("/shift/team/", headers=HTMX))
    assert "Ada" in page
    assert ">2<" in page
    assert page.count("nobody is on shift") == 1, "Ada may not know of the restricted queue"
    assert "somebody from" not in page
    cast.on_shift(cast.lin)
    assert "nobody is on shift" not in text_of(browser.get("/shift/team/", headers=HTMX))
    assert hidden.pk
    from steward.people.rules import Role
    from tests.cast import user

    other = user("Lara", Role.LEAD)
    assert "Child safety" not in text_of(as_(other).get("/shift/team/", headers=HTMX))


def test_it_costs_the_same_with_1_3_and_40_tickets(cast: Cast) -> None:
    cast.at = clock.now()
    cast.on_shift(cast.ada)
    browser, found, made = as_(cast.ada), {"page": [], "live": []}, 0
    for rows in (1, 3, 40):
        for _n in range(rows - made):
            given(cast)
        made = rows
        for name, headers in (("page", {}), ("live", HTMX)):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get("/shift/", headers=headers).status_code == 200
            found[name].append(len(queries))
    assert {name: len(set(each)) for name, each in found.items()} == {"page": 1, "live": 1}, found
    assert found["page"][0] <= 14, found
