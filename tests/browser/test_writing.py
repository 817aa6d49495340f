"""Writing on a ticket as people do it: on two devices, with colleagues around, taken back, and through a lost session."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.actions.intake import Origin
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.settings import set_hold_time
from steward.desk.actions.sharing import About
from steward.desk.models import Draft, HeldReply, Message, Ticket
from tests.cast import SETUP, Cast
from tests.chromium import PICTURES, scrolls_sideways, settle, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
STATE = ".composer:visible [data-composer-state]"
FACES = "[data-here-faces] .avatar"


def opened(cast: Cast, **values: object) -> Ticket:
    cast.at = clock.now()
    return cast.ticket(f"The queue page is empty ({uuid4().hex[:8]}).", **values)


def box(page: Page, ticket: Ticket, kind: str = "reply"):
    return page.locator(f"#composer-{kind}-{ticket.pk} textarea")


def hold(seconds: int) -> None:
    set_hold_time(channel="portal", seconds=seconds, by=SETUP, at=clock.now())


def written(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, author_kind="agent").order_by("id").values_list("body", flat=True))


def test_what_is_typed_here_stands_there_and_of_two_texts_neither_is_lost(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    desk = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    box(desk, ticket).fill("From the desk")
    expect(desk.locator(STATE)).to_have_text("Draft saved")
    phone = open_as(cast.ada, f"/tickets/{ticket.pk}/", width=390)
    expect(box(phone, ticket)).to_have_value("From the desk")
    listed = open_as(cast.ada, "/tickets/?view=open")
    expect(listed.locator(f"#row-{ticket.pk} [data-draft-mark]")).to_be_visible()
    listed.screenshot(path=PICTURES / "writing-list.png")
    # The phone goes on, and the desk, which has not looked, goes on too: the newer one stands, the other is offered.
    box(phone, ticket).fill("From the phone, much better")
    expect(phone.locator(STATE)).to_have_text("Draft saved")
    box(desk, ticket).fill("From the desk, and more")
    offer = desk.locator(".composer-copy")
    expect(offer).to_contain_text("From the phone, much better")
    desk.screenshot(path=PICTURES / "writing-two-devices.png")
    offer.get_by_role("button", name="Use this one").click()
    expect(box(desk, ticket)).to_have_value("From the phone, much better")
    expect(desk.locator(".composer-copy")).to_contain_text("From the desk, and more")
    desk.locator(".composer:visible [data-send]").click()
    expect(desk.locator("#timeline .message", has_text="From the phone, much better")).to_have_count(1)
    settle(desk)
    assert written(ticket) == ["From the phone, much better"]
    assert [draft.body for draft in Draft.objects.filter(ticket=ticket)] == ["From the desk, and more"]


def test_coming_back_to_a_device_finds_what_the_other_one_wrote_or_sent(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    desk, phone = (open_as(cast.ada, f"/tickets/{ticket.pk}/", width=width) for width in (1280, 390))
    box(phone, ticket).fill("On the train")
    expect(phone.locator(STATE)).to_have_text("Draft saved")
    desk.evaluate("dispatchEvent(new Event('focus'))")
    expect(box(desk, ticket)).to_have_value("On the train")
    phone.locator(".composer:visible [data-send]").click()
    expect(phone.locator("#timeline .message", has_text="On the train")).to_have_count(1)
    desk.wait_for_timeout(2_100)
    desk.evaluate("dispatchEvent(new Event('focus'))")
    expect(box(desk, ticket)).to_have_value("")
    assert written(ticket) == ["On the train"]


def test_a_reply_is_taken_back_with_text_and_files_and_goes_out_once(cast: Cast, open_as: Open) -> None:
    hold(40)
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    page.locator(".composer:visible input[type=file]").set_input_files(
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"12:01 error\n"}
    )
    box(page, ticket).fill("See the log, please.")
    expect(page.locator(".composer:visible input[name=draft_file]")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    held = page.locator("#timeline .held")
    expect(held).to_contain_text("See the log, please.")
    expect(held.locator("[data-held-words]")).to_have_text("sending in 38 s")
    expect(box(page, ticket)).to_have_value("")
    colleague = open_as(cast.ben, f"/tickets/{ticket.pk}/")
    expect(colleague.locator("#timeline .held")).to_contain_text("sending in")
    expect(colleague.locator("#timeline .held button")).to_have_count(0)
    theirs = open_as(cast.ravi, f"/portal/requests/{ticket.pk}/")
    expect(theirs.locator("body")).not_to_contain_text("See the log, please.")
    page.screenshot(path=PICTURES / "writing-held.png")
    assert violations(page) == []
    held.get_by_role("button", name="Take back").click()
    expect(box(page, ticket)).to_have_value("See the log, please.")
    expect(page.locator(".composer:visible .composer-files")).to_contain_text("log.txt")
    expect(held).to_have_count(0)
    assert written(ticket) == []
    # Sent again, and off to the list: it is counted down there, and said at once from there.
    box(page, ticket).fill("See the log, please. Thanks!")
    page.keyboard.press("Control+Enter")
    expect(held).to_have_count(1)
    page.goto(page.url.split("/tickets/")[0] + "/tickets/?view=open")
    pile = page.locator("#held")
    expect(pile).to_contain_text(f"Reply to #{ticket.pk} goes out in")
    page.screenshot(path=PICTURES / "writing-pile.png")
    pile.get_by_role("button", name="Send now").click()
    expect(pile).to_have_count(0)
    assert written(ticket) == ["See the log, please. Thanks!"]
    assert Message.objects.get(ticket=ticket, author_kind="agent").attachments.count() == 1
    hold(0)


def test_taken_back_from_another_page_it_waits_in_the_box_of_its_ticket(cast: Cast, open_as: Open) -> None:
    hold(40)
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    box(page, ticket).fill("Too hasty.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .held")).to_have_count(1)
    page.goto(page.url.split("/tickets/")[0] + "/tickets/?view=open")
    page.keyboard.press("Shift+Z")
    page.wait_for_url(f"**/tickets/{ticket.pk}/")
    expect(box(page, ticket)).to_have_value("Too hasty.")
    assert written(ticket) == []
    hold(0)


def test_when_its_time_has_come_it_goes_out_by_itself(cast: Cast, open_as: Open) -> None:
    hold(3)
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    box(page, ticket).fill("In three seconds.")
    page.locator(".composer:visible [data-send]").click()
    expect(page.locator("#timeline .held")).to_have_count(1)
    page.goto("about:blank")
    colleague = open_as(cast.ben, f"/tickets/{ticket.pk}/")
    expect(colleague.locator("#timeline .message:not(.held)", has_text="In three seconds.")).to_have_count(1)
    assert written(ticket) == ["In three seconds."]
    assert HeldReply.objects.get(ticket=ticket).released_at is not None
    hold(0)


def test_faces_show_who_looks_and_a_louder_mark_who_writes(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    ada = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    ben = open_as(cast.ben, f"/tickets/{ticket.pk}/")
    expect(ada.locator(FACES)).to_have_attribute("data-does", "view")
    expect(ada.locator("[data-here-faces]")).to_contain_text("Ben is looking at this ticket")
    box(ben, ticket).press_sequentially("I know th")
    expect(ada.locator("[data-here-writing]")).to_have_text("Ben is writing a reply…")
    expect(ada.locator(FACES)).to_have_attribute("data-does", "reply")
    settle(ada)
    ada.screenshot(path=PICTURES / "writing-presence.png")
    assert violations(ada) == []
    chat = opened(cast, origin=Origin(channel="chat"))
    ada.goto(f"{ada.url.split('/tickets/')[0]}/tickets/{chat.pk}/")
    ravi = open_as(cast.ravi, f"/chat/{chat.pk}/", width=390)
    ravi.locator("textarea[name=body]").press_sequentially("And now")
    expect(ada.locator("[data-here-writing]")).to_have_text("Ravi is typing…")
    expect(ravi.locator(FACES)).to_have_count(0)
    ada.goto(f"{ada.url.split('/tickets/')[0]}/tickets/{ticket.pk}/")
    expect(ada.locator(FACES)).to_have_count(1)
    ben.goto("about:blank")
    expect(ada.locator(FACES)).to_have_count(0)
    expect(ada.locator("[data-here-writing]")).to_be_hidden()


def test_who_wrote_meanwhile_is_said_in_the_box_and_sending_asks_once(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    box(page, ticket).fill("My answer")
    reply(ticket_id=ticket.pk, body="Ben's answer", by=cast.actor(cast.ben), at=clock.now())
    banner = page.locator(".composer:visible [data-composer-newer]")
    expect(banner).to_contain_text("Ben wrote while you were writing.")
    box(page, ticket).press_sequentially(", quite long")
    page.screenshot(path=PICTURES / "writing-newer.png")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".composer:visible [data-composer-alert]")).to_contain_text("Your text is kept.")
    assert written(ticket) == ["Ben's answer"]
    expect(page.locator(".composer:visible [data-send]")).to_be_enabled()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .message", has_text="quite long")).to_have_count(1)
    assert written(ticket) == ["Ben's answer", "My answer, quite long"]
    # What was answered is not told again; whoever goes and reads what is new is not asked.
    expect(banner).to_be_hidden()
    box(page, ticket).fill("And another")
    expect(banner).to_be_hidden()
    add_note(ticket_id=ticket.pk, body="A note is no answer", by=cast.actor(cast.ben), at=clock.now())
    reply(ticket_id=ticket.pk, body="Ben's second", by=cast.actor(cast.ben), at=clock.now())
    expect(page.locator("#timeline .message", has_text="Ben's second")).to_have_count(1)
    expect(banner).to_contain_text("Ben wrote")
    banner.get_by_text("Read it").click()
    expect(page.locator("#timeline .message:focus")).to_contain_text("Ben's second")
    expect(banner).to_be_hidden()
    box(page, ticket).press("Control+Enter")
    expect(page.locator("#timeline .message", has_text="And another")).to_have_count(1)


def test_a_session_that_ends_while_typing_loses_nothing(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    box(page, ticket).fill("Half a sentence")
    expect(page.locator(STATE)).to_have_text("Draft saved")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    box(page, ticket).fill("Half a sentence and the rest of it")
    expect(page.locator(STATE)).to_have_text("You are signed out. The text is kept in this tab.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".composer:visible [data-composer-alert]")).to_contain_text("Your text is kept.")
    page.context.add_cookies(cookies)
    page.reload()
    expect(box(page, ticket)).to_have_value("Half a sentence and the rest of it")
    expect(page.locator(STATE)).to_have_text("Draft saved")
    assert Draft.objects.get(ticket=ticket).body == "Half a sentence and the rest of it"


def test_three_keys_send_and_the_last_choice_is_remembered(cast: Cast, open_as: Open) -> None:
    first, second, third = opened(cast), opened(cast), opened(cast)
    page = open_as(cast.ada, f"/tickets/{first.pk}/?view=unassigned&order=newest")
    box(page, first).fill("Since when?")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#ticket-head .state").first).to_contain_text("Waiting on requester")
    box(page, first).fill("Done.")
    page.locator(".composer:visible .composer-send .dropdown-menu > button").click()
    page.get_by_role("menuitem", name="Send and solve").click()
    expect(page.locator("#ticket-head .state").first).to_contain_text("Solved")
    page.goto(page.url.replace(f"/{first.pk}/", f"/{third.pk}/"))
    box(page, third).fill("Done as well.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#ticket-head .state").first).to_contain_text("Solved")
    page.goto(page.url.replace(f"/{third.pk}/", f"/{second.pk}/").replace("view=unassigned", "view=all"))
    expect(page.locator("#pane .row[aria-current]")).to_have_count(1)
    box(page, second).fill("And on to the next.")
    page.keyboard.press("Alt+Enter")
    page.wait_for_url(lambda url: f"/{second.pk}/" not in url)
    assert written(second) == ["And on to the next."]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_the_page_of_drafts_is_readable_everywhere(cast: Cast, open_as: Open, width: int, scheme: str) -> None:
    ticket = opened(cast)
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/", width=width, color_scheme=scheme)
    box(page, ticket).fill("Good morning! We found it: the cache of your region was stale.")
    page.locator(".composer:visible .composer-send .dropdown-menu > button").click()
    settle(page)
    page.screenshot(path=PICTURES / f"writing-menu-{width}.png")
    page.get_by_role("menuitem", name=re.compile("At 9:00 (my|their) time")).click()
    expect(page.locator("#timeline .held")).to_contain_text("goes out")
    box(page, ticket).fill("One more thing to look at")
    expect(page.locator(STATE)).to_have_text("Draft saved")
    page.screenshot(path=PICTURES / f"writing-scheduled-{width}.png")
    page.goto(page.url.split("/tickets/")[0] + "/writing/")
    expect(page.locator(".writing-row").first).to_be_visible()
    settle(page)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.screenshot(path=PICTURES / f"writing-drafts-{width}.png", full_page=True)


def test_a_saved_reply_is_chosen_before_the_last_answer_is_here(cast: Cast, open_as: Open) -> None:
    ticket = opened(cast)
    about = About(f"quick {uuid4().hex[:6]}", scope="all")
    create_saved_reply(about=about, texts={"": "Please reload."}, by=cast.actor(cast.lin), at=clock.now())
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/")
    box(page, ticket).focus()
    page.keyboard.type("/qui")
    expect(page.locator("#saved-menu [role=option]").first).to_be_visible()
    # The words of an answer come later than its head; meanwhile somebody chooses.
    page.evaluate("""() => { const text = Response.prototype.text;
        Response.prototype.text = function () { return new Promise(go => setTimeout(() => go(text.call(this)), 700)).finally(() => document.body.dataset.late = "1"); } }""")
    with page.expect_response("**/saved-replies/**"):
        page.keyboard.type("c")
    page.keyboard.press("Enter")
    expect(box(page, ticket)).to_have_value("Please reload.")
    page.wait_for_selector("body[data-late]")
    expect(page.locator("#saved-menu")).to_be_hidden()
