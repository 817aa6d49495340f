"""What the shell needs on every page: who is looking, where they can go, and how they like it shown."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from steward.web.shared import navigation

THEMES = ("system", "light", "dark")
DEFAULT_FILE_BYTES = 25_000_000


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the shell's inputs; named in settings as a context processor of the Jinja2 engine."""
    actor = getattr(request, "actor", None)
    return {
        # Each form of a page asks for them; drawn anew each time, sixteen forms cost as much as three queries.
        "csrf_token": _later(lambda: get_token(request)),
        "csrf_input": _later(lambda: csrf_input(request)),
        "actor": actor,
        **look_of(request),
        "shortcuts_on": request.COOKIES.get("shortcuts") != "off",
        "navigation": _later(lambda: navigation.places(actor, path=request.path)),
        "portal_navigation": _later(lambda: navigation.places(actor, path=request.path, table=navigation.PORTAL)),
        "notices_count": _later(lambda: _notices_count(request)),
        "messages": _later(lambda: get_messages(request)),
        "demo_desk": getattr(settings, "DESK", "") == "demo",
        "max_file_bytes": getattr(settings, "MAX_FILE_BYTES", DEFAULT_FILE_BYTES),
        "is_fragment": request.headers.get("HX-Request-Type") == "partial",
    }


def look_of(request: HttpRequest) -> dict[str, Any]:
    """Give the look the person chose, and what their device last asked for, kept in cookies so that the first paint is right.

    `is_dark` is None while nobody knows what the device prefers.
    """
    chosen, device = request.COOKIES.get("theme", ""), request.COOKIES.get("device", "").partition("-")
    theme = chosen if chosen in THEMES else "system"
    contrast = "more" if request.COOKIES.get("contrast") == "more" else "system"
    scheme = device[0] if theme == "system" else theme
    return {
        "theme": theme,
        "contrast": contrast,
        "is_dark": scheme == "dark" if scheme in {"light", "dark"} else None,
        "more_contrast": contrast == "more" or device[2] == "more",
    }


def _later(make: Callable[[], Any]) -> Any:
    # A fragment draws no shell: it must not pay for one.
    return SimpleLazyObject(make)


def _notices_count(request: HttpRequest) -> int:
    counted = getattr(request, "unread_notices", 0)
    return int(counted() if callable(counted) else counted)
