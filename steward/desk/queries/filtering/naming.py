"""Numbers for names and back: a filter is kept by the rows it means, and shown by what they are called today."""

from collections.abc import Callable
from dataclasses import replace

from steward.core.rows import rows
from steward.desk.queries.filtering import names
from steward.desk.queries.filtering.names import Finder, Unknown
from steward.desk.queries.filtering.reader import Reader
from steward.desk.rules.filters.tree import Id, Named, Part, Query, Term, Value

Calling = Callable[[list[int], Reader], dict[int, str]]


def _from(sql: str) -> Calling:
    return lambda ids, _reader: dict(rows(sql, [ids]))


def _queues(ids: list[int], reader: Reader) -> dict[int, str]:
    return {queue.pk: queue.name for queue in reader.queues if queue.pk in ids}


_FINDING: dict[str, Finder] = {
    "in": names.queues,
    "tag": names.tags,
    "category": names.own_categories,
    "assignee": names.users,
    "from": names.requesters,
}
_CALLING: dict[str, Calling] = {
    "in": _queues,
    "tag": _from("SELECT id, name FROM desk_tag WHERE id = ANY(%s)"),
    "category": _from("SELECT id, name FROM desk_category WHERE id = ANY(%s)"),
    "assignee": _from("SELECT id, name FROM people_user WHERE id = ANY(%s)"),
    "from": _from("SELECT id, coalesce(nullif(name, ''), email) FROM people_requester WHERE id = ANY(%s) AND erased_at IS NULL"),
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

    def one(operator: str, value: Value) -> Value:
        calling = _CALLING.get(operator)
        if calling is None or not isinstance(value, Id):
            return value
        name = calling([value.number], reader).get(value.number)
        return Named(" ".join(name.split())) if name else value

    return Query(tuple(_each(part, one) for part in query.parts))


def _each(part: Part, change: Callable[[str, Value], Value]) -> Part:
    if not isinstance(part, Term):
        return part
    return replace(part, values=tuple(dict.fromkeys(change(part.operator, value) for value in part.values)))
