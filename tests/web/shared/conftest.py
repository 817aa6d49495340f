"""The gallery in a real browser: served from this process, with no database behind it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page

from steward.web.shared import assets, navigation
from tests.chromium import Visitors, browser, serving
from tests.web.shared.gallery import urls as gallery_pages

__all__ = ["browser"]
GALLERY = {
    "ROOT_URLCONF": "tests.web.shared.gallery.urls",
    "MIDDLEWARE": [
        "csp.middleware.CSPMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "tests.web.shared.gallery.urls.as_ada",
        "steward.web.shared.errors.DomainErrorMiddleware",
    ],
    "DESK": "demo",
    "DEBUG": False,
}


@pytest.fixture
def gallery_settings() -> Iterator[None]:
    """Let the tests without a browser see the gallery's addresses."""
    with override_settings(**GALLERY):
        # A page still being drawn when the gallery closed may have left addresses of the real desk under its name.
        navigation._address.cache_clear()
        yield


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Serve the gallery and give its address."""
    assets._read.cache_clear()
    with override_settings(**GALLERY), serving(get_wsgi_application()) as address:
        yield address
        gallery_pages.NEXT["test"] += 1


@pytest.fixture
def answers() -> dict[str, Any]:
    """Let a test choose what the server answers, and read what it received."""
    fresh: dict[str, Any] = {"answer": "ok", "received": [], "topics": [], "live": [], "extras": [], "seen": []}
    # The streams of the test before end with it.
    gallery_pages.NEXT.update(fresh, test=gallery_pages.NEXT["test"] + 1)
    return gallery_pages.NEXT


@pytest.fixture
def open_page(browser: Browser, gallery: str, answers: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Open a page of the gallery; fails afterwards for any script error or breach of the content policy."""
    visitors = Visitors(browser, gallery)

    def open_(path: str, *, scheme: str = "light", context: BrowserContext | None = None, **options: Any) -> Page:
        options = {"height": 800, "color_scheme": scheme, **options}
        return visitors.page(context or visitors.context(**options), f"/{path}")

    yield open_
    visitors.leave()
    assert visitors.problems == []
