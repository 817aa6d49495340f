"""The desk's screens in a real browser, in a database and at an address of their own."""

import threading
from collections.abc import Callable, Iterator
from wsgiref.simple_server import make_server

import pytest
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from steward.core import clock
from steward.people.models import User
from tests.cast import Cast
from tests.web.shared.conftest import FLAGS, _Quiet, _Server, chromium, violations


@pytest.fixture
def beside_an_event_loop(monkeypatch) -> None:
    """Let Django use its database beside the event loop that drives the browser in this thread."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def served_desk(beside_an_event_loop, fresh_cast: Cast, settings, monkeypatch) -> Iterator[tuple[Cast, str]]:
    """Give the cast at this very moment, served at an address."""
    settings.ROOT_URLCONF = "tests.web.settings.urls"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    # A thread a request: each would leave its connection behind.
    monkeypatch.setitem(django_settings.DATABASES["default"], "CONN_MAX_AGE", 0)
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

    def open_(who: User, path: str, *, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        client = Client()
        client.force_login(who)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{address}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def faults(page: Page, name: str) -> list[str]:
    """Say what is wrong with a page: what axe finds, and a page that scrolls sideways."""
    page.wait_for_timeout(200)
    found = [f"{name}: {one}" for one in violations(page)]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append(f"{name} scrolls sideways")
    if not page.evaluate("(main => main.scrollWidth <= main.clientWidth)(document.getElementById('main'))"):
        found.append(f"the main part of {name} scrolls sideways")
    return found
