"""What the packages above say of their tables: what stays behind and why, what files belong to rows, what is made anew."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

Progress = Callable[[int], None]


@dataclass(frozen=True)
class LeftColumn:
    """A column whose values stay behind; `filling` is the SQL text a row of the new desk has in its place."""

    reason: str
    filling: str


@dataclass(frozen=True)
class Files:
    """Where bytes lie that rows name by hash: which ones, how one is read, how one is kept.

    `named` gives hash and size of each, as the running transaction sees it; `read` raises `FileNotFoundError` for one
    that is lost; `keep` stores bytes that were found right.
    """

    named: Callable[[], Iterable[tuple[str, int]]]
    read: Callable[[str], IO[bytes]]
    keep: Callable[[str, IO[bytes]], None]


@dataclass(frozen=True)
class Remake:
    """Rows that are made from other rows once those have come: how, and how many there will be."""

    name: str
    make: Callable[[], Iterator[int]]


_left_out: dict[str, str] = {}
_left_columns: dict[str, dict[str, LeftColumn]] = {}
_files: list[Files] = []
_remakes: dict[str, Remake] = {}
_sequences: set[str] = set()


def leave_out(table: str, why: str) -> None:
    """Have a table stay behind, with the reason a reader of the export is given."""
    _left_out[table] = why


def leave_out_column(table: str, column: str, why: str, *, filling: str) -> None:
    """Have the values of one column stay behind; `filling` is SQL for what stands there instead in the new desk."""
    _left_columns.setdefault(table, {})[column] = LeftColumn(why, filling)


def carry_files(files: Files) -> None:
    """Have the bytes that rows name carried along."""
    _files.append(files)


def remake(name: str, make: Callable[[], Iterator[int]]) -> None:
    """Have rows made anew from what came; `make` yields how many it has made from time to time."""
    _remakes[name] = Remake(name, make)


def carry_sequence(name: str) -> None:
    """Have a sequence that is no table's own id go on where it was."""
    _sequences.add(name)


def left_out() -> dict[str, str]:
    """Give the tables that stay behind, each with its reason."""
    return dict(sorted(_left_out.items()))


def left_columns(table: str) -> dict[str, LeftColumn]:
    """Give the columns of a table that stay behind."""
    return dict(_left_columns.get(table, {}))


def file_stores() -> list[Files]:
    """Give every place where bytes lie that rows name."""
    return list(_files)


def remakes() -> list[Remake]:
    """Give what is made anew, in the order it was declared."""
    return list(_remakes.values())


def own_sequences() -> list[str]:
    """Give the sequences beside those of the tables' ids."""
    return sorted(_sequences)
