"""What only a browser shows: sending, answering and seeing without leaving the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.channels.queries import seen_upto
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Question, Ticket
from steward.desk.rules.states import State

pytestmark = pytest.mark.browser


def refresh(page: Page) -> None:
    """Stir the page as the live stream would."""
    page.evaluate("document.querySelector('[data-live]').dispatchEvent(new CustomEvent('steward:changed'))")


def test_from_asking_to_confirming_without_a_reload(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    desk.on_shift(desk.ada)
    page = browse(desk.ravi, "/portal/", width=390)
    page.fill("#ask-body", "Labels do not save")
    page.dblclick("[data-send]")
    page.wait_for_url("**/portal/requests/*/")
    ticket = Ticket.objects.get()
    expect(page.locator(".status-card")).to_contain_text("We have received your request.")

    page.fill(".composer-text", "half a sentence")
    message = reply(ticket_id=ticket.pk, body="Which queue?", then=State.PENDING, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    refresh(page)
    expect(page.locator(".status-card")).to_contain_text("We need your answer to go on.")
    assert page.input_value(".composer-text") == "half a sentence"
    page.locator(f"#message-{message.pk}").scroll_into_view_if_needed()
    expect(page.locator(".seen-mark")).to_have_count(1)
    page.wait_for_timeout(500)
    assert seen_upto(ticket.pk) == message.pk

    page.fill(".composer-text", "EU-West")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message[data-mine]")).to_have_count(2)
    assert page.input_value(".composer-text") == ""

    reply(ticket_id=ticket.pk, body="Please reload.", then=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    refresh(page)
    page.fill("textarea[name=comment]", "Works in both queues")
    refresh(page)
    page.wait_for_timeout(300)
    assert page.input_value("textarea[name=comment]") == "Works in both queues"
    page.click("button[name=answer][value=yes]")
    expect(page.locator(".status-card")).to_contain_text("Fixed, as you confirmed.")
    page.click(f"label[for=rate-{Question.objects.get(kind='rating').pk}-5]")
    page.click("text=Send rating")
    expect(page.locator('[aria-label="You gave 5 of 5"]')).to_have_count(1)
    ticket.refresh_from_db()
    assert ticket.outcome == "confirmed"
    assert Message.objects.filter(body="Works in both queues").count() == 1


def test_a_chat_goes_on_where_it_was(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.ravi, "/chat/")
    page.fill(".composer-text", "Hello")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/chat/*/")
    ticket = Ticket.objects.get()
    reply(ticket_id=ticket.pk, body="Hello Ravi", by=desk.actor(desk.ada), at=desk.later(seconds=1))
    refresh(page)
    expect(page.locator(".message", has_text="Hello Ravi")).to_be_visible()
    page.wait_for_timeout(500)
    assert seen_upto(ticket.pk) > 0
    again = browse(desk.ravi, "/chat/")
    expect(again.locator(".message", has_text="Hello Ravi")).to_be_visible()
    again.click("#chats > button")
    expect(again.locator("#chats-list")).to_contain_text("New chat")


def test_what_cannot_be_sent_stays_in_the_box(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.ravi, "/portal/ask/")
    page.evaluate("document.querySelector('#ask-body').value = 'x'.repeat(1000001)")
    page.click("[data-send]")
    expect(page.locator("[data-composer-alert]")).to_contain_text("1,000,000 fit")
    assert len(page.input_value("#ask-body")) == 1_000_001
    page.fill("#ask-body", "Shorter")
    page.click("[data-send]")
    page.wait_for_url("**/portal/requests/*/")
    assert Message.objects.get().body == "Shorter"
