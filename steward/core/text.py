"""Text as people write it: cleaned without being changed, and cut into the words a search looks for."""

import re
import unicodedata
from collections.abc import Iterator

from steward.core.errors import Invalid
from steward.core.errors import marked as _

# Controls other than tab and line feed have no meaning in a message; terminals and spreadsheets give them one.
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?")
_HALF_CHARACTERS = re.compile(r"[\ud800-\udfff]")
# Marks belong to the letter before them: without them Hindi, Thai and pointed Arabic fall apart into fragments.
_MARKS = "".join(character for character in map(chr, range(0x300, 0x3100)) if unicodedata.category(character) in {"Mn", "Mc"})
_WORD = re.compile(rf"\w[\w{_MARKS}]*", re.UNICODE)
# Han, Hiragana, Katakana and Hangul are written without spaces: two characters are the unit of search.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
# Letters and marks by category that yet show nothing: fillers, the braille blank, joiners, variation selectors.
_SHOWS_NOTHING = re.compile(r"[\s\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

LONGEST_WORD = 64


def clean(text: str, *, max_length: int, field: str = "", required: bool = True) -> str:
    """Return the text fit to be stored: line ends as a line feed, no control characters, nothing else touched.

    Right-to-left marks, joiners and emoji stay, since taking them out changes what was said.
    Raises `Invalid` for a NUL, half a surrogate pair, a text over `max_length` characters, and, when
    `required`, for one that shows nothing (only spaces or zero-width characters).
    """
    if "\x00" in text:
        raise Invalid(_("The text holds a NUL character, which cannot be stored."), field=field, hint=_("Paste it as plain text."))
    if _HALF_CHARACTERS.search(text):
        raise Invalid(
            _("The text is damaged (half a character)."), field=field, hint=_("Copy it again and paste it as plain text.")
        )
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).strip()
    if required and is_blank(text):
        raise Invalid(_("There is no text."), field=field, hint=_("Write something first."))
    if len(text) > max_length:
        raise Invalid(
            _("The text has %(count)s characters; %(most)s fit."),
            values={"count": f"{len(text):,}", "most": f"{max_length:,}"},
            field=field,
            hint=_("Shorten it, or attach it as a file."),
        )
    return text


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing to a reader."""
    return all(unicodedata.category(character) in {"Cc", "Cf"} or _SHOWS_NOTHING.match(character) for character in text)


def one_line(text: str, *, max_length: int) -> str:
    """Fold a text into one line of at most `max_length` characters, for subjects and previews."""
    folded = " ".join(text.split())
    return folded if len(folded) <= max_length else folded[: max_length - 1].rstrip() + "…"


def search_words(text: str) -> Iterator[str]:
    """Give the words under which a text is found: folded words, and character pairs for scripts without spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for match in _WORD.finditer(folded):
        word, last = match.group(), 0
        for run in _CJK.finditer(word):
            if run.start() > last:
                yield word[last : run.start()][:LONGEST_WORD]
            yield from _pairs(run.group())
            last = run.end()
        if last < len(word):
            yield word[last:][:LONGEST_WORD]


def is_pair(word: str) -> bool:
    """Tell whether a search word is a whole pair of a script without spaces, which is not the beginning of a longer one."""
    return len(word) > 1 and _CJK.match(word) is not None


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]
