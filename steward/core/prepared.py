"""Querysets whose SQL is made once: for pages that ask the same on every view.

Making the SQL of a queryset costs Django more than PostgreSQL needs to answer it. Here it is made at the first use, with marks
in place of the values; from then on a use costs the statement and its rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)

# Marks that no row and no constant of ours holds; the number of the value is added to them.
_MARKS: Mapping[type, Callable[[int], Any]] = MappingProxyType(
    {
        int: lambda number: 8_999_000_000_000_000_000 + number,
        str: lambda number: f"\ue000{number}\ue000",
        datetime: lambda number: datetime(9998, 1, 1, tzinfo=UTC).replace(microsecond=number + 1),
    }
)


@dataclass(frozen=True)
class _Plan:
    sql: str
    constants: tuple[Any, ...]
    # Where in the statement a value stands, its name, and what the driver wraps it in.
    places: tuple[tuple[int, str, type | None], ...]
    compiler: Any
    model: type[Model]
    names: list[str]
    span: slice
    populators: list[Any]
    annotations: Mapping[str, int]


class Prepared(Generic[M]):
    """A queryset as a function of a few single values; lists of values do not fit, their number is part of the SQL.

    `make` gets the values by name and may join, annotate and cut to a fixed length; `kinds` says of what type each value is.
    """

    def __init__(self, make: Callable[..., QuerySet[M]], **kinds: type) -> None:
        self._make, self._kinds = make, kinds
        self._plan: _Plan | None = None

    def all(self, **values: Any) -> list[M]:
        """Give every object the queryset finds for these values."""
        if values.keys() != self._kinds.keys():
            raise TypeError(f"expected {sorted(self._kinds)}, got {sorted(values)}")
        plan = self._plan = self._plan or self._planned()
        bound = list(plan.constants)
        for place, name, wrap in plan.places:
            bound[place] = wrap(values[name]) if wrap else values[name]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, bound)
            return [self._object(plan, row) for row in plan.compiler.results_iter([cursor.fetchall()])]

    def first(self, **values: Any) -> M | None:
        """Give the first object found, or None."""
        found = self.all(**values)
        return found[0] if found else None

    def _planned(self) -> _Plan:
        marks = {name: _MARKS[kind](number) for number, (name, kind) in enumerate(self._kinds.items())}
        compiler: Any = self._make(**marks).query.get_compiler(connection=connection)
        sql, constants = compiler.as_sql()
        places = []
        for place, constant in enumerate(constants):
            for name, mark in marks.items():
                if constant == mark and isinstance(constant, self._kinds[name]):
                    places.append((place, name, type(constant) if type(constant) is not self._kinds[name] else None))
        if {name for _place, name, _wrap in places} != marks.keys():
            raise TypeError("a value of this queryset does not stand in its SQL as it was given")
        columns = compiler.klass_info["select_fields"]
        first, last = columns[0], columns[-1] + 1
        return _Plan(
            sql=sql,
            constants=tuple(constants),
            places=tuple(places),
            compiler=compiler,
            model=compiler.klass_info["model"],
            names=[column[0].target.attname for column in compiler.select[first:last]],
            span=slice(first, last),
            populators=get_related_populators(compiler.klass_info, compiler.select, connection.alias),  # type: ignore[call-arg]
            annotations=dict(compiler.annotation_col_map or {}),
        )

    @staticmethod
    def _object(plan: _Plan, row: Any) -> Any:
        found = plan.model.from_db(connection.alias, plan.names, row[plan.span])
        for populator in plan.populators:
            populator.populate(row, found)
        for name, column in plan.annotations.items():
            setattr(found, name, row[column])
        return found
