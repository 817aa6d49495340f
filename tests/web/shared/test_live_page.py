from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def changed(topic: str, position: int = 1) -> str:
    return f'event: changed\nid: {position}\ndata: {{"topics": ["{topic}"]}}\n\n'


def until(page: Page, condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen within five seconds")


def test_the_page_asks_for_the_topics_it_shows(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    until(page, lambda: bool(answers["topics"]))
    assert answers["topics"][-1] == "queue:1,ticket:4812,user:1"


def test_a_change_refreshes_only_what_shows_it(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    until(page, lambda: bool(answers["topics"]))
    answers["live"].append(changed("queue:1"))
    page.wait_for_timeout(600)
    assert "/timeline" not in answers["seen"]
    answers["live"].append(changed("ticket:4812", 2))
    until(page, lambda: "/timeline" in answers["seen"])


def test_after_too_long_a_silence_everything_is_refreshed(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    until(page, lambda: bool(answers["topics"]))
    answers["live"].append("event: resync\ndata: {}\n\n")
    until(page, lambda: "/timeline" in answers["seen"])


def test_two_tabs_share_one_stream_and_the_second_takes_over(open_page: Open, answers: dict[str, Any]) -> None:
    first = open_page("chat")
    until(first, lambda: bool(answers["topics"]))
    second = open_page("desk?pane=main", context=first.context)
    until(second, lambda: answers["topics"][-1] == "queue:1,ticket:4812,user:1")
    streams = len(answers["topics"])
    second.wait_for_timeout(400)
    assert len(answers["topics"]) == streams, "both tabs opened a stream of their own"
    answers["seen"].clear()
    answers["live"].append(changed("ticket:4812"))
    until(second, lambda: "/timeline" in answers["seen"])
    first.close()
    until(second, lambda: len(answers["topics"]) > streams)
    answers["seen"].clear()
    answers["live"].append(changed("ticket:4812", 3))
    until(second, lambda: "/timeline" in answers["seen"])


def test_a_lost_stream_is_said_quietly_and_comes_back(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    until(page, lambda: bool(answers["topics"]))
    badge = page.locator("#rail [data-connection]")
    assert not badge.is_visible()
    page.route("**/live*", lambda route: route.abort())
    answers["live"].append("event: bye\ndata: {}\n\n")
    expect(badge).to_be_visible(timeout=6000)
    expect(badge).to_contain_text("Reconnecting")
    page.unroute("**/live*")
    expect(badge).to_be_hidden(timeout=12_000)


def test_it_goes_on_after_the_last_event_it_saw(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    until(page, lambda: bool(answers["topics"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    answers["live"].append(changed("ticket:4812", 812))
    until(page, lambda: "/timeline" in answers["seen"])
    answers["live"].append("event: bye\ndata: {}\n\n")
    until(page, lambda: any("after=812" in url for url in asked))


def test_clocks_tick_from_left_to_over(open_page: Open) -> None:
    page = open_page("desk?pane=main")
    clock = page.locator(".ticket-marks .clock").nth(1)
    expect(clock).to_contain_text("7m left")
    expect(clock).to_have_attribute("data-tone", "warn")
    page.clock.install()
    page.reload()
    page.clock.fast_forward("20:00")
    expect(clock).to_contain_text("over")
    expect(clock).to_have_attribute("data-tone", "late")
