"""Every screen in light and dark, wide and narrow: it fits, it is accessible, and the browser has nothing to complain of."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from steward.desk.models import Ticket
from steward.people.models import Requester, User
from tests.browser.screens import PEOPLE, Screens
from tests.browser.story import fill
from tests.cast import Cast
from tests.chromium import PICTURES, Visitors, scrolls_sideways, settle, violations

pytestmark = pytest.mark.browser
LOOKS = (("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390))
# Hundreds of pictures, which nobody looks at in most runs: `make pictures` takes them.
WITH_PICTURES = "STEWARD_TEST_PICTURES" in os.environ
# Colors differ by scheme and places by width: two looks show both.
EXAMINED = {("light", 1280), ("dark", 390)}


@pytest.fixture(scope="module")
def tickets(desk) -> dict[str, Ticket]:
    return fill(desk[1])


def examined(page: Page, name: str) -> Iterator[str]:
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        settle(page)
        if WITH_PICTURES:
            page.screenshot(path=PICTURES / "screens" / f"{name}-{scheme}-{width}.png")
        if scrolls_sideways(page):
            yield f"{name} {width}: the page scrolls sideways"
        # As for a language written from the right: everything turns round, and nothing sticks out.
        page.evaluate("document.documentElement.dir = 'rtl'")
        if scrolls_sideways(page):
            yield f"{name} {width}: the page scrolls sideways when it is written from the right"
        if WITH_PICTURES and scheme == "light":
            page.screenshot(path=PICTURES / "rtl" / f"{name}-{width}.png")
        page.evaluate("document.documentElement.dir = 'ltr'")
        if (scheme, width) in EXAMINED:
            yield from (f"{name} {scheme} {width}: {one}" for one in violations(page))


def look(visitors: Visitors, who: User | Requester | None, whose: str, screens: Screens) -> list[str]:
    found: list[str] = []
    context = visitors.context(who)
    page = visitors.page(context, "/healthz")
    for name, path in screens.items():
        answer = page.goto(f"{visitors.address}{path}")
        expected = {"not-found": 404, "forbidden": 403, "dead-link": 404}.get(name, 200)
        if answer is None or answer.status != expected:
            found.append(f"{name}: answered with {answer and answer.status}")
            continue
        if not page.title() or not page.locator("h1").count():
            found.append(f"{name}: has no title or heading")
        found += examined(page, f"{whose}-{name}")
    return found


@pytest.mark.parametrize(("whose", "screens"), PEOPLE.items())
def test_every_screen_fits_and_is_accessible_in_every_look(
    cast: Cast, tickets: dict[str, Ticket], visitors: Visitors, whose: str, screens: Callable[[Cast, dict[str, Ticket]], Screens]
) -> None:
    found = look(visitors, getattr(cast, whose, None), whose, screens(cast, tickets))
    assert not found, "\n".join(found)


def test_a_phone_shows_the_chat_from_its_first_word_to_the_rating(
    cast: Cast, tickets: dict[str, Ticket], visitors: Visitors
) -> None:
    mara = Requester.objects.get(pk=tickets["access"].requester_id)
    assert look(visitors, mara, "mara", {"chat": f"/chat/{tickets['access'].pk}/", "home": "/portal/"}) == []
