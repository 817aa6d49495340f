"""What people do with the screens, by mouse and by keyboard, while others do the same."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from steward.core import clock
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Message, Ticket
from tests.cast import Cast
from tests.chromium import PICTURES, scrolls_sideways, settle

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
ALERT = "[data-composer-alert]:visible"


def opened(cast: Cast) -> Ticket:
    cast.at = clock.now()
    return cast.ticket(f"The queue page is empty ({uuid4().hex[:8]}).")


def at(page: Page, ticket: Ticket) -> str:
    return f"#composer-reply-{ticket.pk} textarea"


def written(ticket: Ticket) -> list[tuple[str, str]]:
    return list(Message.objects.filter(ticket=ticket, author_kind="agent").order_by("id").values_list("kind", "body"))


def test_a_note_by_keys_alone_never_reaches_the_requester(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    look = "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).borderColor].join()"
    page.keyboard.press("r")
    box = page.locator(".composer:visible")
    expect(box.locator("textarea")).to_be_focused()
    expect(box).to_contain_text("Public reply to Ravi")
    reply_look, reply_send = box.evaluate(look), box.locator("[data-send]").inner_text()
    page.keyboard.press("Escape")
    page.locator(".ticket-head h1").click()
    page.keyboard.press("n")
    expect(box.locator("textarea")).to_be_focused()
    expect(box).to_contain_text("only colleagues see this")
    assert box.evaluate(look) != reply_look
    assert box.locator("[data-send]").inner_text() != reply_send
    page.keyboard.type("He sounds angry, be kind.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .note, #timeline [data-kind=note]").last).to_contain_text("be kind")
    assert written(ticket) == [("note", "He sounds angry, be kind.")]
    theirs = open_as(cast.ravi, f"/portal/requests/{ticket.pk}/")
    expect(theirs.locator(".conversation")).not_to_contain_text("be kind")


def test_a_double_click_and_an_impatient_key_send_once(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    page.fill(at(page, ticket), "Once only.")
    page.locator(".composer:visible [data-send]").dblclick()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .message", has_text="Once only.")).to_have_count(1)
    settle(page)
    assert written(ticket) == [("message", "Once only.")]


def test_without_a_connection_the_text_stays_and_the_next_press_sends_it_once(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    page.fill(at(page, ticket), "From the tunnel.")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator(ALERT)).to_contain_text("Your text is kept.")
    expect(page.locator(at(page, ticket))).to_have_value("From the tunnel.")
    assert written(ticket) == []
    page.context.set_offline(False)
    page.locator(".composer:visible [data-send]").click()
    expect(page.locator("#timeline .message", has_text="From the tunnel.")).to_have_count(1)
    assert written(ticket) == [("message", "From the tunnel.")]


def test_an_answer_lost_on_its_way_back_does_not_send_the_reply_twice(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/replies/**", lose, times=1)
    page.fill(at(page, ticket), "Did it arrive?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(ALERT)).to_contain_text("Your text is kept.")
    assert written(ticket) == [("message", "Did it arrive?")]
    page.locator(".composer:visible [data-send]").click()
    expect(page.locator(at(page, ticket))).to_have_value("")
    expect(page.locator(ALERT)).to_have_count(0)
    assert written(ticket) == [("message", "Did it arrive?")]


def test_who_answers_second_reads_the_first_answer_before_sending_theirs(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    page.fill(at(page, ticket), "Please reload the page.")
    reply(ticket_id=ticket.pk, body="I am on it, one minute.", by=cast.actor(cast.ben), at=clock.now())
    expect(page.locator("#timeline .message", has_text="I am on it")).to_be_visible()
    expect(page.locator(at(page, ticket))).to_have_value("Please reload the page.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#newer")).to_contain_text("I am on it, one minute.")
    expect(page.locator(at(page, ticket))).to_have_value("Please reload the page.")
    assert [body for _kind, body in written(ticket)] == ["I am on it, one minute."]
    page.get_by_role("button", name="Send anyway").click()
    expect(page.locator("#timeline .message", has_text="Please reload the page.")).to_be_visible()
    expect(page.locator("#newer")).to_be_empty()
    assert [body for _kind, body in written(ticket)] == ["I am on it, one minute.", "Please reload the page."]


def test_a_live_refresh_leaves_text_focus_and_caret_alone(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    page.fill(at(page, ticket), "Half a sentence")
    page.evaluate("document.activeElement.setSelectionRange(4, 6)")
    add_note(ticket_id=ticket.pk, body="The deploy was rolled back.", by=cast.actor(cast.ben), at=clock.now())
    expect(page.locator("#timeline")).to_contain_text("The deploy was rolled back.")
    expect(page.locator(at(page, ticket))).to_have_value("Half a sentence")
    expect(page.locator(at(page, ticket))).to_be_focused()
    assert page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [4, 6]


def test_the_list_is_walked_and_a_ticket_opened_and_answered_by_keys(cast: Cast, open_as: Open) -> None:
    first, second = opened(cast), opened(cast)
    page = open_as(cast.ada, "/tickets/?view=unassigned&order=newest")
    for key, ticket in (("j", second), ("j", first), ("k", second)):
        page.keyboard.press(key)
        expect(page.locator(f"#row-{ticket.pk} a")).to_be_focused()
    page.keyboard.press("o")
    page.wait_for_url(f"**/tickets/{second.pk}/**")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_have_js_property("open", value=True)
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_have_js_property("open", value=False)
    page.keyboard.press("r")
    page.keyboard.type("jk? all of it is text here")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .message", has_text="jk? all of it is text here")).to_be_visible()


def test_a_requester_asks_by_keyboard_alone(cast: Cast, open_as: Open) -> None:
    page = open_as(cast.oto, "/portal/", width=390)

    def tab_to(what: str) -> None:
        for _press in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"{what} is out of the keyboard's reach")

    question = f"I cannot sign in to the console ({uuid4().hex[:8]})"
    tab_to("#ask-body")
    page.keyboard.type(question)
    tab_to("[data-send]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/requests/*/")
    expect(page.locator(".status-card")).to_contain_text("We have received your request.")
    assert Message.objects.filter(body=question).count() == 1


def test_the_chosen_look_stays_chosen(cast: Cast, open_as: Open) -> None:
    page = open_as(cast.ada, "/tickets/")
    is_dark = "document.documentElement.classList.contains('dark')"
    assert not page.evaluate(is_dark)
    page.locator(".user-button").click()
    page.locator("[data-theme-choice=dark]").click()
    assert page.evaluate(is_dark)
    page.reload()
    assert page.evaluate(is_dark)


def test_twice_as_large_everything_is_still_within_reach(cast: Cast, open_as: Open) -> None:
    # 200 % on a screen of 1280 by 844 leaves the page half of each.
    large = {"width": 640, "height": 422, "device_scale_factor": 2}
    ticket = opened(cast)
    page = open_as(cast.ada, "/tickets/?view=unassigned&order=newest", **large)
    assert not scrolls_sideways(page)
    page.locator(f"#row-{ticket.pk} a").click()
    page.wait_for_url(f"**/tickets/{ticket.pk}/**")
    assert not scrolls_sideways(page)
    page.locator(at(page, ticket)).fill("Large and clear.")
    page.locator(".composer:visible [data-send]").click()
    expect(page.locator("#timeline .message", has_text="Large and clear.")).to_be_visible()
    page.screenshot(path=PICTURES / "screens" / "twice-as-large.png")
    expect(page.locator("#timeline .message", has_text="Large and clear.")).to_be_in_viewport(timeout=5000)
    theirs = open_as(cast.ravi, f"/portal/requests/{ticket.pk}/", **large)
    assert not scrolls_sideways(theirs)
    expect(theirs.locator(".message", has_text="Large and clear.")).to_be_visible()
