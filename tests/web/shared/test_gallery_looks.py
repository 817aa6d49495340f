from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.chromium import PICTURES, settle, violations

pytestmark = pytest.mark.browser
PAGES = ["components", "desk", "desk?pane=main", "desk?pane=main&start=note", "chat", "requests", "sign-in"]


@pytest.mark.parametrize("path", PAGES)
def test_every_component_is_accessible_and_fits_the_screen(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path, height=844)
    name = "".join(letter if letter.isalnum() else "-" for letter in path)
    for scheme, width in (("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_timeout(120)
        page.screenshot(path=PICTURES / "gallery" / f"{name}-{scheme}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{width}: the page scrolls sideways"
        if (scheme, width) in {("light", 1280), ("dark", 390)}:
            assert violations(page) == [], f"{scheme} {width}"


@pytest.mark.parametrize("path", ["desk?pane=main&lang=ar", "chat?lang=ar"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_language_written_from_the_right_turns_the_page(open_page: Callable[..., Page], path: str, width: int) -> None:
    page = open_page(path, width=width, height=844)
    page.screenshot(path=PICTURES / "gallery" / f"{path.partition('?')[0]}-ar-{width}.png")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    if path.startswith("desk") and width > 1000:
        rail = page.locator("#rail").bounding_box()
        assert rail is not None
        assert rail["x"] > 640
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_menus_dialogs_and_toasts_are_accessible(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("desk", scheme=scheme)
    for opens, opened in ((".user-button", ".user-menu"), ("#more > button", "#more")):
        page.click(opens)
        # A menu fades in; until then its words are hidden from everybody.
        page.locator(opened).locator("[role^=menuitem]").first.wait_for(state="visible")
        settle(page)
        assert violations(page, opened) == []
        page.keyboard.press("Escape")
    for key in ("Control+k", "?", "e"):
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open] > div")
        assert violations(page, "dialog[open]") == []
        page.keyboard.press("Escape")
    page.goto(page.url.replace("/desk", "/components"))
    page.click("text=Refused")
    page.wait_for_selector(".toast")
    assert violations(page, "#toaster") == []


def test_nothing_on_the_printed_report_belongs_to_the_screen_only(open_page: Callable[..., Page]) -> None:
    page = open_page("components")
    page.emulate_media(media="print")
    assert not page.locator("#rail").is_visible()
    assert page.locator(".tile").first.is_visible()
    page.pdf(path=PICTURES / "gallery" / "components.pdf")


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_note_and_a_reply_cannot_be_confused(open_page: Callable[..., Page], kind: str) -> None:
    page = open_page("desk?pane=main")
    page.click(f"#composers-4812-{kind}-tab")
    look = "element => getComputedStyle(element).backgroundColor"
    reply, note = page.locator('[data-kind="reply"].composer'), page.locator('[data-kind="note"].composer')
    assert (reply if kind == "reply" else note).is_visible()
    assert not (note if kind == "reply" else reply).is_visible()
    assert reply.evaluate(look) != note.evaluate(look)
    assert "only colleagues" in note.locator(".composer-banner").inner_text() or kind == "reply"
    sends = page.locator(f'[data-kind="{kind}"].composer [data-send]').inner_text()
    assert sends.strip() == {"reply": "Send reply", "note": "Add note"}[kind]
