"""The screens as they are served: one running desk for the tests of a file, its people at their browsers."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from tests.cast import Cast
from tests.chromium import Visitors, browser
from tests.databases import point_at
from tests.site import Site, running

__all__ = ["browser"]


@pytest.fixture(scope="module")
def desk(
    browser: Browser,
    django_db_setup: None,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Site, Cast]]:
    """Run a desk for the tests of this file; each makes the tickets it needs."""
    name = re.sub(r"\W", "_", request.module.__name__.rpartition(".")[2])
    with django_db_blocker.unblock(), running(f"steward_{name}", template=template_database) as (site, cast):
        cast.on_shift(cast.ada, cast.ben)
        yield site, cast


@pytest.fixture(autouse=True)
def _at_the_desk(desk: tuple[Site, Cast]) -> None:
    # Between the tests of a file the connection is led back to the database of the tests that roll back.
    point_at(desk[0].database)


@pytest.fixture
def cast(desk: tuple[Site, Cast]) -> Cast:
    """Give the people of the running desk."""
    return desk[1]


@pytest.fixture
def visitors(browser: Browser, desk: tuple[Site, Cast]) -> Iterator[Visitors]:
    """Give people their browsers; fails afterwards for any script error or breach of the content policy."""
    visitors = Visitors(browser, desk[0].address)
    yield visitors
    visitors.leave()
    assert visitors.problems == []


@pytest.fixture
def open_as(visitors: Visitors) -> Callable[..., Page]:
    """Open a page as somebody."""
    return visitors.open
