"""What a page tells of itself, cut to what may be kept; and which pages may speak for a site."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST_ADDRESS = 1_000
LONGEST_TITLE = 200
LONGEST_VERSION = 60
_PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """Give scheme, host and port of an address as browsers write an origin; empty for what has none."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").encode("idna").decode() if parts.hostname else "", parts.port
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in _PORTS or not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORTS[parts.scheme] else "")


def kept_address(address: str, *, kept: Iterable[str] = ()) -> str:
    """Give an address without credentials and fragment, and of its query only what is named: secrets travel there."""
    origin = origin_of(address)
    if not origin:
        return ""
    parts = urlsplit(address.strip())
    names = frozenset(kept)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name in names]) if names else ""
    scheme, _sign, host = origin.partition("://")
    return line(urlunsplit((scheme, host, parts.path or "/", query, "")), LONGEST_ADDRESS)


def line(text: str, most: int) -> str:
    """Fold what a page says of itself into one line of at most so many characters, with nothing a table refuses."""
    whole = "".join(character for character in text if character.isprintable() or character.isspace())
    return " ".join(whole.split())[:most]
