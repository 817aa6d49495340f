"""Finding what a request names by number, and walking lists by number."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from steward.api.shapes import Listed
from steward.core.errors import Invalid, NotFound
from steward.core.pagination import from_token, to_token

M = TypeVar("M", bound=models.Model)
MOST_ROWS, USUAL_ROWS = 200, 50


def named(model: type[M], pk: int | None, field: str) -> M | None:
    """Give the row a field of the body names; None where it names none. Raises `Invalid` for one that is not there."""
    if pk is None:
        return None
    found: M | None = model._default_manager.filter(pk=pk).first()  # noqa: SLF001 -- Django's documented way to any model's rows
    if found is None:
        raise Invalid(_("There is no such row: %(number)s.") % {"number": pk}, field=field)
    return found


def must(model: type[M], pk: int) -> M:
    """Give the row an address names; raises `NotFound`."""
    found: M | None = model._default_manager.filter(pk=pk).first()  # noqa: SLF001 -- Django's documented way to any model's rows
    if found is None:
        raise nothing_here()
    return found


def nothing_here() -> NotFound:
    """Give the error for a row that is not there, or not for the one who asks."""
    return NotFound(_("There is no such thing, or you may not see it."))


def walk(rows: models.QuerySet[M], *, cursor: str, limit: int, show: Callable[[M], Any]) -> Listed[Any]:
    """Give a page of rows by number, and the cursor of the next."""
    if cursor:
        (after,), _backwards = from_token(cursor, length=1, kinds=[int])
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: limit + 1])
    onward = to_token([found[limit - 1].pk]) if len(found) > limit else None
    return Listed(items=[show(row) for row in found[:limit]], next=onward)


def newest_of(row: Any) -> Any:
    """Give the newest version of a row whose content stands in its versions; read along for a list, they cost no query."""
    return max(row.versions.all(), key=lambda one: one.version)
