"""The lists by keyboard: searching with suggestions, saving a view, opening and closing what lies over the list."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.actions.lifecycle import change_status
from steward.desk.models import SavedView
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.chromium import PICTURES, scrolls_sideways, settle, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def filled(cast: Cast) -> Cast:
    cast.at = clock.now()
    for number in range(4):
        ticket = cast.ticket(f"The console {cast.at:%H%M%S%f} number {number} is empty since this morning.", priority=number + 1)
        if number % 2:
            change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="engineering", by=cast.actor(cast.ada), at=cast.at)
    return cast


def picture(page: Page, name: str) -> None:
    settle(page)
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"lists-{name}.png")


def test_a_search_is_put_together_by_keyboard_alone(filled: Cast, open_as: Open) -> None:
    page, word = open_as(filled.ada, "/tickets/?view=open"), f"{filled.at:%H%M%S%f}"
    page.keyboard.press("/")
    box = page.locator("[data-suggest]")
    expect(box).to_be_focused()
    page.keyboard.type(f"{word} wait")
    options = page.locator("#suggest-list [role=option]")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(box).to_have_value(f"{word} waiting:")
    page.keyboard.type("eng")
    expect(options).to_have_count(1)
    assert violations(page, ".inbox-search") == []
    picture(page, "suggestions")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box).to_have_value(f"{word} waiting:engineering ")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text(f"{word}")
    expect(page.locator(".ticket-table tbody tr")).to_have_count(2)
    assert violations(page) == []
    picture(page, "search")
    page.goto(page.url.partition("?")[0])
    page.keyboard.press("/")
    expect(page.locator("#suggest-recent-0")).to_have_text(f"{word} waiting:engineering")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-table tbody tr")).to_have_count(2)


@pytest.mark.parametrize("looks", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_lists_groups_views_and_what_lies_over_them_look_right(filled: Cast, open_as: Open, width: int, looks: str) -> None:
    page = open_as(filled.ada, "/tickets/?view=open&group=waiting&q=is:unassigned", width=width, color_scheme=looks)
    name = f"Free {width} {looks}"
    expect(page.locator(".group-head").first).to_contain_text("Waits for us")
    picture(page, f"groups-{width}-{looks}")
    page.locator(".inbox-filter summary", has_text="Save view").click()
    page.fill("#field-name", name)
    picture(page, f"saving-{width}-{looks}")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    assert SavedView.objects.filter(name=name, owner=filled.ada).exists()
    page.locator(".inbox-filter summary", has_text="Layout").click()
    picture(page, f"layout-{width}-{looks}")
    assert violations(page) == []
    page.goto(page.url.partition("?")[0] + "views/")
    expect(page.locator(".saved-view", has_text=name)).to_be_visible()
    picture(page, f"views-{width}-{looks}")
    assert violations(page) == []
    assert not scrolls_sideways(page)
