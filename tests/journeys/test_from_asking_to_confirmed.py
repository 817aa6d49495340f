"""The whole job once, by two people at two browsers, against the processes that run in production."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from steward.desk.models import Ticket
from tests.cast import Cast
from tests.chromium import Visitors
from tests.journeys.conftest import PASSWORD
from tests.site import Site

pytestmark = pytest.mark.browser


def sign_in(visitors: Visitors, email: str, path: str, *, width: int = 1280) -> Page:
    page = visitors.open(None, path, width=width)
    page.wait_for_url("**/sign-in/**")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{visitors.address}{path}**")
    # A page that was loaded again has lost this mark: what changes below changes by itself.
    mark(page)
    return page


def mark(page: Page) -> None:
    page.evaluate("window.never_reloaded = true")


def was_not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.never_reloaded === true"))


def say(page: Page, words: str) -> None:
    page.locator(".composer-text:visible").fill(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message", has_text=words)).to_be_visible()
    expect(page.locator(".composer-text:visible")).to_have_value("")


def answer(page: Page, words: str, then: str) -> None:
    page.keyboard.press("r")
    page.locator(".composer-text:visible").fill(words)
    page.get_by_role("button", name="Send and…").click()
    page.get_by_role("menuitem", name=then).click()
    expect(page.locator("#timeline .message", has_text=words)).to_be_visible()


def badge(page: Page) -> Locator:
    return page.locator("#ticket-head .state")


def test_from_asking_by_chat_to_confirmed_and_reported(desk: tuple[Site, Cast], visitors: Visitors) -> None:
    site, cast = desk
    # Both are there before anything happens.
    agent = sign_in(visitors, cast.ada.email, "/tickets/?view=open", width=1440)
    expect(agent.locator(".shift")).to_contain_text("On shift until")
    requester = sign_in(visitors, cast.ravi.email, "/chat/")
    expect(requester.locator(".presence-line")).to_contain_text("We are here now")

    # Ravi asks by chat; Ada sees it come, without touching anything.
    question = f"Label changes do not save in EU-West ({uuid4().hex[:6]})"
    requester.locator(".composer-text").fill(question)
    requester.keyboard.press("Control+Enter")
    requester.wait_for_url(re.compile(r"/chat/\d+/$"))
    mark(requester)
    expect(requester.locator(".chat-status")).to_contain_text("We have received your request.")
    row = agent.locator("tr[data-list-item]", has_text=question)
    expect(row).to_be_visible()
    expect(row.locator(".state")).to_contain_text("New")
    expect(row.locator(".clock")).to_contain_text("left")
    assert was_not_reloaded(agent)

    # She opens it, answers, and waits for him: he sees it come, and what is paused says why.
    number = Ticket.objects.get().pk
    agent.keyboard.press("j")
    agent.keyboard.press("o")
    agent.wait_for_url(f"**/tickets/{number}/**")
    mark(agent)
    expect(badge(agent)).to_contain_text("New")
    answer(agent, "Which browser do you use, Ravi?", "Send and wait for an answer")
    expect(badge(agent)).to_contain_text("Waiting on requester")
    expect(requester.locator(".message", has_text="Which browser do you use")).to_be_visible()
    expect(requester.locator(".chat-status")).to_contain_text("We need your answer to go on.")
    paused = agent.locator("#ticket-head .clock", has_text="Resolution")
    expect(paused).to_have_attribute("data-tone", "paused")
    expect(paused).to_contain_text("waiting for the requester")

    # He answers; the clock runs again.
    say(requester, "Firefox 131, and only in this queue.")
    expect(agent.locator("#timeline .message", has_text="Firefox 131")).to_be_visible()
    expect(badge(agent)).to_contain_text("Open")
    expect(paused).to_contain_text("left")
    story = agent.locator("#panel-body .clock-story", has_text="Resolution")
    story.locator("summary").click()
    expect(story.locator(".stretches li")).to_have_count(3)
    expect(story.locator(".stretches li[data-running=no]")).to_contain_text("waiting for the requester")

    # Solved, says Ada. No, not yet, says Ravi: it is open again before her eyes.
    answer(agent, "Please reload the page; the labels save now.", "Send and solve")
    expect(badge(agent)).to_contain_text("Solved")
    expect(requester.locator(".chat-status")).to_contain_text("We think it is solved.")
    requester.get_by_role("button", name="No, not yet").click()
    expect(requester.locator(".state").first).not_to_contain_text("Solved")
    expect(badge(agent)).to_contain_text("Open")
    expect(agent.locator("#panel-body .outcome")).to_contain_text("The requester said no")

    # The second time it holds: confirmed and rated.
    answer(agent, "The cache of your queue was stale; it is rebuilt.", "Send and solve")
    requester.get_by_role("button", name="Yes, it is fixed").click()
    expect(requester.locator(".chat-status")).to_contain_text("Fixed, as you confirmed.")
    requester.locator(".rating label[for$='-5']").click()
    requester.get_by_role("button", name="Send rating").click()
    expect(requester.locator("[aria-label='You gave 5 of 5']")).to_be_visible()
    expect(badge(agent)).to_contain_text("Closed")
    expect(agent.locator("#panel-body .outcome")).to_contain_text("The requester says so")
    expect(agent.locator("#panel-body [aria-label='5 of 5']")).to_be_visible()
    assert was_not_reloaded(agent)
    assert was_not_reloaded(requester)

    # The lead's report tells all of it, and each number leads to the ticket.
    assert site.caught_up()
    lead = sign_in(visitors, cast.lin.email, "/report/daily/")
    told = {
        tile.locator(".tile-label").inner_text(): tile.locator(".tile-value").inner_text() for tile in lead.locator(".tile").all()
    }
    assert {words: count for words, count in told.items() if count != "0"} == {
        "Received": "1",
        "Answered": "1",
        "Solved by agents": "1",
        "Fix denied": "1",
        "Reopened": "1",
        "Confirmed by requesters": "1",
    }
    lead.locator(".tile", has_text="Reopened").get_by_role("link").click()
    lead.get_by_role("link", name=f"#{number}").click()
    expect(badge(lead)).to_contain_text("Closed")
    assert [problem for check in site.verify()["checks"] for problem in check["problems"]] == []
