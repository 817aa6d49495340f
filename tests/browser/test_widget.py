"""The widget on a page of another origin, with a strict content policy, as people use it; an agent answers live."""

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from steward.channels.actions.widget_sites import change_widget_site, create_widget_site
from steward.channels.models import WidgetPage, WidgetSite
from steward.channels.queries.widget import believed_secrets
from steward.cli.widget_host import page_server
from steward.core import clock
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Ticket
from steward.desk.rules.states import State
from tests.cast import SETUP, Cast
from tests.chromium import PICTURES, Visitors, scrolls_sideways, violations
from tests.pictures import png
from tests.site import Site

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def host(desk: tuple[Site, Cast]) -> Iterator[tuple[WidgetSite, str]]:
    """Serve a page of the company beside the desk."""
    made = create_widget_site(values={"name": "Console", "origins": ["http://127.0.0.1:1"]}, by=SETUP, at=clock.now())
    secret = believed_secrets(made, clock.now())[0][1]
    server = page_server(0, desk=desk[0].address, key=made.key, secret=secret)
    origin = f"http://127.0.0.1:{server.server_port}"
    change_widget_site(site_id=made.pk, values={"origins": [origin]}, by=SETUP, at=clock.now())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made, origin
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(visitors: Visitors, host: tuple[WidgetSite, str]) -> Open:
    """Open the company's page; a breach of its content policy fails the test."""

    def visit(path: str = "/", **options: object) -> Page:
        page = visitors.context(None, **options).new_page()
        page.on("pageerror", lambda error: visitors.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda message: visitors._note(page, message.text) if message.type == "error" else None)
        page.goto(host[1] + path)
        return page

    return visit


def panel(page: Page):
    return page.locator("#steward-widget dialog")


def opened(page: Page) -> None:
    page.locator("#steward-widget .launcher").click()
    expect(panel(page)).to_be_visible()


def ask(page: Page, text: str) -> None:
    box = panel(page).get_by_label("Your message")
    box.fill(text)
    box.press("Enter")


def the_ticket() -> Ticket:
    return Ticket.objects.filter(channel="widget").latest("id")


def test_asked_on_a_page_answered_at_the_desk_and_confirmed_on_the_page(
    cast: Cast, visit: Open, open_as: Open, visitors: Visitors
) -> None:
    page = visit("/?as=mara&token=s3cret")
    page.keyboard.press("Tab")
    opened(page)
    box = panel(page).get_by_label("Your message")
    expect(box).to_be_focused()
    expect(panel(page)).to_contain_text("Hello Mara! Write what you need")
    page.screenshot(path=PICTURES / "widget-hello.png")
    panel(page).locator("input[type=file]").set_input_files(
        [
            {"name": "queue.png", "mimeType": "image/png", "buffer": png(120, 80)},
            {"name": "log.txt", "mimeType": "text/plain", "buffer": b"labels: 0"},
        ]
    )
    ask(page, "Labels in queue 7 do not save since nine. https://console.example/help")
    expect(panel(page).locator(".headline")).to_have_text("We have received your request.")
    expect(panel(page).locator("canvas")).to_be_visible()
    with page.expect_download() as kept:
        panel(page).get_by_role("button", name="Download log.txt 1 KB").click()
    assert kept.value.path().read_bytes() == b"labels: 0"
    ticket = the_ticket()
    assert (ticket.requester.name, ticket.requester.team) == ("Mara Lindt", "Nights")
    kept_page = WidgetPage.objects.filter(ticket=ticket).latest("id")
    assert kept_page.address.endswith("/")
    assert "s3cret" not in kept_page.address

    agent = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    asked_from = agent.locator("#widget-pages")
    if not agent.locator("#panel").is_visible():
        agent.locator("[data-panel-toggle]").click()
    expect(asked_from).to_contain_text("console 4.2.1")
    agent.screenshot(path=PICTURES / "widget-agent.png")
    ask(page, "It began after the update.")
    expect(agent.locator("#timeline")).to_contain_text("It began after the update.")
    reply(ticket_id=ticket.pk, body="Fixed in 4.2.2: please reload.", by=cast.actor(cast.ada), at=clock.now())
    expect(panel(page).locator(".log")).to_contain_text("Fixed in 4.2.2: please reload.")
    expect(panel(page).locator(".log")).to_contain_text("Ada")
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ada), at=clock.now())
    question = panel(page).locator(".question")
    expect(question).to_be_visible()
    page.screenshot(path=PICTURES / "widget-question.png")
    assert violations(page) == []
    question.get_by_role("button", name="Yes, it is fixed").click()
    expect(panel(page).locator(".headline")).to_have_text("Fixed, as you confirmed.")
    panel(page).locator(".rate label").nth(4).click()
    panel(page).get_by_role("button", name="Send rating").click()
    expect(panel(page)).to_contain_text("You gave 5 of 5")
    ticket.refresh_from_db()
    assert ticket.outcome == "confirmed"
    page.keyboard.press("Escape")
    expect(panel(page)).not_to_be_visible()
    expect(page.locator("#steward-widget .launcher")).to_be_focused()


