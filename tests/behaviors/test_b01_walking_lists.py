"""B1: j and k move, o opens, u goes back with list position and selection kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.models import Ticket
from tests.browser.conftest import _at_the_desk, browser, cast, desk, open_as, visitors
from tests.cast import Cast

__all__ = ["_at_the_desk", "browser", "cast", "desk", "open_as", "visitors"]
pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LIST = "/tickets/?view=unassigned&order=newest"


@pytest.fixture(scope="module")
def tickets(desk) -> list[Ticket]:
    cast = desk[1]
    cast.at = clock.now()
    made = [cast.ticket(f"Row {number} of many in this list") for number in range(40)]
    return made[::-1]


def scrolled(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.main').scrollTop"))


def test_u_goes_back_to_the_row_and_the_scroll_one_left(cast: Cast, tickets: list[Ticket], open_as: Open) -> None:
    page = open_as(cast.ada, LIST)
    for _step in range(30):
        page.keyboard.press("j")
    expect(page.locator(f"#row-{tickets[29].pk} a")).to_be_focused()
    before = scrolled(page)
    assert before > 100
    page.keyboard.press("o")
    page.wait_for_url(f"**/tickets/{tickets[29].pk}/**")
    page.keyboard.press("u")
    page.wait_for_url("**/tickets/?**")
    expect(page.locator(f"#row-{tickets[29].pk} a")).to_be_focused()
    assert abs(scrolled(page) - before) < 4
    page.keyboard.press("j")
    expect(page.locator(f"#row-{tickets[30].pk} a")).to_be_focused()


def test_from_inside_a_ticket_the_next_one_is_a_key_away_and_u_finds_the_last(
    cast: Cast, tickets: list[Ticket], open_as: Open
) -> None:
    page = open_as(cast.ada, LIST)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{tickets[0].pk}/**")
    expect(page.locator("[data-command='ticket.after']")).to_be_visible()
    for place in (1, 2):
        page.keyboard.press("Shift+J")
        page.wait_for_url(f"**/tickets/{tickets[place].pk}/**")
        expect(page.locator("#ticket")).to_have_attribute("data-ticket", str(tickets[place].pk))
        expect(page.locator(f"#row-{tickets[place].pk}")).to_have_attribute("aria-current", "true")
    page.keyboard.press("Shift+K")
    expect(page.locator("#ticket")).to_have_attribute("data-ticket", str(tickets[1].pk))
    page.keyboard.press("u")
    expect(page.locator(f"#row-{tickets[1].pk} a")).to_be_focused()


def test_the_browsers_own_way_back_finds_the_row_too(cast: Cast, tickets: list[Ticket], open_as: Open) -> None:
    page = open_as(cast.ada, LIST)
    for _step in range(25):
        page.keyboard.press("j")
    before = scrolled(page)
    page.keyboard.press("o")
    page.wait_for_url(f"**/tickets/{tickets[24].pk}/**")
    page.go_back()
    expect(page.locator(f"#row-{tickets[24].pk} a")).to_be_focused()
    assert abs(scrolled(page) - before) < 4


def test_a_list_opened_anew_begins_at_its_top(cast: Cast, tickets: list[Ticket], open_as: Open) -> None:
    page = open_as(cast.ada, LIST)
    for _step in range(30):
        page.keyboard.press("j")
    assert scrolled(page) > 100
    page.locator("#inbox-views a").first.click()
    page.goto(page.url.partition("/tickets/")[0] + LIST)
    page.wait_for_timeout(200)
    assert scrolled(page) == 0
