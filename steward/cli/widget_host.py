"""`steward widget-host`: a page of another origin with the widget in it, to see it work and to copy from."""

import json
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import typer

from steward.core import clock
from steward.core.errors import NotFound

if TYPE_CHECKING:
    from steward.channels.models import WidgetSite

FOLDER = Path(__file__).parent / "widget_page"
RTL = {"ar", "he", "fa", "ur"}
# Whoever is signed in at the page: a real one knows it from its own session.
PEOPLE = {
    "mara": {"name": "Mara Lindt", "email": "mara@console.example", "team": "Nights", "role": "moderator", "market": "DE"},
    "noor": {"name": "Noor Haddad", "email": "noor@console.example", "team": "Days", "role": "reviewer", "market": "EG"},
    "teo": {"name": "Teo Brandt", "email": "teo@console.example", "team": "Days", "role": "moderator", "market": "DE"},
}


def widget_host(
    port: Annotated[int, typer.Option(help="Port of the page.")] = 8601,
    site: Annotated[str, typer.Option(help="Key of the site; without it the one that may stand on this page.")] = "",
) -> None:
    """Serve a page with the widget in it, as another server of the company would.

    Its address has to be among those of the site: Settings, Widget.
    """
    from django.conf import settings  # noqa: PLC0415 -- slow import

    origin = f"http://127.0.0.1:{port}"
    found = site_for(origin, site)
    server = page_server(port, desk=str(settings.BASE_URL).rstrip("/"), key=found.key, secret=_secret(found))
    typer.echo(f"{found.name}: {origin}/ (as Mara), {origin}/?as=noor, {origin}/?as=teo. Ctrl-C stops it.")
    try:
        server.serve_forever()
    finally:
        server.server_close()


def site_for(origin: str, key: str = "") -> "WidgetSite":
    """Give the site that is named, or else the one that may stand on pages of this origin; raises `NotFound` for none."""
    from steward.channels.models import WidgetSite  # noqa: PLC0415 -- slow import

    sites = WidgetSite.objects.filter(is_active=True).order_by("id")
    found = sites.filter(key=key).first() if key else sites.filter(origins__contains=[origin]).first()
    if found is None:
        raise NotFound(f"No open site of the widget may stand on {origin}.", hint="Set one up in the settings, under Widget.")
    return found


def page_server(port: int, *, desk: str, key: str, secret: str) -> ThreadingHTTPServer:
    """Give a server for the page; the secret stays in it and only tokens leave."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Page, desk, key, secret))


def content_policy(desk: str) -> str:
    """Give the page's content policy: of the desk it allows scripts and connections, and nothing is written inline."""
    return (
        f"default-src 'none'; script-src {desk}; style-src 'self'; connect-src 'self' {desk}; img-src 'self' data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


class _Page(BaseHTTPRequestHandler):
    def __init__(self, desk: str, key: str, secret: str, *args: object) -> None:
        self.desk, self.key, self.secret = desk, key, secret
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        who = asked.get("as", "mara")
        if parts.path == "/page.css":
            self._answer("text/css; charset=utf-8", (FOLDER / "page.css").read_bytes())
        elif parts.path == "/help-token":
            token = self._token(who) if who in PEOPLE else ""
            self._answer("application/json", json.dumps({"token": token}).encode())
        elif parts.path in {"/", "/other"}:
            self._answer("text/html; charset=utf-8", self._page(who if who in PEOPLE else "mara", asked).encode())
        else:
            self.send_error(404)

    def _token(self, who: str) -> str:
        import jwt  # noqa: PLC0415 -- slow import

        now = clock.now()
        claims = {"sub": who, **PEOPLE[who], "aud": self.key, "iat": now, "exp": now + timedelta(minutes=5), "jti": str(uuid4())}
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def _page(self, who: str, asked: dict[str, str]) -> str:
        language = asked.get("language", "en")
        language = language if language.replace("-", "").isalnum() else "en"
        look = asked["look"] if asked.get("look") in {"light", "dark"} else "auto"
        return Template((FOLDER / "page.html").read_text(encoding="utf-8")).substitute(
            who=who,
            name=PEOPLE[who]["name"],
            language=language,
            direction="rtl" if language in RTL else "ltr",
            theme="dark" if look == "dark" else "light",
            look=look,
            desk=self.desk,
            site=self.key,
        )

    def _answer(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", content_policy(self.desk))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Say nothing for each request."""


def _secret(site: "WidgetSite") -> str:
    from steward.channels.queries.widget import believed_secrets  # noqa: PLC0415 -- slow import

    return believed_secrets(site, clock.now())[0][1]
