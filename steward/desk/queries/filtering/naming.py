"""Numbers for names and back: a filter is kept by the rows it means, and shown by what they are called today."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from steward.core.errors import marked as _
from steward.core.rows import rows
from steward.desk.queries.filtering import names
from steward.desk.queries.filtering.names import Finder, Unknown
from steward.desk.queries.filtering.reader import Reader
from steward.desk.rules.filters.tree import Id, Named, Part, Problem, Query, Term, Value

Called = dict[int, tuple[str, bool]]
Calling = Callable[[list[int], Reader], Called]


def _from(sql: str) -> Calling:
    return lambda ids, _reader: {pk: (name, is_used) for pk, name, is_used in rows(sql, [ids])}


def _queues(ids: list[int], reader: Reader) -> Called:
    return {queue.pk: (queue.name, queue.is_active) for queue in reader.queues if queue.pk in ids}


_FINDING: dict[str, Finder] = {
    "in": names.queues,
    "tag": names.tags,
    "category": names.own_categories,
    "assignee": names.users,
    "from": names.requesters,
}
_CALLING: dict[str, Calling] = {
    "in": _queues,
    "tag": _from("SELECT id, name, true FROM desk_tag WHERE id = ANY(%s)"),
    "category": _from("SELECT id, name, is_active FROM desk_category WHERE id = ANY(%s)"),
    "assignee": _from("SELECT id, name, is_active FROM people_user WHERE id = ANY(%s)"),
    "from": _from(
        "SELECT id, coalesce(nullif(name, ''), email), true FROM people_requester WHERE id = ANY(%s) AND erased_at IS NULL"
    ),
}


def with_ids(query: Query, reader: Reader) -> Query:
    """Write the number of a row for each name that means one row and no other."""

    def one(operator: str, value: Value) -> Value:
        finding = _FINDING.get(operator)
        if finding is None or not isinstance(value, Named):
            return value
        try:
            found = finding(value, reader)
        except Unknown:
            return value
        return Id(found[0]) if len(found) == 1 else value

    return Query(tuple(_each(part, one) for part in query.parts))


def with_names(query: Query, reader: Reader) -> Query:
    """Write for each number what that row is called; a row that is gone or out of sight stays a number."""
    return named([query], reader)[0][0]


def named(queries: Sequence[Query], reader: Reader) -> list[tuple[Query, list[Problem]]]:
    """Write names for the numbers of many filters, with at most one query an operator, and say which of them are out of use."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for query in queries:
        for term in query.terms:
            wanted[term.operator] |= {value.number for value in term.values if isinstance(value, Id)}
    called = {name: _CALLING[name](sorted(ids), reader) for name, ids in wanted.items() if ids and name in _CALLING}
    return [_named(query, called) for query in queries]


def _named(query: Query, called: dict[str, Called]) -> tuple[Query, list[Problem]]:
    retired: list[str] = []

    def one(operator: str, value: Value) -> Value:
        if not isinstance(value, Id) or value.number not in called.get(operator, {}):
            return value
        name, is_used = called[operator][value.number]
        if not is_used:
            retired.append(name)
        return Named(" ".join(name.split())) if name else value

    return Query(tuple(_each(part, one) for part in query.parts)), [
        Problem(_("“%(value)s” is no longer in use; what it still has is shown."), {"value": name}) for name in retired
    ]


def _each(part: Part, change: Callable[[str, Value], Value]) -> Part:
    if not isinstance(part, Term):
        return part
    return replace(part, values=tuple(dict.fromkeys(change(part.operator, value) for value in part.values)))