def test_it_comes_back_on_another_page_with_what_is_new(cast: Cast, visit: Open) -> None:
    page = visit("/?as=noor")
    opened(page)
    ask(page, "Where is the appeals view?")
    expect(panel(page).locator(".headline")).to_be_visible()
    page.keyboard.press("Escape")
    ticket = the_ticket()
    reply(ticket_id=ticket.pk, body="Under Appeals, on top.", by=cast.actor(cast.ada), at=clock.now())
    expect(page.get_by_role("button", name="Open the help chat, new answers: 1")).to_be_visible()
    page.screenshot(path=PICTURES / "widget-badge.png")
    page.goto(page.url.replace("/?", "/other?"))
    page.get_by_role("button", name="Open the help chat, new answers: 1").click()
    expect(panel(page).locator(".log")).to_contain_text("Under Appeals, on top.")
    expect(page.locator("#steward-widget .launcher .badge")).to_be_hidden()
    panel(page).get_by_role("button", name="New request").click()
    ask(page, "One more thing")
    expect(panel(page).locator(".headline")).to_be_visible()
    panel(page).get_by_role("button", name="All conversations").click()
    expect(panel(page).locator(".list li")).to_have_count(2)
    page.screenshot(path=PICTURES / "widget-list.png")
    assert violations(page) == []
    panel(page).locator(".list button", has_text="Where is the appeals view?").click()
    expect(panel(page).locator(".log")).to_contain_text("Under Appeals, on top.")


def test_what_is_written_while_the_desk_is_out_of_reach_is_sent_once_when_it_is_back(visit: Open, desk: tuple[Site, Cast]) -> None:
    page = visit("/?as=teo", width=390, color_scheme="dark")
    opened(page)
    expect(panel(page)).to_contain_text("Hello Teo!")
    cut = lambda route: route.abort()
    page.context.route(f"{desk[0].address}/widget/**", cut)
    before = Message.objects.filter(author_kind="requester").count()
    ask(page, "Written in a tunnel")
    expect(panel(page).locator(".notice")).to_contain_text("The desk cannot be reached")
    expect(panel(page).locator(".waiting")).to_contain_text("Written in a tunnel")
    ask(page, "And a second line")
    page.screenshot(path=PICTURES / "widget-offline-small-dark.png")
    assert not scrolls_sideways(page)
    assert violations(page) == []
    panel(page).locator("input[type=file]").set_input_files([{"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}])
    ask(page, "And this with a file")
    expect(panel(page).locator(".waiting")).to_have_count(3)
    page.reload()
    opened(page)
    expect(panel(page).locator(".waiting")).to_have_count(3)
    page.context.unroute(f"{desk[0].address}/widget/**", cut)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(panel(page).locator(".waiting")).to_have_count(1)
    expect(panel(page).locator(".waiting")).to_contain_text("The files of this message were not kept. Attach them again.")
    panel(page).locator(".waiting").get_by_role("button", name="Discard").click()
    expect(panel(page).locator(".waiting")).to_have_count(0)
    expect(panel(page).locator(".log")).to_contain_text("And a second line")
    ticket = the_ticket()
    said = list(Message.objects.filter(ticket=ticket, author_kind="requester").order_by("id").values_list("body", flat=True))
    assert said == ["Written in a tunnel", "And a second line"]
    assert Message.objects.filter(author_kind="requester").count() == before + 2
    # Loaded while the desk is out of reach, it goes on in the conversation that was open.
    page.context.route(f"{desk[0].address}/widget/**", cut)
    page.reload()
    opened(page)
    ask(page, "Back in the tunnel")
    expect(panel(page).locator(".waiting")).to_contain_text("Back in the tunnel")
    page.context.unroute(f"{desk[0].address}/widget/**", cut)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(panel(page).locator(".waiting")).to_have_count(0)
    expect(panel(page).locator(".log")).to_contain_text("Back in the tunnel")
    assert Message.objects.filter(ticket=ticket, body="Back in the tunnel").count() == 1


def test_a_page_that_is_not_believed_says_so_and_lets_one_try_again(visit: Open, host: tuple[WidgetSite, str]) -> None:
    change_widget_site(site_id=host[0].pk, values={"is_active": False}, by=SETUP, at=clock.now())
    page = visit("/?as=mara")
    opened(page)
    expect(panel(page).locator(".gate")).to_contain_text("This site is closed at the desk.")
    expect(panel(page).locator(".code")).to_have_text("site_closed")
    page.screenshot(path=PICTURES / "widget-refused.png")
    assert violations(page) == []
    change_widget_site(site_id=host[0].pk, values={"is_active": True}, by=SETUP, at=clock.now())
    panel(page).get_by_role("button", name="Try again").click()
    expect(panel(page).get_by_label("Your message")).to_be_visible()
    stranger = visit("/?as=mara")
    stranger.route("**/help-token*", lambda route: route.fulfill(json={"token": ""}))
    stranger.reload()
    opened(stranger)
    expect(panel(stranger).locator(".gate")).to_contain_text("This page does not say who you are.")


def test_in_chinese_from_right_to_left_and_in_the_dark(visit: Open) -> None:
    chinese = visit("/?as=noor&language=zh-hans&look=dark")
    chinese.locator("#steward-widget .launcher").click()
    expect(panel(chinese)).to_be_visible()
    expect(panel(chinese).get_by_label("您的消息")).to_be_visible()
    chinese.wait_for_timeout(500)
    chinese.screenshot(path=PICTURES / "widget-chinese-dark.png")
    assert violations(chinese) == []
    arabic = visit("/?as=noor&language=ar", width=390)
    opened(arabic)
    arabic.wait_for_timeout(500)
    arabic.screenshot(path=PICTURES / "widget-rtl-small.png")
    assert not scrolls_sideways(arabic)
    assert violations(arabic) == []
