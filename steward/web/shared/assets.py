"""The built styles, scripts and icons, found by the names they had before their contents were hashed into them."""

import json
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from markupsafe import Markup, escape

STATIC_FOLDER = Path(__file__).resolve().parents[1] / "static"
MANIFEST = STATIC_FOLDER / "manifest.json"


# The sign of the product, small enough to stand in the page itself: one request less on each first visit.
MARK = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><rect width="22" height="22" rx="6" fill="#4a5bd0"/>'
    '<path d="M6 8.2c0-1.9 2-3.2 5-3.2 1.8 0 3.4.4 4.6 1.2M16 13.8c0 1.9-2 3.2-5 3.2-1.9 0-3.6-.5-4.8-1.4M6 8.2c0 4 10 1.6 10 5.6"'
    ' fill="none" stroke="#fff" stroke-width="2.1" stroke-linecap="round"/></svg>'
)


class NotBuilt(ImproperlyConfigured):
    """The screens' files were not built yet, or the built ones lack this name."""


def static(name: str) -> str:
    """Give the address of a built file, such as `/static/app-3F2A91BC.css` for `app.css`."""
    files = manifest()
    if name not in files:
        raise NotBuilt(f"{name} is not among the built files. Build them with `make setup`.")
    return f"{settings.STATIC_URL}{files[name]}"


def library_static(name: str) -> str:
    """Give the address of a file that a Python library brings, such as the passkey script."""
    return f"{settings.STATIC_URL}{name}"


def library_folders() -> list[Path]:
    """List the static folders of the sign-in library, served beside ours under the same prefix."""
    spec = find_spec("allauth")
    root = Path(spec.origin or "").parent if spec else Path()
    return [folder for app in ("account", "mfa") if (folder := root / app / "static").is_dir()]


def icon(name: str, label: str = "", classes: str = "") -> Markup:
    """Draw a Lucide icon from one of the sprites; without a label it is decoration and hidden from screen readers."""
    near = static("icons.svg")
    return _icon(name, label, classes, near if name in _names(near) else static("more.svg"))


def manifest() -> dict[str, str]:
    """Give the built files by their plain names; read once, and again after a build while debugging."""
    return _read(MANIFEST, _stamp(MANIFEST) if settings.DEBUG else 0)


def _stamp(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0


@lru_cache(maxsize=4)
def _read(file: Path, _stamp: int) -> dict[str, str]:
    if not file.exists():
        raise NotBuilt("The screens' files are not built. Build them with `make setup`.")
    return dict(json.loads(file.read_text(encoding="utf-8")))


@lru_cache(maxsize=4)
def _names(sprite: str) -> frozenset[str]:
    # Two sprites, so that the list of tickets does not wait for pictures it never shows.
    text = (STATIC_FOLDER / sprite.removeprefix(settings.STATIC_URL)).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', text))


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, classes: str, sprite: str) -> Markup:
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 -- every part is escaped
        f'<svg class="icon {escape(classes)}" width="16" height="16" {spoken}>'
        f'<use href="{escape(sprite)}#{escape(name)}"></use></svg>'
    )
