"""A real Chromium for the tests that need one: found, started, and asked whether a page is accessible."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from steward.people.models import Requester, User
from tests.databases import forget_beside_loop
from tests.web.portal.signing_in import signed_in

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).resolve().parents[1] / "test-results"
# On a machine with two busy cores a page may take its time; a test waits for what it names, never for a while.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def find_chromium() -> str | None:
    """Find the browser, as `make test` leaves it."""
    names = [os.environ.get("STEWARD_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for the tests of a file; stopped after them, since it leaves an event loop running."""
    where = find_chromium()
    if where is None:
        pytest.skip("no Chromium on this machine; get one with `apt-get install chromium`, or name one in STEWARD_CHROMIUM")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The browser is driven by an event loop in this thread, beside which Django would refuse its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=where, args=FLAGS)
        try:
            yield started
        finally:
            forget_beside_loop()
            started.close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of a stream is no error."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()


@contextmanager
def serving(application: Callable[..., Any]) -> Iterator[str]:
    """Serve an application from this process and give its address."""
    server = make_server("127.0.0.1", 0, application, _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Visitors:
    """The people at their browsers: each signed in, in a context of their own; what their pages complain of is kept."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.problems: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def context(
        self, who: Requester | User | None = None, *, width: int = 1280, height: int = 844, **options: Any
    ) -> BrowserContext:
        """Give somebody a browser; options are those of playwright."""
        # Without motion a picture is taken, and a click lands, where the page will stay.
        options = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce", "locale": "en-GB", **options}
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        if who is not None:
            cookie = signed_in(who).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return context

    def page(self, context: BrowserContext, path: str) -> Page:
        """Open a page in somebody's browser."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message.text) if message.type == "error" else None)
        page.goto(f"{self.address}{path}")
        return page

    def open(self, who: Requester | User | None, path: str, **options: Any) -> Page:
        """Open a page as somebody, in a browser of its own."""
        return self.page(self.context(who, **options), path)

    def leave(self) -> None:
        """Close every browser window."""
        for context in self._contexts:
            context.close()

    def _note(self, page: Page, text: str) -> None:
        # The browser itself reports each 4xx and each cut connection, and htmx repeats it: those are what tests ask for.
        if not any(known in text for known in ("Failed to load resource", "net::ERR_", "htmx:")):
            self.problems.append(f"{page.url}: {text}")


def violations(page: Page, within: str = "html") -> list[str]:
    """Run axe on a part of the page; give what it finds serious or worse."""
    if not page.evaluate("'axe' in window"):
        # Over the debugger's wire: the page's own content policy forbids foreign scripts.
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        session.detach()
    found = page.evaluate("part => axe.run(part, {resultTypes: ['violations']})", within)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until nothing is being fetched and no color or place is on its way to another; what turns for ever may turn."""
    rests = """() => new Promise(tell => requestAnimationFrame(() => requestAnimationFrame(() => tell(
      !document.querySelector(".htmx-request") && document.getAnimations().every(
        one => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)))))"""
    for _look in range(PATIENCE // 50):
        if page.evaluate(rests):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.url} does not come to rest")


def scrolls_sideways(page: Page) -> bool:
    """Say whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
