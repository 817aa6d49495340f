"""What people wrote, made safe to show; and names, numbers and sizes in the person's language."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup, escape

from steward.web.shared.times import locale

# Linear in the length of the text: no nested repetition, and a link ends at white space or a bracket.
_URL = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]…，。、；：！？）】」』"
HEAD_LINES, HEAD_CHARACTERS = 40, 4_000
HUES = 12


@dataclass(frozen=True)
class Split:
    """A long text cut for reading: what is shown at once, the rest behind a button, and how many lines that is."""

    head: str
    rest: str
    lines: int


_LINK = '<a class="ticket-ref" href="{href}" data-ref="{number}">#{number}</a>'
_REF = re.compile(r"(?<![\w&/#])#(\d{1,15})(?!\w)")


def linked(text: str, *, refs: str = "", names: Sequence[str] = ()) -> Markup:
    """Show text as it was written, white space kept by the style sheet, with web addresses made into links.

    Given the address of a ticket's page with `0` for its number, `#123` leads there too; `names` behind an `@` are marked.
    """
    parts: list[str] = []
    last = 0
    for match in _URL.finditer(text):
        url = _trimmed(match.group())
        end = match.start() + len(url)
        parts.append(_marked(text[last : match.start()], refs, names))
        parts.append(f'<a href="{escape(url)}" rel="noopener noreferrer nofollow" target="_blank" dir="ltr">{escape(url)}</a>')
        last = end
    parts.append(_marked(text[last:], refs, names))
    return Markup("".join(parts))  # noqa: S704 -- every part is escaped


def _marked(text: str, refs: str, names: Sequence[str]) -> str:
    """Escape a text between addresses, with tickets made into links and names marked."""
    safe = str(escape(text))
    if refs:
        safe = _REF.sub(lambda found: _LINK.format(href=refs.replace("0", found[1]), number=found[1]), safe)
    for name in names:
        behind = re.compile(rf"(?<![\w@.])@{re.escape(str(escape(name)))}(?!\w)", re.IGNORECASE)
        safe = behind.sub(r'<span class="mention">\g<0></span>', safe)
    return safe


def _trimmed(url: str) -> str:
    while url and url[-1] in _TRAILING:
        # A bracket that the address itself opened belongs to it, as in /wiki/Mercury_(planet).
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def split_long(text: str) -> Split:
    """Cut a text that would bury the page; one that is short enough comes back whole."""
    lines = text.split("\n")
    if len(lines) <= HEAD_LINES + 10 and len(text) <= HEAD_CHARACTERS + 1_000:
        return Split(text, "", 0)
    head = "\n".join(lines[:HEAD_LINES])[:HEAD_CHARACTERS]
    rest = text[len(head) :]
    return Split(head, rest.removeprefix("\n"), rest.count("\n") + (not rest.startswith("\n")))


def initials(name: str) -> str:
    """Give one or two letters that stand for a name."""
    words = [word for word in re.split(r"[\s._@-]+", name) if word]
    if not words:
        return "?"
    chosen = [words[0], words[-1]] if len(words) > 1 and "@" not in name else words[:1]
    return "".join(word[0] for word in chosen).upper()


def hue(name: str) -> int:
    """Choose the color of a name, the same on every page."""
    return hashlib.blake2s(name.encode("utf-8", "replace"), digest_size=1).digest()[0] % HUES


@lru_cache(maxsize=4_096)
def _number(value: float, language: Locale) -> str:
    return str(format_decimal(value, locale=language))


def number(value: float | None) -> str:
    """Write a number with the separators of the language."""
    return "–" if value is None else _number(value, locale())


def percent(value: float | None) -> str:
    """Write a share of 1 as a percentage."""
    return "–" if value is None else format_percent(value, locale=locale())


def file_size(count: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    for unit, size in (("gigabyte", 1_000_000_000), ("megabyte", 1_000_000), ("kilobyte", 1_000)):
        if count >= size:
            # One digit after the point, and none from ten of the unit on.
            value = round(count / size, 0 if count >= 10 * size else 1)
            return format_unit(value, f"digital-{unit}", length="short", locale=locale())
    # The short form has no plural: “920 byte”.
    return format_unit(count, "digital-byte", length="long", locale=locale())
