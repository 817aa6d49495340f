from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_a_refusal_is_told_beside_the_page_that_stays(open_page: Open) -> None:
    page = open_page("components")
    page.fill("#field-text", "what I typed")
    page.click("text=Refused")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Only a lead may do that.")
    expect(toast).to_contain_text("Ask Lin.")
    expect(page.locator("#field-text")).to_have_value("what I typed")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)


def test_a_refused_field_says_what_is_wrong_with_it(open_page: Open) -> None:
    page = open_page("components")
    page.fill("#field-email", "ravi@example.com")
    page.click("text=Save")
    expect(page.locator("#field-name-error")).to_have_text("A queue with that name exists.")
    expect(page.locator("#field-name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#field-name")).to_be_focused()
    page.keyboard.type("x")
    expect(page.locator("#field-name-error")).to_have_count(0)


def test_a_dangerous_act_asks_first(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("components")
    page.click("text=Ask first")
    expect(page.locator("#question")).to_contain_text("Deactivate Ben Okafor?")
    page.keyboard.press("Escape")
    page.wait_for_timeout(150)
    assert answers["received"] == []
    page.click("text=Ask first")
    page.on("request", lambda request: answers["received"].append(request.method) if request.url.endswith("/send") else None)
    page.click("[data-question-yes]")
    page.wait_for_timeout(300)
    assert "POST" in answers["received"]


def test_without_a_network_a_press_of_a_button_says_so(open_page: Open) -> None:
    page = open_page("components")
    page.context.set_offline(True)
    page.click("text=Refused")
    expect(page.locator(".toast")).to_contain_text("No connection to the desk.")


def test_a_session_that_ended_leaves_the_page_as_it_is(open_page: Open) -> None:
    page = open_page("components")
    page.fill("#field-text", "long text")
    page.evaluate("htmx.ajax('GET', '/guarded', {target: '#main'})")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("You are signed out.")
    link = toast.get_by_role("link", name="Sign in again").get_attribute("href")
    assert link == "/sign-in?next=%2Fcomponents"
    expect(page.locator("#field-text")).to_have_value("long text")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_look_follows_the_device_until_one_is_chosen(open_page: Open, scheme: str) -> None:
    page = open_page("desk", scheme=scheme)
    is_dark = "document.documentElement.classList.contains('dark')"
    assert page.evaluate(is_dark) == (scheme == "dark")
    page.click(".user-button")
    other = "light" if scheme == "dark" else "dark"
    page.click(f"[data-theme-choice={other}]")
    assert page.evaluate(is_dark) == (other == "dark")
    # Known before the page is drawn: the class is there while the head is still being read.
    page.add_init_script(
        "document.addEventListener('readystatechange', () => { window.first ??= document.documentElement.className; })"
    )
    page.reload()
    assert ("dark" in page.evaluate("window.first")) == (other == "dark")


def test_rows_are_walked_and_opened_by_keys(open_page: Open) -> None:
    page = open_page("desk")
    page.keyboard.press("j")
    expect(page.locator("#row-4810 a")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("#row-4812 a")).to_be_focused()
    page.keyboard.press("o")
    page.wait_for_url("**/desk?pane=main")


def test_keys_do_nothing_while_somebody_writes(open_page: Open) -> None:
    page = open_page("desk?pane=main")
    page.keyboard.press("n")
    box = page.locator("#composer-note-4812 textarea")
    expect(box).to_be_focused()
    page.keyboard.type("jj ? e r")
    expect(box).to_have_value("jj ? e r")
    expect(page.locator("#shortcuts")).to_have_js_property("open", value=False)


def test_single_keys_can_be_switched_off(open_page: Open) -> None:
    page = open_page("desk")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_have_js_property("open", value=True)
    page.locator("[data-shortcut-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("j")
    page.wait_for_timeout(100)
    expect(page.locator("#shortcuts")).to_have_js_property("open", value=False)
    assert page.evaluate("document.activeElement.closest('.row')") is None
    page.keyboard.press("Control+k")
    expect(page.locator("#command")).to_have_js_property("open", value=True)


def test_the_palette_searches_and_goes_places(open_page: Open) -> None:
    page = open_page("desk")
    page.keyboard.press("Control+k")
    page.keyboard.type("shif")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roster/page/")
    page.keyboard.press("/")
    page.keyboard.type("token rotation")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/page/?q=token%20rotation*")


def test_an_open_menu_survives_a_refresh_of_what_is_around_it(open_page: Open) -> None:
    page = open_page("desk?pane=main")
    page.click("#composer-reply-4812-then > button")
    page.evaluate(
        "htmx.ajax('GET', '/desk?pane=main', {target: '.workspace', swap: 'outerMorph', select: '.workspace', source: '.workspace'})"
    )
    page.wait_for_timeout(400)
    expect(page.locator("#composer-reply-4812-then-list")).to_be_visible()


def test_code_in_attributes_never_runs(open_page: Open) -> None:
    page = open_page("ping")
    page.goto(page.url.replace("/ping", "/components"))
    page.evaluate(
        """() => {
          const bad = document.createElement("button");
          bad.id = "bad";
          bad.setAttribute("hx-on:click", "window.ran = true");
          document.querySelector("#main").append(bad);
          htmx.process(bad);
          bad.click();
        }"""
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None


def test_the_menu_of_a_phone_opens_and_closes(open_page: Open) -> None:
    page = open_page("desk", width=390, height=844)
    expect(page.locator("#rail")).to_be_hidden()
    page.click(".tabbar button")
    expect(page.locator("#rail")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#rail")).to_be_hidden()


def test_a_time_tells_the_whole_date_to_whoever_points_at_it(open_page: Open) -> None:
    page = open_page("desk")
    time = page.locator("#message-9 time")
    time.hover()
    title = time.get_attribute("title") or ""
    assert "UTC" in title
    assert "20" in title
