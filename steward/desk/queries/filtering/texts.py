"""The words and phrases of a filter as conditions: the index finds the words, the texts themselves confirm a phrase."""

import unicodedata
from collections.abc import Iterable

from steward.core.errors import marked as _
from steward.core.text import is_pair, search_words
from steward.desk.queries.filtering.conditions import Condition, lexeme
from steward.desk.rules.filters.tree import Phrase, Problem, Word

MOST_WORDS = 24
# A shorter beginning stands for so many words that the index had better be asked without it.
SHORTEST_BEGINNING = 3
_SAID = """
(position(%s in {subject}) > 0
 OR (SELECT true FROM desk_message m
       WHERE ((m.ticket_id = t.id AND m.shown_on_id IS NULL) OR m.shown_on_id = t.id) AND position(%s in {body}) > 0
       LIMIT 1) IS TRUE)
"""
_FOLDED = r"regexp_replace(lower(normalize({column}, NFKC)), '\s+', ' ', 'g')"
_HOLDS = _SAID.format(subject=_FOLDED.format(column="t.subject"), body=_FOLDED.format(column="m.body")).strip()
_DOCUMENT = "(SELECT s.document @@ %s::tsquery FROM desk_ticketsearch s WHERE s.ticket_id = t.id)"


def text_conditions(texts: Iterable[Word | Phrase]) -> tuple[list[Condition], list[Problem]]:
    """Give what the words and phrases of a filter ask for, and what of them cannot be searched."""
    found: list[Condition] = []
    problems: list[Problem] = []
    asked, indexed = [], []
    for text in texts:
        words = list(dict.fromkeys(search_words(text.text)))[:MOST_WORDS]
        if not words:
            problems.append(Problem(_("“%(text)s” holds no letter or digit, so it cannot be searched."), {"text": text.text[:40]}))
            continue
        query, index = _queries(words, beginning=isinstance(text, Word) and text.beginning)
        if text.negated and (isinstance(text, Word) or len(words) == 1):
            asked.append(f"!({query})")
        elif not text.negated:
            asked.append(query)
            indexed += [index] if index else []
        if isinstance(text, Phrase) and (len(words) > 1 or not text.negated):
            found.append(_phrase(text))
    if asked:
        query, index = " & ".join(asked), " & ".join(indexed)
        found.insert(0, Condition(_DOCUMENT, (query,), index=index, index_says_all=query == index))
    return found, problems


def _queries(words: list[str], *, beginning: bool) -> tuple[str, str]:
    quoted = [lexeme(word) for word in words]
    index = list(quoted)
    # A pair of Chinese characters is whole; a single one is the beginning of every pair that starts with it.
    if beginning and not is_pair(words[-1]):
        quoted[-1] += ":*"
        index[-1] = quoted[-1] if len(words[-1]) >= SHORTEST_BEGINNING or not words[-1].isascii() else ""
    return " & ".join(quoted), " & ".join(part for part in index if part)


def _phrase(text: Phrase) -> Condition:
    folded = " ".join(unicodedata.normalize("NFKC", text.text).lower().split())
    sql = f"NOT {_HOLDS}" if text.negated else _HOLDS
    return Condition(sql, (folded, folded), is_dear=True)
