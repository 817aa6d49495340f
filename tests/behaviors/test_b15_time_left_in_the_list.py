"""Time left on each clock stands in the list in color and in words, ticks, and says why it is paused."""

import re
from datetime import timedelta

import pytest

from steward.core import clock
from steward.desk.actions.replies import reply
from steward.desk.actions.views import Layout, lay_out_list
from steward.desk.rules.states import State
from steward.ledger.actions.following import settle
from steward.sla.actions import create_default_policy
from tests.cast import SETUP
from tests.web.ticket.acting import as_, text_of


def chip(page, ticket):
    row = re.search(rf'<tr id="row-{ticket.pk}".*?</tr>', page, re.DOTALL).group()
    return re.search(r'<td class="cell-clock">(.*?)</td>', row, re.DOTALL).group(1)


@pytest.fixture(params=["the usual columns", "columns of one's own"])
def looks(request, cast):
    create_default_policy(by=SETUP, at=cast.at)
    if request.param == "columns of one's own":
        lay_out_list(key="open", layout=Layout("due", ("clock", "subject")), by=cast.actor(cast.ada), at=cast.at)
    cast.at = clock.now()
    return lambda: text_of(as_(cast.ada).get("/tickets/?view=open"))


def test_a_running_clock_says_how_long_is_left_and_carries_what_the_browser_ticks_by(cast, looks):
    ticket = cast.ticket()
    settle()
    shown = chip(looks(), ticket)
    assert re.search(r'data-tone="ok"', shown)
    assert re.search(r'data-due="20\d\d-[^"]+Z"', shown)
    assert re.search(r'data-warn="20\d\d-[^"]+Z"', shown)
    assert re.search(r"\d+[hm]( \d+m)? left", shown)


def test_a_paused_clock_says_for_whom_it_waits(cast, looks):
    ticket = cast.ticket()
    reply(
        ticket_id=ticket.pk,
        body="I asked.",
        then=State.ON_HOLD,
        reason="engineering",
        by=cast.actor(cast.ada),
        at=cast.later(seconds=1),
    )
    settle()
    shown = chip(looks(), ticket)
    assert 'data-tone="paused"' in shown
    assert "waiting for engineering" in shown
    assert "data-due" not in shown or 'data-due=""' in shown


def test_a_broken_promise_says_how_long_it_is_over(cast, looks, monkeypatch):
    ticket = cast.ticket()
    settle()
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    shown = chip(looks(), ticket)
    assert 'data-tone="late"' in shown
    assert " over" in shown
