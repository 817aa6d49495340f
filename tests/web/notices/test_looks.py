"""One's notices in a real browser: accessible, and fitting the screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.notices.test_page import tell
from tests.web.settings.browsing import faults

pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "notices"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_notices_are_accessible_and_fit(served_desk, browse: Callable[..., Page], width: int, scheme: str) -> None:
    desk, _address = served_desk
    tell(desk, desk.ada, count=4)
    page = browse(desk.ada, "/notices/", width=width, scheme=scheme)
    assert faults(page, "notices") == []
    page.screenshot(path=PICTURES / f"notices-{scheme}-{width}.png")
    page = browse(desk.ben, "/notices/", width=width, scheme=scheme)
    assert faults(page, "no notices") == []
    page.screenshot(path=PICTURES / f"none-{scheme}-{width}.png")
