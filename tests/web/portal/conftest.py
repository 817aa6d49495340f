"""The desk of these tests lives in the present, as the screens do."""

from collections.abc import Callable, Iterator

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page

from steward.core import clock
from tests.cast import Cast
from tests.chromium import Visitors, browser, serving

__all__ = ["browser"]


@pytest.fixture
def desk(cast: Cast, settings) -> Cast:
    """Give the cast at this very moment, with the requesters' screens at their addresses."""
    settings.ROOT_URLCONF = "tests.web.portal.urls"
    cast.at = clock.now()
    return cast


@pytest.fixture
def served_desk(fresh_cast: Cast, settings) -> Iterator[tuple[Cast, str]]:
    """Give the same in a database of its own, served at an address."""
    settings.ROOT_URLCONF = "tests.web.portal.urls"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    fresh_cast.at = clock.now()
    with serving(get_wsgi_application()) as address:
        yield fresh_cast, address


@pytest.fixture
def browse(browser: Browser, served_desk: tuple[Cast, str]) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody signed in; fails afterwards for any script error or breach of the content policy."""
    visitors = Visitors(browser, served_desk[1])
    yield visitors.open
    visitors.leave()
    assert visitors.problems == []
