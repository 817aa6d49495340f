"""One's shift in a real browser: it looks right, fits, is accessible, and is worked by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.handing_over import Leaving, hand_over
from steward.desk.actions.replies import reply
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.actions.timing import sweep_timers
from steward.desk.actions.weighing import set_agent
from steward.desk.models import HandedTicket, Handling, Handover, Snooze, Ticket
from steward.desk.rules.states import State
from steward.ledger.actions.following import settle as settle_ledger
from steward.roster.actions import add_shift
from steward.sla.actions import create_default_policy
from tests.cast import SETUP, Cast
from tests.web.settings.browsing import faults

pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "shift"
WORDS = (
    "Items I skip come back to the top of my queue",
    "The label “spam, repeated” is missing since this morning",
    "Can two moderators share one appeal?",
    "Video stays black in the reviewer on Firefox",
    "Hash match shows a different picture than the item",
    "How do I export my decisions of last week?",
)


def given(desk: Cast, body: str, who=None, **values: object) -> Ticket:
    ticket = desk.ticket(body, **values)
    assign_ticket(ticket_id=ticket.pk, to=who or desk.ada, by=desk.actor(desk.lin), at=desk.at)
    return ticket


def story(desk: Cast) -> Handover:
    """Fill a shift: answers waited for, things due, a ticket back, one asleep, a promise, a handover to read."""
    desk.at -= timedelta(hours=3)
    create_default_policy(by=SETUP, at=desk.at)
    desk.on_shift(desk.ada, desk.lin, hours=8)
    for who, hours in ((desk.ada, 21), (desk.ben, 8)):
        starts_at = desk.at + timedelta(hours=hours)
        add_shift(user=who, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8), by=SETUP, at=desk.at)
    set_agent(user_id=desk.ada.pk, capacity=9, languages=["en", "zh"], by=SETUP, at=desk.at)
    ada = desk.actor(desk.ada)
    tickets = [given(desk, words, priority=1 + place % 4) for place, words in enumerate(WORDS)]
    for ticket in tickets[2:]:
        reply(ticket_id=ticket.pk, body="I look into it.", by=ada, at=desk.later(seconds=5))
    reply(ticket_id=tickets[5].pk, body="Which week?", then=State.PENDING, by=ada, at=desk.at)
    snooze_ticket(ticket_id=tickets[3].pk, until="time", until_at=desk.at + timedelta(hours=2), by=ada, at=desk.at)
    snooze_ticket(ticket_id=tickets[4].pk, until="reply", by=ada, at=desk.at)
    due_at = desk.at + timedelta(hours=5)
    add_follow_up(ticket_id=tickets[2].pk, owner=desk.ada, what="Ask Ravi whether it helped", due_at=due_at, by=ada, at=desk.at)
    given(desk, "The whole console is slow in Dublin", desk.ben, priority=1)
    left = Ticket.objects.get(assignee=desk.ben)
    passed = Leaving(
        ticket_id=left.pk,
        choice=HandedTicket.Choice.PASSED,
        note="The gateway team restarts at ten, look then.",
        to_user_id=desk.ada.pk,
    )
    handover = hand_over(
        user_id=desk.ben.pk, leaving=[passed], note="Quiet but for the gateway.", by=desk.actor(desk.ben), at=desk.later(hours=2)
    )
    for _n in range(3):
        desk.ticket("Nobody has taken this one yet", queue=desk.restricted)
    settle_ledger()
    sweep_timers(at=desk.later(minutes=30))
    return handover


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_shift_is_accessible_and_fits(served_desk, browse: Callable[..., Page], width: int, scheme: str) -> None:
    desk, address = served_desk
    handover = story(desk)
    found = []
    for who, pages in (
        (desk.ada, {"mine": "/shift/", "handover": "/shift/handover/", "handed": f"/shift/handovers/{handover.pk}/"}),
        (desk.lin, {"lead": "/shift/", "times": "/shift/handling/", "load": "/settings/load/"}),
    ):
        page = browse(who, "/shift/", width=width, scheme=scheme)
        for name, path in pages.items():
            page.goto(address + path)
            found += faults(page, name)
            height = page.evaluate("document.getElementById('main').scrollHeight")
            page.set_viewport_size({"width": width, "height": min(max(844, height + 120), 2400)})
            page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
            page.set_viewport_size({"width": width, "height": 844})
        if who == desk.ada:
            page.goto(f"{address}/shift/")
            page.locator("#row-1 a").focus()
            page.keyboard.press("z")
            expect(page.locator("#snooze-title")).to_be_visible()
            found += faults(page, "snooze")
            page.screenshot(path=PICTURES / f"snooze-{scheme}-{width}.png")
    assert found == []


def test_a_ticket_is_snoozed_by_keyboard_from_the_list(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    ticket = given(desk, "Items come back")
    page = browse(desk.ada, "/tickets/?view=mine")
    page.keyboard.press("j")
    page.keyboard.press("z")
    expect(page.locator("#snooze-title")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#toaster")).to_contain_text(f"#{ticket.pk} is snoozed until the requester replies")
    expect(page.locator("#snooze")).to_have_count(0)
    assert Snooze.objects.get().until == "reply"


def test_a_shift_is_handed_over_by_keyboard_alone(served_desk, browse: Callable[..., Page]) -> None:
    desk, address = served_desk
    desk.on_shift(desk.ada)
    starts_at = desk.at + timedelta(hours=20)
    add_shift(user=desk.ada, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8), by=SETUP, at=desk.at)
    kept, urgent, parked = given(desk, "One"), given(desk, "Two", priority=1), given(desk, "Three")
    page = browse(desk.ada, "/shift/handover/")
    page.locator(f"#row-{kept.pk} a").focus()
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator(f"#note-{urgent.pk}")).to_be_focused()
    page.keyboard.type("123 Call the vendor")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    expect(page.locator("[name=handover_note]")).to_be_focused()
    page.keyboard.type("All told.")
    page.locator("button[type=submit]", has_text="Hand over and end the shift").click()
    page.wait_for_url(f"{address}/shift/handovers/*/")
    became = dict(HandedTicket.objects.values_list("ticket_id", "choice"))
    assert became == {kept.pk: "kept", urgent.pk: "passed", parked.pk: "parked"}
    assert Handover.objects.get().note == "All told."


def test_an_open_ticket_tells_that_it_is_in_hand_and_that_it_was_left(served_desk, browse: Callable[..., Page]) -> None:
    desk, address = served_desk
    ticket = given(desk, "Items come back")
    page = browse(desk.ada, f"{address}/tickets/{ticket.pk}/".removeprefix(address))
    page.mouse.move(200, 200)
    expect(page.locator("#ticket")).to_be_visible()
    for _look in range(100):
        if Handling.objects.exists():
            break
        page.wait_for_timeout(100)
    running = Handling.objects.get()
    assert (running.ticket_id, running.user_id, running.closed_at) == (ticket.pk, desk.ada.pk, None)
    page.wait_for_timeout(1_600)
    page.goto(f"{address}/shift/")
    for _look in range(100):
        if Handling.objects.filter(closed_at__isnull=False).exists():
            break
        page.wait_for_timeout(100)
    assert Handling.objects.get().seconds >= 1
