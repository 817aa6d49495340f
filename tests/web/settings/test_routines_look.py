"""Saved replies, macros and automations in a real browser: they look right, fit, are accessible, and work by keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from steward.desk.actions.automations.making import Content, create_automation, switch_on
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.macros import create_macro
from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Macro, Message, SavedReply, Status
from steward.desk.rules.conditions import Condition, Operator
from tests.cast import Cast
from tests.web.settings.browsing import faults

pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "routines"


def story(desk: Cast) -> list[str]:
    """Fill the desk with routines; give the addresses of their screens."""
    lin, at = desk.actor(desk.lin), desk.at
    pending = str(Status.objects.get(state="pending", is_default=True).pk)
    texts = {
        "": "Hello {{requester.first_name}},\n\nplease sign out, close the console and sign in again. Does {{ticket.number}} still happen in {{requester.team}}?",
        "fr": "Bonjour {{requester.first_name}}, veuillez vous reconnecter.",
    }
    reply = create_saved_reply(about=About("Sign in again", folder="Access", scope="all"), texts=texts, by=lin, at=at)
    create_saved_reply(
        about=About("Ask for the job id", folder="Queues", scope="team", team=desk.team),
        texts={"": "Which job is it?"},
        by=lin,
        at=at,
    )
    create_saved_reply(about=About("My sign-off"), texts={"": "Best, {{agent.first_name}}"}, by=desk.actor(desk.ada), at=at)
    steps = [
        Call("reply", {"body": "Hello {{requester.first_name}}, please reload the console and tell me whether it helps."}),
        Call("add_tag", {"tag": "reload"}),
        Call("status", {"status": pending, "reason": "", "why": ""}),
    ]
    macro = create_macro(about=About("Ask to reload", folder="Console", scope="all"), calls=steps, by=lin, at=at)
    create_macro(
        about=About("For the market", scope="all"), calls=[Call("note", {"body": "From {{requester.team}}"})], by=lin, at=at
    )
    for _number in range(3):
        desk.ticket()
    content = Content(
        whens=[When("opened", {}), When("in_state", {"state": "new", "hours": 2})],
        calls=[Call("priority", {"priority": "1"}), Call("note", {"body": "A market we watch: {{requester.market}}"})],
        conditions=[Condition("market", Operator.IS, "IN, BR"), Condition("priority", Operator.AT_MOST, "2")],
        any_conditions=[Condition("tag", Operator.HAS_NOT, "vip"), Condition("message", Operator.CONTAINS, "urgent")],
    )
    automation = create_automation(name="Watched markets first", content=content, by=lin, at=at)
    try_automation(automation_id=automation.pk, by=lin, at=at)
    switch_on(automation_id=automation.pk, version=1, by=lin, at=at)
    create_automation(
        name="Close what nobody answers", content=Content([When("no_word", {"hours": 72})], steps[1:2]), by=lin, at=at
    )
    return [
        "/settings/saved-replies/",
        "/settings/saved-replies/new/",
        f"/settings/saved-replies/{reply.pk}/",
        "/settings/macros/",
        "/settings/macros/new/",
        f"/settings/macros/{macro.pk}/",
        "/settings/automations/",
        "/settings/automations/new/",
        f"/settings/automations/{automation.pk}/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_routine_is_accessible_and_fits(served_desk, browse: Callable[..., Page], width: int, scheme: str) -> None:
    desk, _address = served_desk
    addresses = story(desk)
    found, page = [], browse(desk.lin, "/settings/", width=width, scheme=scheme)
    for path in addresses:
        page.goto(_address + path)
        name = path.strip("/").replace("/", "-")
        found += faults(page, name)
        height = page.evaluate("document.getElementById('main').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(max(844, height + 160), 2600)})
        page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
        page.set_viewport_size({"width": width, "height": 844})
    assert found == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_slash_finds_a_saved_reply_and_what_is_missing_is_filled_in_before_sending(
    served_desk, browse: Callable[..., Page], scheme: str, width: int
) -> None:
    desk, _address = served_desk
    story(desk)
    ticket = desk.ticket()
    page = browse(desk.ada, f"/tickets/{ticket.pk}/", width=width, scheme=scheme)
    box = page.locator("form[data-composer][data-kind=reply] textarea")
    box.click()
    page.keyboard.type("Good day. /sign")
    expect(page.locator("#saved-menu")).to_be_visible()
    expect(page.locator("#saved-menu [aria-selected=true]")).to_contain_text("Sign in again")
    expect(page.locator(".saved-preview")).to_contain_text("Hello Ravi")
    assert faults(page, "saved menu") == []
    page.screenshot(path=PICTURES / f"slash-{scheme}-{width}.png")
    page.keyboard.press("Enter")
    expect(page.locator("#saved-menu")).to_be_hidden()
    expect(box).to_have_value(
        f"Good day. Hello Ravi,\n\nplease sign out, close the console and sign in again. Does #{ticket.pk} still happen in "
        "{{requester.team}}?"
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-composer-alert]").first).to_contain_text("Not filled in: {{requester.team}}")
    page.screenshot(path=PICTURES / f"unfilled-{scheme}-{width}.png")
    # The variable is selected: typing takes its place.
    page.keyboard.type("video review")
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("")
    page.wait_for_function("document.querySelector('#timeline').textContent.includes('still happen in video review')")
    assert SavedReply.objects.get(name="Sign in again").times_used == 1


def test_a_colon_opens_only_before_a_letter_escape_closes_and_arrows_walk(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    story(desk)
    page = browse(desk.ada, f"/tickets/{desk.ticket().pk}/")
    box = page.locator("form[data-composer][data-kind=reply] textarea")
    box.click()
    page.keyboard.type("Note: ")
    expect(page.locator("#saved-menu")).to_be_hidden()
    page.keyboard.type(":a")
    expect(page.locator("#saved-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#saved-menu")).to_be_hidden()
    box.fill("")
    page.keyboard.type("/")
    expect(page.locator("#saved-menu")).to_be_visible()
    expect(page.locator("#saved-menu [role=option]")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#saved-menu [role=option]").nth(2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#saved-menu [role=option]").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(box).not_to_have_value("/")
    assert Message.objects.filter(kind="message", author_kind="agent").count() == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_m_shows_what_a_macro_would_change_and_enter_runs_it(
    served_desk, browse: Callable[..., Page], scheme: str, width: int
) -> None:
    desk, _address = served_desk
    story(desk)
    ticket = desk.ticket()
    page = browse(desk.ada, f"/tickets/{ticket.pk}/", width=width, scheme=scheme)
    page.locator("#timeline .message").first.wait_for()
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Run a macro")).to_be_visible()
    expect(page.locator("#macro-list button")).to_have_count(2)
    page.get_by_role("button", name="For the market").click()
    expect(page.locator("#macro-preview")).to_contain_text("whole or not at all")
    page.screenshot(path=PICTURES / f"macro-refused-{scheme}-{width}.png")
    page.locator("[data-macro-find]").fill("reload")
    expect(page.locator("#macro-list button")).to_have_count(1)
    page.locator("[data-macro-find]").press("Enter")
    expect(page.locator("#macro-preview")).to_contain_text("Status: Open → Waiting on requester")
    assert faults(page, "macro dialog") == []
    page.screenshot(path=PICTURES / f"macro-{scheme}-{width}.png")
    expect(page.locator("#macro-preview [data-run]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Run a macro")).to_be_hidden()
    expect(page.locator("#toaster")).to_contain_text("Done: Ask to reload")
    page.screenshot(path=PICTURES / f"macro-done-{scheme}-{width}.png")
    page.locator("#toaster").get_by_role("button", name="Undo").click()
    expect(page.locator("#toaster")).to_contain_text("Taken back.")
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert Macro.objects.get(name="Ask to reload").times_used == 1


def test_steps_and_conditions_are_added_moved_and_taken_out(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.lin, "/settings/automations/new/")
    page.get_by_label("Name").fill("By hand")
    page.get_by_label("A ticket is opened").check()
    page.get_by_label("Add a condition").select_option("tag")
    page.locator("[hx-get$='/condition/']").click()
    page.locator("#conditions input[name$='.value']").fill("vip")
    for verb in ("priority", "note"):
        page.get_by_label("Add a step").select_option(verb)
        page.locator("#add-step button").click()
        page.locator(f"#steps input[value={verb}]").wait_for(state="attached")
    page.locator("#steps select").select_option("1")
    page.locator("#steps textarea").fill("For ")
    page.locator("#steps .variables summary").click()
    page.locator("#steps [data-insert='{{requester.name}}']").click()
    expect(page.locator("#steps textarea")).to_have_value("For {{requester.name}}")
    page.get_by_role("button", name="Earlier: Internal note").click()
    page.get_by_role("button", name="Create automation").click()
    expect(page.locator("#toaster")).to_contain_text("Created; it is off.")
    expect(page.locator("#steps .step-name b").first).to_have_text("Internal note")
    page.get_by_role("button", name="Try it on last week").click()
    page.get_by_role("button", name="Switch version 1 on").click()
    expect(page.locator("#toaster")).to_contain_text("It acts from now on.")
