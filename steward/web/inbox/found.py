"""What a search found, with its words marked: in the subject, and in the message they stand in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from steward.desk.queries.filtering.plan import Plan
from steward.desk.queries.lists import Row
from steward.desk.queries.snippets import Snippet, snippets
from steward.desk.rules.filters.tree import Phrase, Word

_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[\w]", re.ASCII)


@dataclass(frozen=True)
class Found:
    """A row of a search: its subject and the place of its words, marked; `where` says whose text that is."""

    subject: Markup
    snippet: Markup
    where: str


def found_in(rows: list[Row], asked: Plan) -> dict[int, Found]:
    """Give what was found of each row, in one query; nothing when no words were asked for."""
    wanted = [text for text in asked.query.texts if not text.negated]
    words = _words(wanted)
    if not words:
        return {}
    pattern = _pattern(wanted)
    told = snippets((row.id for row in rows), words, queue_ids=asked.reader.queue_ids)
    return {row.id: _found(row, told.get(row.id), pattern) for row in rows}


def _found(row: Row, snippet: Snippet | None, pattern: re.Pattern[str]) -> Found:
    if snippet is None:
        return Found(marked(row.subject, pattern), Markup(""), "")
    text = " ".join(snippet.text.split())
    return Found(marked(row.subject, pattern), marked(f"… {text}" if snippet.is_cut else text, pattern), _where(snippet))


def _where(snippet: Snippet) -> str:
    if snippet.kind == "note":
        return _("Note")
    return _("Requester") if snippet.author_kind == "requester" else _("Reply")


def marked(text: str, pattern: re.Pattern[str]) -> Markup:
    """Mark every place of a text that a pattern finds."""
    parts, last = [], 0
    for match in pattern.finditer(text):
        parts += [escape(text[last : match.start()]), Markup("<mark>{}</mark>").format(match.group())]
        last = match.end()
    return Markup("").join([*parts, escape(text[last:])])


def _words(wanted: Iterable[Word | Phrase]) -> list[str]:
    return list(dict.fromkeys(word for text in wanted for word in _WORD.findall(text.text)))[:20]


def _pattern(wanted: Iterable[Word | Phrase]) -> re.Pattern[str]:
    """Write the words as one pattern: whole words, beginnings, and in scripts without spaces wherever they stand."""
    pieces = []
    for text in wanted:
        for word in _WORD.findall(text.text):
            begin = r"(?<!\w)" if _LATIN.match(word[0]) else ""
            end = r"(?!\w)" if _LATIN.match(word[-1]) and not (isinstance(text, Word) and text.beginning) else ""
            pieces.append(begin + re.escape(word) + end)
    return re.compile("|".join(sorted(set(pieces), key=len, reverse=True)), re.IGNORECASE)
