"""Reading what somebody typed: never refused; what makes no sense as an operator is a word, and it is said why."""

from dataclasses import dataclass

from steward.core.errors import marked as _
from steward.desk.rules.filters.known import OPERATORS
from steward.desk.rules.filters.lexing import Piece, pieces, plain
from steward.desk.rules.filters.operators import Operator, Operators
from steward.desk.rules.filters.tree import Named, Number, Part, Phrase, Problem, Query, Term, Word

LONGEST = 1_000
MOST_PARTS = 40
MOST_VALUES = 40
_SHOWN = 40
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Reading:
    """A filter as read, with everything that has to be said about it."""

    query: Query
    problems: tuple[Problem, ...] = ()


def read_filter(text: str, *, typing: bool = False, kept: bool = False, operators: Operators = OPERATORS) -> Reading:
    """Read a filter; `typing` takes a last word that no space ends as a beginning.

    `kept` is one that was saved: an operator that is gone since stays one, and is no word to search for.
    """
    problems: list[Problem] = []
    if len(text) > LONGEST:
        problems.append(Problem(_("Only the first %(count)s characters are looked at."), {"count": f"{LONGEST:,}"}))
        text = text[:LONGEST]
    text = plain(text)
    parts: list[Part] = []
    for piece in pieces(text):
        if len(parts) == MOST_PARTS:
            problems.append(Problem(_("Only the first %(count)s parts are looked at."), {"count": str(MOST_PARTS)}))
            break
        if not piece.closed:
            problems.append(Problem(_("A quote is not closed; it was read up to the end.")))
        part = _gone(piece) if kept and piece.name and operators.get(piece.name) is None else _part(piece, operators, problems)
        if part is not None:
            parts.append(part)
    if typing and parts and text[-1:].strip() and not text.endswith('"'):
        parts[-1] = _begun(parts[-1])
    return Reading(Query(tuple(dict.fromkeys(parts))), tuple(problems))


def _begun(part: Part) -> Part:
    if isinstance(part, Word) and any(map(str.isalnum, part.text)):
        return Word(part.text, beginning=True, negated=part.negated)
    return part


def _part(piece: Piece, operators: Operators, problems: list[Problem]) -> Part | None:
    if piece.name:
        return _term(piece, operators, problems)
    raw = piece.values[0]
    if raw.quoted:
        return Phrase(raw.text, piece.negated) if raw.text else None
    if raw.text.startswith("#") and raw.text[1:].isascii() and raw.text[1:].isdigit() and len(raw.text) <= _MOST_DIGITS:
        return Number(int(raw.text[1:]), piece.negated)
    return _word(raw.text, negated=piece.negated)


def _word(text: str, *, negated: bool) -> Word:
    beginning = len(text) > 1 and text.endswith("*")
    return Word(text[:-1] if beginning else text, beginning, negated)


def _term(piece: Piece, operators: Operators, problems: list[Problem]) -> Part | None:
    operator = operators.get(piece.name)
    if operator is None:
        problems.append(_no_operator(piece.name, operators.nearest(piece.name)))
        return _as_word(piece)
    read = [(raw, operator.read(raw)) for raw in piece.values[:MOST_VALUES] if raw.text]
    if not read:
        problems.append(
            Problem(_("“%(name)s:” wants a value, such as %(example)s."), {"name": operator.name, "example": operator.example})
        )
        return None
    for raw, value in read:
        if value is None:
            problems.append(_no_value(operator, raw.text))
    values = tuple(dict.fromkeys(value for _raw, value in read if value is not None))
    return Term(operator.name, values, piece.negated) if values else _as_word(piece)


def _gone(piece: Piece) -> Part | None:
    values = tuple(Named(raw.text) for raw in piece.values if raw.text)
    return Term(piece.name, values, piece.negated) if values else None


def _as_word(piece: Piece) -> Part | None:
    if any(raw.quoted for raw in piece.values):
        text = " ".join(raw.text for raw in piece.values if raw.text)
        return Phrase(text, piece.negated) if text else None
    return _word(piece.source[piece.negated :], negated=piece.negated)


def _no_operator(name: str, nearest: str) -> Problem:
    name = name[:_SHOWN]
    if nearest:
        return Problem(_("“%(name)s:” is no operator; did you mean “%(nearest)s:”?"), {"name": name, "nearest": nearest})
    return Problem(_("“%(name)s:” is no operator; it was searched as a word."), {"name": name})


def _no_value(operator: Operator, text: str) -> Problem:
    values = {"name": operator.name, "value": text[:_SHOWN], "example": operator.example}
    if operator.takes_days:
        return Problem(_("“%(name)s:%(value)s” is no day; write 2026-03-01, 2026-03, today or 7d."), values)
    known = ", ".join(operator.choices)
    if operator.choices and not operator.takes_names:
        return Problem(_("“%(name)s:” does not know “%(value)s”; it knows %(known)s."), values | {"known": known})
    return Problem(_("“%(name)s:%(value)s” could not be read; an example is %(example)s."), values)
