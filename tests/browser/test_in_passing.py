"""What is told in passing: a number in a text unfolds and shows its ticket, and `@` finds who can be named, all by keyboard too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.actions.replies import add_note
from steward.desk.models import Ticket, Watcher
from tests.cast import Cast
from tests.chromium import settle, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
CARD = "#ticket-hover"


@pytest.fixture
def tickets(cast: Cast) -> tuple[Ticket, Ticket, Ticket]:
    """Open a ticket, one it is like, and one that only Lin may see; both are named in a note on the first."""
    cast.at = clock.now()
    told = (
        cast.ticket("The list of the night is empty."),
        cast.ticket("The same list, in the morning."),
        cast.ticket("Grave words."),
    )
    told[2].queue = cast.restricted
    told[2].save(update_fields=["queue"])
    note = f"Like #{told[1].pk}, and not like #{told[2].pk}."
    add_note(ticket_id=told[0].pk, body=note, by=cast.actor(cast.lin), at=cast.at)
    return told


def test_a_number_says_what_it_stands_for_and_shows_it_to_the_pointer_and_to_the_keyboard(
    cast: Cast, tickets: tuple[Ticket, Ticket, Ticket], open_as: Open
) -> None:
    here, like, _grave = tickets
    page = open_as(cast.ada, f"/tickets/{here.pk}/")
    link = page.locator(f'a.ticket-ref[data-ref="{like.pk}"]').first
    expect(link.locator(".ticket-ref-words")).to_have_text("New · The same list, in the morning.")
    link.hover()
    card = page.locator(CARD)
    expect(card).to_be_visible()
    expect(card).to_contain_text("The same list, in the morning.")
    expect(card).to_contain_text("Ravi")
    assert link.get_attribute("aria-describedby") == "ticket-hover"
    settle(page)
    assert violations(page, CARD) == []
    box, frame = card.bounding_box(), page.viewport_size
    assert box
    assert frame
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= frame["width"]
    page.mouse.move(2, 2)
    expect(card).to_be_hidden()
    link.focus()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert link.get_attribute("aria-describedby") is None
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{like.pk}/**")


def test_a_number_out_of_sight_says_and_shows_nothing(cast: Cast, tickets: tuple[Ticket, Ticket, Ticket], open_as: Open) -> None:
    here, like, grave = tickets
    page = open_as(cast.ada, f"/tickets/{here.pk}/")
    expect(page.locator(f'a.ticket-ref[data-ref="{like.pk}"] .ticket-ref-words').first).to_be_visible()
    link = page.locator(f'a.ticket-ref[data-ref="{grave.pk}"]').first
    link.hover()
    link.focus()
    # As long as the pointer has to rest, and once more.
    page.wait_for_timeout(700)
    expect(page.locator(CARD)).to_have_count(0)
    assert link.inner_text() == f"#{grave.pk}"
    assert "Grave" not in page.content()


def test_a_colleague_is_named_in_a_note_without_a_mouse(cast: Cast, tickets: tuple[Ticket, Ticket, Ticket], open_as: Open) -> None:
    here, _like, _grave = tickets
    page = open_as(cast.ada, f"/tickets/{here.pk}/")
    settle(page)
    page.keyboard.press("n")
    box = page.locator('form[data-kind="note"] textarea')
    expect(box).to_be_focused()
    page.keyboard.type("Ask @")
    menu = page.locator("#mention-menu")
    expect(menu).to_be_visible()
    everybody = menu.locator("[role=option]")
    expect(everybody.filter(has_text="Ben")).to_have_count(1)
    assert violations(page, "#mention-menu") == []
    first = everybody.first.inner_text()
    page.keyboard.press("ArrowDown")
    expect(menu.locator('[aria-selected="true"]')).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    expect(menu.locator('[aria-selected="true"]')).to_have_text(first)
    assert box.get_attribute("aria-activedescendant") == menu.locator('[aria-selected="true"]').get_attribute("id")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(box).to_have_value("Ask @")
    page.keyboard.type("be")
    expect(menu.locator('[aria-selected="true"]')).to_have_text("Ben")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Ask @Ben ")
    page.keyboard.type("when he is here.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .mention")).to_have_text("@Ben")
    assert Watcher.objects.filter(ticket=here, user=cast.ben, how="mention", stopped_at=None).exists()


def test_in_a_reply_an_at_sign_is_an_at_sign(cast: Cast, tickets: tuple[Ticket, Ticket, Ticket], open_as: Open) -> None:
    page = open_as(cast.ada, f"/tickets/{tickets[0].pk}/")
    settle(page)
    page.keyboard.press("r")
    page.keyboard.type("Write to @be")
    page.wait_for_timeout(400)
    expect(page.locator("#mention-menu")).to_have_count(0)
