"""Reading with plain SQL, where a page asks on every view and the making of a query would cost more than its answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def rows(sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Give every row a statement finds; values are bound, never written into it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def first_row(sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
    """Give the first row a statement finds, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found
