"""The orders a list may have; each is an index of its own, walked from the row where the page before it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from steward.core.pagination import from_token

FAR = "9999-12-31T00:00:00Z"
_DUE = f"coalesce(t.due_at, '{FAR}'::timestamptz)"
_CASTS: dict[type, str] = {datetime: "timestamptz", int: "bigint"}
Key = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Order:
    """An order: its columns, and which conditions its indexes can begin with or be bounded by.

    `is_of_the_worked` when the index holds only what is being worked.
    """

    name: str
    columns: tuple[str, ...]
    kinds: tuple[type, ...]
    descending: bool = False
    is_of_the_worked: bool = False
    begins_with: tuple[str, ...] = ()
    bounded_by: str = ""

    def sql(self, *, backwards: bool, keys: bool = False) -> str:
        """Write the order, over the table or over the keys taken from it."""
        way = "DESC" if self.descending != backwards else "ASC"
        columns = [f"k{place}" for place, _column in enumerate(self.columns, 1)] if keys else self.columns
        return ", ".join(f"{column} {way}" for column in columns)

    def keys(self) -> str:
        """Write the columns as keys called `k1`, `k2` and so on."""
        return ", ".join(f"{column} AS k{place}" for place, column in enumerate(self.columns, 1))

    def beyond(self, *, backwards: bool, keys: bool = False) -> str:
        """Write what lies beyond a key, which is to be bound."""
        sign = "<" if self.descending != backwards else ">"
        columns = [f"k{place}" for place, _column in enumerate(self.columns, 1)] if keys else self.columns
        return f"({', '.join(columns)}) {sign} ({', '.join('%s::' + _CASTS[kind] for kind in self.kinds)})"

    def read(self, token: str) -> tuple[Key, bool]:
        """Read a page token; raises `Invalid` for one that was cut or made up."""
        return from_token(token, length=len(self.columns), kinds=self.kinds)

    def key(self, values: tuple[object, ...]) -> Key:
        """Write the values of the keys as a token holds them."""
        return tuple(
            value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value  # type: ignore[misc]
            for value in values
        )


ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        order.name: order
        for order in (
            Order("due", (_DUE, "t.id"), (datetime, int), is_of_the_worked=True, begins_with=("assignee", "queue", "state")),
            Order("priority", ("t.priority", _DUE, "t.id"), (int, datetime, int), is_of_the_worked=True),
            Order("waiting", ("t.last_message_at", "t.id"), (datetime, int), is_of_the_worked=True),
            Order(
                "updated",
                ("t.updated_at", "t.id"),
                (datetime, int),
                descending=True,
                begins_with=("assignee", "queue", "state"),
                bounded_by="updated",
            ),
            Order("newest", ("t.created_at", "t.id"), (datetime, int), descending=True, bounded_by="created"),
        )
    }
)
