"""Finding the rows a filter names: exactly if there is such a one, else all whose name holds the text."""

from collections.abc import Callable, Iterable

from steward.core.errors import marked as _
from steward.core.rows import rows
from steward.desk.queries.filtering.reader import Reader
from steward.desk.queries.finding import requesters_called
from steward.desk.rules.filters.tree import Id, Problem, Value

MOST_PEOPLE = 200
_SHOWN = 60
Named = tuple[int, str]


class Unknown(Exception):
    """A name or number stands for nothing that this reader can see."""

    def __init__(self, message: str, value: Value | str) -> None:
        self.problem = Problem(message, {"value": shown(value)})
        super().__init__(message)


def shown(value: Value | str) -> str:
    """Write what was asked for, as a sentence names it."""
    text = f"#{value.number}" if isinstance(value, Id) else str(getattr(value, "text", value))
    return text[:_SHOWN]


def _matching(text: str, found: Iterable[Named]) -> list[int]:
    wanted, listed = text.casefold(), [(pk, name.casefold()) for pk, name in found]
    exact = [pk for pk, name in listed if name == wanted]
    return exact or [pk for pk, name in listed if wanted in name]


def _unasked(value: Value, reader: Reader) -> list[int] | None:
    if reader.trusts_ids and isinstance(value, Id):
        return [value.number]
    return None if reader.looks_up else [0]


def queues(value: Value, reader: Reader) -> list[int]:
    """Find queues in sight; those out of sight are as unknown as those nobody made."""
    if isinstance(value, Id):
        ids = [queue.pk for queue in reader.queues if queue.pk == value.number]
    else:
        ids = _matching(value.text, ((queue.pk, queue.name) for queue in reader.queues))  # type: ignore[union-attr]
    if not ids:
        raise Unknown(_("You see no queue “%(value)s”; this part was left out."), value)
    return ids


def tags(value: Value, reader: Reader) -> list[int]:
    """Find a label by its whole name."""
    if (known := _unasked(value, reader)) is not None:
        return known
    if isinstance(value, Id):
        found = rows("SELECT id FROM desk_tag WHERE id = %s", [value.number])
    else:
        found = rows("SELECT id FROM desk_tag WHERE lower(name) = lower(%s)", [value.text.lstrip("#")])  # type: ignore[union-attr]
    if not found:
        raise Unknown(_("No label is called “%(value)s”; this part was left out."), value)
    return [pk for (pk,) in found]


def categories(value: Value, reader: Reader) -> list[int]:
    """Find categories with all that stand below them."""
    if not reader.looks_up:
        return [0]
    below = set(own_categories(value, reader))
    tree = rows("SELECT id, parent_id FROM desk_category ORDER BY id")
    # Each round takes in one more level; the tree is no deeper than it has nodes.
    while more := {pk for pk, parent in tree if parent in below} - below:
        below |= more
    return sorted(below)


def own_categories(value: Value, _reader: Reader) -> list[int]:
    """Find categories by their name or their whole path."""
    tree = rows("SELECT id, parent_id, name FROM desk_category ORDER BY id")
    if isinstance(value, Id):
        ids = [pk for pk, _parent, _name in tree if pk == value.number]
    else:
        ids = _matching(value.text, ((pk, name) for pk, _parent, name in tree))  # type: ignore[union-attr]
        ids = ids or _matching(value.text, _paths(tree).items())  # type: ignore[union-attr]
    if not ids:
        raise Unknown(_("No category is called “%(value)s”; this part was left out."), value)
    return ids


def _paths(tree: Iterable[tuple[int, int | None, str]]) -> dict[int, str]:
    listed = {pk: (parent, name) for pk, parent, name in tree}

    def path(pk: int) -> str:
        parent, name = listed[pk]
        return f"{path(parent)} / {name}" if parent else name

    return {pk: path(pk) for pk in listed}


def category_paths() -> dict[int, str]:
    """Give every category by its whole path."""
    return _paths(rows("SELECT id, parent_id, name FROM desk_category ORDER BY id"))


def users(value: Value, reader: Reader) -> list[int]:
    """Find users by name or address."""
    if (known := _unasked(value, reader)) is not None:
        return known
    if isinstance(value, Id):
        ids = [pk for (pk,) in rows("SELECT id FROM people_user WHERE id = %s", [value.number])]
    else:
        text = value.text  # type: ignore[union-attr]
        found = rows("SELECT id, name, email FROM people_user WHERE NOT roles <@ ARRAY['requester'] ORDER BY id")
        ids = [pk for pk, _name, email in found if email == text.strip().lower()]
        ids = ids or _matching(text, ((pk, name) for pk, name, _email in found))
    if not ids:
        raise Unknown(_("Nobody here is called “%(value)s”; this part was left out."), value)
    return ids


def requesters(value: Value, reader: Reader) -> list[int]:
    """Find requesters of tickets in sight, by address or by the beginnings of the words of their name; two hundred at the most."""
    if (known := _unasked(value, reader)) is not None:
        return known
    if isinstance(value, Id):
        found = rows("SELECT id FROM people_requester WHERE id = %s", [value.number])
        ids = [pk for (pk,) in found]
    else:
        called = requesters_called(value.text, queue_ids=reader.queue_ids, most=MOST_PEOPLE)  # type: ignore[union-attr]
        exact = [one.id for one in called if one.email == value.text.strip().lower()]  # type: ignore[union-attr]
        ids = exact or [one.id for one in called]
    if not ids:
        raise Unknown(_("No requester is called “%(value)s”; this part was left out."), value)
    return ids


Finder = Callable[[Value, Reader], list[int]]
