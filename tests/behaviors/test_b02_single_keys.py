"""B2: r reply, n note, a assign, s status, p priority, l label: single keys, off while typing, shown by ?."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.models import Ticket, TicketTag
from steward.web.shared.commands import every_command
from tests.browser.conftest import _at_the_desk, browser, cast, desk, open_as, visitors
from tests.cast import Cast
from tests.chromium import PICTURES, settle

__all__ = ["_at_the_desk", "browser", "cast", "desk", "open_as", "visitors"]
pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def opened(cast: Cast, words: str = "The queue page is empty.") -> Ticket:
    cast.at = clock.now()
    return cast.ticket(words)


def choose(page: Page, key: str, words: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("[data-palette] [role=combobox]")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("#palette-list [role=option][aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-palette]")).not_to_have_attribute("open", "")


def test_every_field_of_a_ticket_is_set_by_a_key_and_a_few_letters(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.lin, f"/tickets/{ticket.pk}/")
    choose(page, "a", "ben")
    expect(page.locator("#timeline")).to_contain_text("Ben")
    choose(page, "p", "urg")
    expect(page.locator("#ticket-head .priority")).to_contain_text("Urgent")
    choose(page, "l", "eu-west")
    expect(page.locator("#panel-body .tag")).to_contain_text("eu-west")
    choose(page, "s", "vendor")
    expect(page.locator("#ticket-head .state")).to_contain_text("On hold")
    choose(page, "t", "eng")
    expect(page.locator("#transfer")).to_have_js_property("open", value=True)
    expect(page.locator("#transfer-queue")).to_have_value(str(cast.engineering.pk))
    page.keyboard.press("Escape")
    ticket.refresh_from_db()
    assert (ticket.assignee_id, ticket.priority, ticket.state, ticket.waiting_reason) == (cast.ben.pk, 1, "on_hold", "vendor")
    assert TicketTag.objects.get(ticket=ticket).tag.name == "eu-west"


def test_rows_of_the_list_are_set_by_the_same_keys(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, "/tickets/?view=unassigned&order=newest")
    page.keyboard.press("p")
    expect(page.locator("[data-palette]")).not_to_have_attribute("open", "")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{ticket.pk} a")).to_be_focused()
    choose(page, "p", "high")
    expect(page.locator(f"#row-{ticket.pk} .priority")).to_contain_text("High")
    expect(page.locator(f"#row-{ticket.pk} a")).to_be_focused()
    choose(page, "a", "me")
    expect(page.locator(f"#row-{ticket.pk}")).to_have_count(0)
    ticket.refresh_from_db()
    assert (ticket.assignee_id, ticket.priority) == (cast.ada.pk, 2)


def test_keys_are_letters_while_somebody_writes_or_an_input_method_composes(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("a s p l e ? j g i")
    expect(page.locator(".composer:visible textarea")).to_have_value("a s p l e ? j g i")
    page.keyboard.press("Escape")
    expect(page.locator("#ticket-head")).to_be_focused()
    for kind in (
        "{key: 'a', isComposing: true}",
        "{key: 'Process', code: 'KeyA', keyCode: 229}",
        "{key: 'a', ctrlKey: true}",
        "{key: 'a', altKey: true}",
        "{key: 'a', metaKey: true}",
        "{key: 'Dead'}",
    ):
        stays = page.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{...{kind}, bubbles: true, cancelable: true}}))"
        )
        assert stays, f"{kind} was taken from the browser"
    assert not page.locator("[data-palette][open]").count()
    ticket.refresh_from_db()
    assert ticket.state == "new"


@pytest.mark.parametrize(("key", "code"), [("ф", "KeyA"), ("ش", "KeyA")])
def test_a_keyboard_of_another_script_works_by_the_place_of_its_keys(cast: Cast, open_as: Open, key: str, code: str) -> None:
    page = open_as(cast.ada, f"/tickets/{opened(cast).pk}/")
    page.evaluate(
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
        [key, code],
    )
    expect(page.locator("[data-palette-step]")).to_contain_text("Assign")


def test_the_sheet_shows_every_key_of_the_registry_that_the_person_has(cast: Cast, open_as: Open) -> None:
    page = open_as(cast.lin, f"/tickets/{opened(cast).pk}/")
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts")
    expect(sheet.locator("h2")).to_be_visible()
    settle(page)
    page.screenshot(path=PICTURES / "screens" / "sheet.png")
    shown = set(sheet.locator("kbd[data-keys]").evaluate_all("all => all.map(one => one.dataset.keys)"))
    mine = {str(one) for one in cast.actor(cast.lin).capabilities}
    wanted = {keys for one in every_command() if not one.capabilities or mine & set(one.capabilities) for keys in one.keys}
    assert shown == wanted


def test_every_key_of_a_ticket_does_what_the_sheet_says(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.lin, f"/tickets/{ticket.pk}/", width=900)
    page.evaluate(
        """() => {
          window.pressed = [];
          addEventListener("click", (event) => {
            const carrier = event.target.closest("[data-command]");
            if (carrier) { window.pressed.push(carrier.dataset.command); event.preventDefault(); event.stopImmediatePropagation(); }
          }, true);
        }"""
    )
    for one in every_command():
        if one.run.kind != "click" or one.run.target or "ticket" not in {str(place) for place in one.places}:
            continue
        if not page.locator(f"[data-command='{one.id}']").count():
            continue
        for keys in one.keys:
            page.evaluate("window.pressed = []")
            page.keyboard.press(keys)
            assert page.evaluate("window.pressed") == [one.id], (one.id, keys)
