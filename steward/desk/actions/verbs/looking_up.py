"""What verbs name by a number or a name: looked up one by one, or for many steps at once where a page shows many."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

from steward.core.errors import DomainError
from steward.desk.actions.verbs.registry import Call, verb_named
from steward.desk.models import Tag
from steward.desk.queries.custom_fields import all_fields
from steward.desk.rules.fields import Definition

M = TypeVar("M", bound=Model)
_LONGEST = 18


@dataclass
class _Known:
    rows: dict[type[Model], dict[int, Any]] = field(default_factory=dict)
    tags: dict[str, tuple[str, int]] = field(default_factory=dict)
    fields: list[Definition] | None = None


_KNOWN: ContextVar[_Known | None] = ContextVar("known", default=None)


@contextmanager
def looked_up(calls: Iterable[Call]) -> Iterator[None]:
    """Look up what all these calls name, in one query a table; within, preparing one of them asks nothing more.

    For reading alone: what is changed within is not seen.
    """
    token = _KNOWN.set(_read(calls))
    try:
        yield
    finally:
        _KNOWN.reset(token)


def row_of(model: type[M], number: object) -> M | None:
    """Give the row a verb names by its number, or None where there is none."""
    digits = str(number)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST):
        return None
    known = _KNOWN.get()
    if known is not None:
        return known.rows.get(model, {}).get(int(digits))
    return QuerySet(model).filter(pk=int(digits)).first()


def tag_called(name: str) -> tuple[str, int] | None:
    """Give a label as it is written, and its number; None for one that nobody has used yet."""
    known = _KNOWN.get()
    if known is not None:
        return known.tags.get(name.lower())
    return Tag.objects.filter(name__iexact=name).values_list("name", "id").first()


def fields_in_use() -> list[Definition]:
    """Give the desk's own fields."""
    known = _KNOWN.get()
    if known is None:
        return all_fields()
    if known.fields is None:
        known.fields = all_fields()
    return known.fields


def _read(calls: Iterable[Call]) -> _Known:
    wanted: dict[type[Model], set[str]] = {}
    for call in calls:
        try:
            arguments = verb_named(call.verb).arguments
        except DomainError:
            continue
        for argument in arguments:
            if argument.of is not None and call.args.get(argument.name):
                wanted.setdefault(argument.of, set()).add(str(call.args[argument.name]))
    known = _Known()
    for model, values in wanted.items():
        if model is Tag:
            named = [value.lstrip("#").strip().lower() for value in values]
            found = Tag.objects.annotate(called=Lower("name")).filter(called__in=named)
            known.tags = {called: (name, pk) for called, name, pk in found.values_list("called", "name", "id")}
        else:
            numbers = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) <= _LONGEST]
            known.rows[model] = QuerySet(model).in_bulk(numbers)
    return known
