"""A working day without a mouse: mixed tickets from the list to their ends, with keystrokes and seconds counted."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.settings import create_category
from steward.desk.actions.sharing import About
from steward.desk.models import Category, Message, SavedReply, Ticket, TicketTag
from tests.cast import SETUP, Cast
from tests.figures import show
from tests.site import wait_for

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LIST = "/tickets/?view=all&order=newest"


class Hands:
    """Two hands on a keyboard: every key is counted, and nothing but keys is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.keys += len(words)

    def choose(self, key: str, words: str) -> None:
        """Open a second step by its key, narrow it by a few letters, and take the first."""
        self.press(key)
        expect(self.page.locator("[data-palette] [role=combobox]")).to_be_focused()
        self.type(words)
        expect(self.page.locator("#palette-list [role=option][data-post]").first).to_be_visible()
        self.press("Enter")
        expect(self.page.locator("[data-palette][open]")).to_have_count(0)

    def to_row(self, ticket: Ticket) -> None:
        row = f"document.activeElement?.closest('#row-{ticket.pk}') !== null"
        for _step in range(60):
            self.press("j")
            if self.page.evaluate(row):
                return
        raise AssertionError(f"j does not reach #{ticket.pk}")

    def open(self, ticket: Ticket) -> None:
        self.to_row(ticket)
        self.press("o")
        self.page.wait_for_url(f"**/tickets/{ticket.pk}/**")

    def back(self) -> None:
        self.press("u")
        # Back in the list one came from, however the ticket was opened.
        self.page.wait_for_url(lambda url: "/tickets/?" in url and "view=all" in url)
        self.page.wait_for_function("document.activeElement?.closest('[data-list-item]')")

    def write(self, key: str, words: str) -> None:
        self.press(key)
        expect(self.page.locator(".composer:visible textarea")).to_be_focused()
        self.type(words)
        self.press("Control+Enter")
        expect(self.page.locator("#timeline")).to_contain_text(words)


def answer_and_solve(hands: Hands, ticket: Ticket) -> None:
    hands.open(ticket)
    hands.write("r", "It works again, please reload.")
    hands.press("Escape", "e")
    expect(hands.page.locator("#ticket-head .state").first).to_contain_text("Solved")
    hands.back()


def answer_with_a_saved_reply(hands: Hands, ticket: Ticket) -> None:
    hands.open(ticket)
    hands.press("r")
    expect(hands.page.locator(".composer:visible textarea")).to_be_focused()
    hands.type("/logs")
    expect(hands.page.locator("#saved-menu [role=option]").first).to_be_visible()
    hands.press("Enter")
    expect(hands.page.locator(".composer:visible textarea")).to_have_value("Please send us the log of the console.")
    hands.press("Control+Enter")
    expect(hands.page.locator("#timeline")).to_contain_text("Please send us the log of the console.")
    hands.press("Escape")
    hands.choose("s", "waiting on")
    hands.back()


def note_and_hand_over(hands: Hands, ticket: Ticket) -> None:
    hands.open(ticket)
    hands.write("n", "Same as this morning; Ben knows.")
    hands.press("Escape")
    hands.choose("a", "ben")
    expect(hands.page.locator("#set-assignee option:checked")).to_contain_text("Ben")
    hands.back()


def label_and_raise_from_the_list(hands: Hands, ticket: Ticket) -> None:
    hands.to_row(ticket)
    hands.choose("l", "wave")
    hands.choose("p", "high")
    expect(hands.page.locator(f"#row-{ticket.pk} .priority")).to_contain_text("High")


def put_on_hold(hands: Hands, ticket: Ticket) -> None:
    hands.open(ticket)
    hands.choose("s", "vendor")
    expect(hands.page.locator("#ticket-head .state").first).to_contain_text("On hold")
    hands.back()


def snooze(hands: Hands, ticket: Ticket) -> None:
    hands.to_row(ticket)
    hands.press("z")
    expect(hands.page.locator("#snooze button:focus")).to_be_visible()
    hands.press("Enter")
    expect(hands.page.locator("#snooze")).to_have_count(0)


def solve_with_what_must_be_filled(hands: Hands, ticket: Ticket) -> None:
    hands.open(ticket)
    hands.press("e")
    expect(hands.page.locator("#missing input:focus")).to_be_visible()
    hands.type("A flag")
    hands.press("Enter")
    expect(hands.page.locator("#ticket-head .state").first).to_contain_text("Solved")
    hands.back()


def find_by_number_and_write_a_note(hands: Hands, ticket: Ticket) -> None:
    hands.press("Control+k")
    expect(hands.page.locator("[data-palette] [role=combobox]")).to_be_focused()
    hands.type(str(ticket.pk))
    there = f"#palette-list [role=option][aria-selected=true][data-href*='/tickets/{ticket.pk}/']"
    expect(hands.page.locator(there)).to_be_visible()
    hands.press("Enter")
    hands.page.wait_for_url(f"**/tickets/{ticket.pk}/**")
    hands.write("n", "Found by its number.")
    hands.press("Escape")
    hands.back()


