"""The desk's screens in a real browser, in a database and at an address of their own."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page

from steward.core import clock
from tests.cast import Cast
from tests.chromium import Visitors, browser, scrolls_sideways, serving, settle, violations

__all__ = ["browse", "browser", "faults", "served_desk"]


@pytest.fixture
def served_desk(fresh_cast: Cast, settings, monkeypatch) -> Iterator[tuple[Cast, str]]:
    """Give the cast at this very moment, served at an address."""
    settings.ROOT_URLCONF = "tests.web.settings.urls"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    # A thread a request: each would leave its connection behind.
    monkeypatch.setitem(django_settings.DATABASES["default"], "CONN_MAX_AGE", 0)
    fresh_cast.at = clock.now()
    with serving(get_wsgi_application()) as address:
        yield fresh_cast, address


@pytest.fixture
def browse(browser: Browser, served_desk: tuple[Cast, str]) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody signed in; fails afterwards for any script error or breach of the content policy."""
    visitors = Visitors(browser, served_desk[1])

    def open_(who, path: str, *, width: int = 1280, scheme: str = "light") -> Page:
        return visitors.open(who, path, width=width, color_scheme=scheme)

    yield open_
    visitors.leave()
    assert visitors.problems == []


def faults(page: Page, name: str) -> list[str]:
    """Say what is wrong with a page: what axe finds, and a page that scrolls sideways."""
    settle(page)
    found = [f"{name}: {one}" for one in violations(page)]
    if scrolls_sideways(page):
        found.append(f"{name} scrolls sideways")
    if not page.evaluate("(main => main.scrollWidth <= main.clientWidth)(document.getElementById('main'))"):
        found.append(f"the main part of {name} scrolls sideways")
    return found
