"""The desk of these tests lives in the present, as the screens do."""

import threading
from collections.abc import Callable, Iterator
from wsgiref.simple_server import make_server

import pytest
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, sync_playwright

from steward.core import clock
from steward.people.models import Requester, User
from tests.cast import Cast
from tests.web.portal.signing_in import signed_in
from tests.web.shared.conftest import FLAGS, _Quiet, _Server, chromium


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
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield fresh_cast, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for the tests of a file; stopped after them, since it leaves an event loop running."""
    where = chromium()
    if where is None:
        pytest.skip("no Chromium on this machine; `make test` says how to get it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=where, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def browse(browser: Browser, served_desk: tuple[Cast, str]) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody signed in; fails afterwards for any script error."""
    _desk, address = served_desk
    contexts, problems = [], []

    def open_(who: Requester | User, path: str, *, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        cookie = signed_in(who).cookies[django_settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{address}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []
