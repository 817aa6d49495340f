"""A macro that waits with its reply, and a colleague told along, as people do them in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.actions.macros import create_macro
from steward.desk.actions.settings import set_hold_time
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Message
from tests.cast import SETUP, Cast
from tests.chromium import PICTURES, scrolls_sideways, settle, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
CALLS = [
    Call("reply", {"body": "Please reload, {{requester.first_name}}. It should be fine then."}),
    Call("priority", {"priority": "1"}),
    Call("add_tag", {"tag": "reload"}),
]


def run(page: Page) -> None:
    page.locator('[data-dialog-open="macros"]').first.click()
    page.locator("#macro-list button", has_text="Reload first, then wait").click()
    page.locator("#macro-preview [data-run]").click()


def test_a_macro_that_replies_is_counted_down_taken_back_and_once_sent_undone(cast: Cast, open_as: Open) -> None:
    create_macro(about=About("Reload first, then wait", scope="all"), calls=CALLS, by=cast.actor(cast.lin), at=clock.now())
    cast.at = clock.now()
    ticket = cast.ticket("The queue page is empty since this morning, for everybody here.")
    try:
        set_hold_time(channel="portal", seconds=90, by=SETUP, at=clock.now())
        page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
        run(page)
        held = page.locator(".message.held")
        expect(held).to_contain_text("Done when it goes out:")
        expect(held).to_contain_text("Set the priority to Urgent")
        expect(page.locator("dialog#macros")).not_to_be_visible()
        settle(page)
        held.scroll_into_view_if_needed()
        page.screenshot(path=PICTURES / "macro-held.png")
        assert violations(page) == []
        small = open_as(cast.ben, f"/tickets/{ticket.pk}/", width=390, color_scheme="dark")
        small.locator(".message.held").scroll_into_view_if_needed()
        assert not scrolls_sideways(small)
        small.screenshot(path=PICTURES / "macro-held-small-dark.png")
        held.get_by_role("button", name="Take back").click()
        expect(page.locator(f"#composer-reply-{ticket.pk} textarea")).to_have_value("Please reload, Ravi. It should be fine then.")
        expect(held).to_have_count(0)
        run(page)
        page.locator(".message.held").get_by_role("button", name="Send now").click()
        toast = page.locator(".toast", has_text="Done: Reload first, then wait")
        expect(toast).to_be_visible()
        ticket.refresh_from_db()
        assert ticket.priority == 1
        toast.get_by_role("button", name="Undo").click()
        expect(page.locator(".toast", has_text="Taken back.")).to_be_visible()
        ticket.refresh_from_db()
        assert ticket.priority == 3
    finally:
        set_hold_time(channel="portal", seconds=0, by=SETUP, at=clock.now())


def test_a_colleague_is_found_told_and_taken_out(cast: Cast, open_as: Open) -> None:
    cast.at = clock.now()
    ticket = cast.ticket("Labels do not save.")
    cast.ticket("Mine too, I think.", requester=cast.oto)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    part = page.locator("#participants")
    if not part.is_visible():
        page.locator("[data-panel-toggle]").click()
    part.locator("summary").click()
    part.get_by_label("Also tell …").press_sequentially("oto")
    part.get_by_role("button", name="Oto").click()
    expect(part.locator(".panel-list li")).to_have_count(1)
    expect(page.locator("#timeline")).to_contain_text("told Oto along")
    part.get_by_label("Also tell …").press_sequentially("uma@console.example")
    expect(part.get_by_role("button", name="Tell uma@console.example")).to_be_visible()
    settle(page)
    part.scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "participants.png")
    assert violations(page) == []
    theirs = open_as(cast.oto, f"/portal/requests/{ticket.pk}/", width=390, color_scheme="dark")
    expect(theirs.locator(".request-others")).to_contain_text("Ravi")
    theirs.locator("textarea").first.fill("For me since Monday.")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.locator(".conversation")).to_contain_text("For me since Monday.")
    assert not scrolls_sideways(theirs)
    assert violations(theirs) == []
    theirs.screenshot(path=PICTURES / "participants-portal-dark.png")
    expect(page.locator("#timeline")).to_contain_text("For me since Monday.")
    assert Message.objects.get(body="For me since Monday.").requester == cast.oto
    part.get_by_role("button", name="Take Oto out of the conversation").click()
    expect(part.locator(".panel-list li")).to_have_count(0)
    assert theirs.goto(theirs.url).status == 404
