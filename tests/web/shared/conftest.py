"""The gallery in a real browser: served from this process, with no database behind it."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

from steward.web.shared import assets
from tests.web.shared.gallery import urls as gallery_pages

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
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


def chromium() -> str | None:
    """Find the browser, as `make test` leaves it."""
    names = [os.environ.get("STEWARD_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture
def gallery_settings() -> Iterator[None]:
    """Let the tests without a browser see the gallery's addresses."""
    with override_settings(**GALLERY):
        yield


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Serve the gallery and give its address."""
    assets._read.cache_clear()
    with override_settings(**GALLERY):
        server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        gallery_pages.NEXT["test"] += 1
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
def answers() -> dict[str, Any]:
    """Let a test choose what the server answers, and read what it received."""
    fresh: dict[str, Any] = {"answer": "ok", "received": [], "topics": [], "live": [], "extras": [], "seen": []}
    # The streams of the test before end with it.
    gallery_pages.NEXT.update(fresh, test=gallery_pages.NEXT["test"] + 1)
    return gallery_pages.NEXT


@pytest.fixture
def open_page(browser: Browser, gallery: str, answers: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Open a page of the gallery; fails afterwards for any script error or breach of the content policy."""
    problems: list[str] = []
    contexts = []

    def note(text: str) -> None:
        # The browser itself reports each 4xx and each cut connection; those are what the tests ask for.
        if "Failed to load resource" not in text and "net::ERR_" not in text and "htmx:" not in text:
            problems.append(text)

    def open_(
        path: str, *, width: int = 1280, height: int = 800, scheme: str = "light", context: Any = None, **options: Any
    ) -> Page:
        if context is None:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
            )
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: note(str(error)))
        page.on("console", lambda message: note(message.text) if message.type == "error" else None)
        page.goto(f"{gallery}/{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def violations(page: Page, within: str = "html") -> list[str]:
    """Run axe on a part of the page; give what it finds serious or worse."""
    # Over the debugger's wire: the page's own content policy forbids foreign scripts.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = page.evaluate("part => axe.run(part, {resultTypes: ['violations']})", within)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
