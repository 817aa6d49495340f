"""What a ticket waits for is explicit: requester, engineering, vendor, somebody here, us; the list is cut and sorted by it."""

import re

from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.actions.views import Layout, lay_out_list
from steward.desk.rules.states import State
from tests.web.ticket.acting import as_, text_of


def waiting(cast, state=None, reason=""):
    ticket = cast.ticket()
    if state:
        change_status(ticket_id=ticket.pk, state=state, reason=reason, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    return ticket.pk


def grouped(page):
    """Give the heads of the groups with their counts, and the numbers of the rows under each."""
    found = {}
    for body in re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL):
        head = re.search(r"<span>(Waits[^<]*)</span><span class=\"count\">([^<]*)</span>", body)
        assert head
        found[head.group(1)] = (head.group(2), [int(number) for number in re.findall(r'<tr id="row-(\d+)"', body)])
    return found


def listed(page):
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def test_the_list_is_cut_into_what_its_tickets_wait_for_with_counts(cast):
    ours, asked = waiting(cast), waiting(cast, State.PENDING)
    engineers = [waiting(cast, State.ON_HOLD, "engineering") for _ in range(2)]
    vendor, inside = waiting(cast, State.ON_HOLD, "vendor"), waiting(cast, State.ON_HOLD, "internal")
    found = grouped(text_of(as_(cast.ada).get("/tickets/?view=open&group=waiting")))
    assert found == {
        "Waits for us": ("1", [ours]),
        "Waits for the requester": ("1", [asked]),
        "Waits for engineering": ("2", engineers),
        "Waits for a vendor": ("1", [vendor]),
        "Waits for somebody else here": ("1", [inside]),
    }


def test_a_long_group_shows_its_first_rows_its_count_and_the_way_to_all_of_it(cast):
    engineers = [waiting(cast, State.ON_HOLD, "engineering") for _ in range(23)]
    browser = as_(cast.ada)
    page = text_of(browser.get("/tickets/?view=open&group=waiting"))
    count, rows = grouped(page)["Waits for engineering"]
    assert (count, rows) == ("23", engineers[:20])
    more = re.search(r'<tr class="group-more">.*?href="([^"]+)"', page, re.DOTALL)
    assert more
    assert listed(text_of(browser.get(more.group(1).replace("&amp;", "&")))) == engineers


def test_the_filter_and_the_order_know_it_too(cast):
    calm, held = waiting(cast), waiting(cast, State.ON_HOLD, "vendor")
    mine = cast.ticket()
    assign_ticket(ticket_id=mine.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    browser = as_(cast.ada)
    assert listed(text_of(browser.get("/tickets/?q=waiting:vendor"))) == [held]
    assert listed(text_of(browser.get("/tickets/?view=open&waiting=vendor"))) == [held]
    assert listed(text_of(browser.get("/tickets/?q=waiting:me"))) == [mine.pk]
    reply(ticket_id=calm, body="We look.", by=cast.actor(cast.ben), at=cast.later(hours=1))
    assert listed(text_of(browser.get("/tickets/?view=open&order=waiting")))[-1] == calm


def test_ones_own_choice_of_groups_stays(cast):
    held = waiting(cast, State.ON_HOLD, "vendor")
    lay_out_list(key="open", layout=Layout("due", (), "waiting"), by=cast.actor(cast.ada), at=cast.at)
    assert grouped(text_of(as_(cast.ada).get("/tickets/?view=open")))["Waits for a vendor"] == ("1", [held])
    assert listed(text_of(as_(cast.ada).get("/tickets/?view=open&group=none"))) == [held]
    assert (
        "Waits for a vendor"
        not in re.findall(r"<tbody>.*?</tbody>", text_of(as_(cast.ben).get("/tickets/?view=open")), re.DOTALL)[0]
    )


def test_groups_cost_the_same_however_many_tickets(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = as_(cast.ada), []
    for _round in range(3):
        for reason in ("engineering", "vendor"):
            waiting(cast, State.ON_HOLD, reason)
        with CaptureQueriesContext(connection) as queries:
            browser.get("/tickets/?view=open&group=waiting")
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
