"""What could come next while a filter is typed: operators, and the values of the one that was begun."""

from collections.abc import Iterator
from dataclasses import dataclass

from steward.core.rows import rows
from steward.desk.queries.filtering.names import category_paths
from steward.desk.queries.filtering.reader import Reader
from steward.desk.queries.filtering.registry import suggesting_of
from steward.desk.queries.finding import requesters_called
from steward.desk.rules.filters.known import OPERATORS
from steward.desk.rules.filters.lexing import Piece, pieces, plain
from steward.desk.rules.filters.operators import Operator
from steward.desk.rules.filters.tree import Named
from steward.people.queries.finding import colleagues_called

MOST = 10
# Shown before anything is typed: what is asked for most.
FIRST = ("is", "from", "in", "assignee", "tag", "category", "priority", "waiting", "has", "before")
_TAGS = "SELECT name FROM desk_tag WHERE starts_with(lower(name), lower(%s)) ORDER BY lower(name) LIMIT %s"


@dataclass(frozen=True)
class Suggestion:
    """Something that can be taken over: the whole text with it, what is shown, and a sentence (to be translated) about it."""

    text: str
    shown: str
    help: str = ""


def suggest(text: str, reader: Reader) -> list[Suggestion]:
    """Give what could come next after a text, whose end is where somebody types; at most one or two queries."""
    text = plain(text)[:1_000]
    last = None if not text or text[-1].isspace() else list(pieces(text))[-1:]
    if not last:
        return [_operator(text, "", operator) for name in FIRST if (operator := OPERATORS.get(name))]
    piece = last[0]
    before, sign = text[: len(text) - len(piece.source)], "-" if piece.negated else ""
    if piece.name:
        operator = OPERATORS.get(piece.name)
        return list(_values(before, sign, piece, operator, reader))[:MOST] if operator else _operators(before, sign, piece.name)
    return [] if piece.is_quoted else _operators(before, sign, piece.values[0].text)


def _operators(before: str, sign: str, typed: str) -> list[Suggestion]:
    typed = typed.lower()
    found = [one for one in OPERATORS if any(name.startswith(typed) for name in (one.name, *one.aliases))]
    nearest = OPERATORS.get(OPERATORS.nearest(typed)) if not found else None
    return [_operator(before, sign, one) for one in ([nearest] if nearest else found)][:MOST]


def _operator(before: str, sign: str, operator: Operator) -> Suggestion:
    return Suggestion(f"{before}{sign}{operator.name}:", f"{sign}{operator.name}:", operator.help)


def _values(before: str, sign: str, piece: Piece, operator: Operator, reader: Reader) -> Iterator[Suggestion]:
    typed = piece.values[-1].text if piece.values and not piece.source.endswith(",") else ""
    kept = [raw for raw in (piece.values[:-1] if typed else piece.values) if raw.text]
    head = f"{before}{sign}{operator.name}:" + "".join(
        f"{operator.write(value)}," for raw in kept if (value := operator.read(raw)) is not None
    )
    for key, meaning in operator.choices.items():
        if key.startswith(typed.lower()):
            yield Suggestion(f"{head}{key} ", key, meaning)
    for name, about in _names(operator.name, typed, reader):
        yield Suggestion(f"{head}{operator.write(Named(' '.join(name.split())))} ", name, about)


def _names(operator: str, typed: str, reader: Reader) -> Iterator[tuple[str, str]]:
    wanted = typed.casefold()
    if operator == "in":
        yield from ((queue.name, "") for queue in reader.queues if queue.is_active and wanted in queue.name.casefold())
    elif operator == "tag":
        yield from ((name, "") for (name,) in rows(_TAGS, [typed, MOST]))
    elif operator == "category":
        paths = sorted(category_paths().values(), key=str.casefold)
        yield from ((path, "") for path in paths if wanted in path.casefold())
    elif operator == "assignee" and typed:
        yield from ((name, "") for _pk, name in colleagues_called(typed, most=MOST))
    elif operator == "from" and typed:
        called = requesters_called(typed, queue_ids=reader.queue_ids, most=MOST)
        yield from ((one.email or one.name, one.name if one.email else "") for one in called)
    elif (suggesting := suggesting_of(operator)) is not None:
        yield from suggesting(typed, reader)