def merge_with_one_from_before(hands: Hands, ticket: Ticket) -> None:
    other = Ticket.objects.filter(requester=ticket.requester, subject__startswith="The same", state="new").earliest("id")
    hands.open(ticket)
    hands.press("Shift+M")
    expect(hands.page.locator("#merge-add")).to_be_focused()
    hands.type(str(other.pk))
    hands.press("Enter")
    expect(hands.page.locator("#merge input[type=radio]:focus")).to_be_visible()
    hands.press("Enter")
    hands.page.wait_for_url(f"**/tickets/{other.pk}/**")
    hands.back()


KINDS = (
    answer_and_solve,
    answer_with_a_saved_reply,
    note_and_hand_over,
    label_and_raise_from_the_list,
    put_on_hold,
    snooze,
    solve_with_what_must_be_filled,
    merge_with_one_from_before,
    find_by_number_and_write_a_note,
)


def search_and_change_some_at_once(hands: Hands, word: str, few: list[Ticket]) -> None:
    hands.press("/")
    expect(hands.page.locator("input[type=search]:focus")).to_be_visible()
    hands.type(word)
    hands.press("Enter")
    expect(hands.page.locator("[data-list-item]")).to_have_count(len(few))
    for _ticket in few:
        hands.press("j", "x")
    hands.choose("p", "low")
    for ticket in few:
        expect(hands.page.locator(f"#row-{ticket.pk} .priority")).to_contain_text("Low")


@pytest.mark.parametrize("count", [9, pytest.param(50, marks=pytest.mark.long)])
def test_mixed_tickets_are_worked_with_the_keyboard_alone(cast: Cast, open_as: Open, count: int) -> None:
    cast.at = clock.now()
    lin = cast.actor(cast.lin)
    if not SavedReply.objects.exists():
        # Who is off shift is given nothing by "get next".
        cast.on_shift(cast.lin)
        create_saved_reply(
            about=About("logs", scope="all"), texts={"": "Please send us the log of the console."}, by=lin, at=cast.at
        )
        asked = {"name": "Root cause", "kind": "text", "required_at_solve": True}
        create_field(
            values=asked, category_ids=[create_category(values={"name": "Outage"}, by=SETUP, at=cast.at).pk], by=SETUP, at=cast.at
        )
    outage = Category.objects.get(name="Outage")
    few = [cast.ticket(f"The whole {word} hangs", requester=cast.oto) for word in [f"wall{count}"] * 3]
    for number in range(count // len(KINDS) * 2):
        cast.ticket(f"The same as before, number {number}", requester=(cast.ravi, cast.oto)[number % 2])
    tickets = []
    for number in reversed(range(count)):
        category = outage if KINDS[number % len(KINDS)] is solve_with_what_must_be_filled else None
        body, requester = f"Mixed bag {number}: something else is wrong each time", (cast.ravi, cast.oto)[number % 2]
        tickets.insert(0, cast.ticket(body, requester=requester, category=category))
    page = open_as(cast.lin, LIST)
    hands = Hands(page)
    began = time.perf_counter()
    for number, ticket in enumerate(tickets):
        KINDS[number % len(KINDS)](hands, ticket)
    search_and_change_some_at_once(hands, f"wall{count}", few)
    hands.press("g", "n")
    page.wait_for_url(lambda url: "/tickets/?" not in url)
    seconds, worked = time.perf_counter() - began, [*tickets, *few]
    show(
        f"by-keyboard-{count}",
        [
            f"{len(worked)} tickets by keyboard alone: {hands.keys} keystrokes ({hands.keys / len(worked):.1f} a ticket), {seconds:.1f} s ({seconds / len(worked):.1f} a ticket)"
        ],
    )
    by_kind = {kind: tickets[place :: len(KINDS)] for place, kind in enumerate(KINDS)}
    for ticket in tickets:
        ticket.refresh_from_db()
    assert all(one.state == "solved" for one in by_kind[answer_and_solve] + by_kind[solve_with_what_must_be_filled])
    assert all(one.outcome == "merged" for one in by_kind[merge_with_one_from_before])
    assert {one.priority for one in Ticket.objects.filter(pk__in=[one.pk for one in few])} == {4}
    assert all((one.state, one.waiting_reason) == ("on_hold", "vendor") for one in by_kind[put_on_hold])
    assert all(one.assignee_id == cast.ben.pk for one in by_kind[note_and_hand_over])
    assert all(
        one.priority == 2 and TicketTag.objects.filter(ticket=one, tag__name="wave").exists()
        for one in by_kind[label_and_raise_from_the_list]
    )
    assert all(one.state == "pending" for one in by_kind[answer_with_a_saved_reply])
    answered = by_kind[answer_and_solve] + by_kind[answer_with_a_saved_reply]
    # A portal reply waits a few seconds before it is said.
    assert wait_for(
        lambda: Message.objects.filter(ticket__in=answered, author_kind="agent", kind="message").count() == len(answered)
    )
    noted = by_kind[note_and_hand_over] + by_kind[find_by_number_and_write_a_note]
    assert Message.objects.filter(ticket__in=noted, kind="note").count() == len(noted)
