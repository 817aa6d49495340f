"""The tables there are, asked of the database: one that was added yesterday is carried without anybody saying so."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from steward.core.rows import first_row, rows
from steward.core.transfer.declared import left_columns, left_out, own_sequences

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 ORDER BY c.relname, a.attnum
"""
_KEYS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY k.place)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
 WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace
 GROUP BY c.relname
"""
_SEQUENCES = """
SELECT t.relname, s.relname
  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid
 WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND t.relnamespace = current_schema()::regnamespace
"""


@dataclass(frozen=True)
class Table:
    """A table as the database has it: its columns with their types, those that may not be empty, and its key."""

    name: str
    columns: dict[str, str]
    required: frozenset[str]
    key: tuple[str, ...]
    left: dict[str, str] = field(default_factory=dict)

    @property
    def carried(self) -> list[str]:
        """Name the columns whose values are carried."""
        return [name for name in self.columns if name not in self.left]


def all_tables() -> list[Table]:
    """Give every table of the desk's schema, by name."""
    keys = dict(rows(_KEYS))
    columns: dict[str, dict[str, str]] = {}
    required: dict[str, set[str]] = {}
    for table, column, kind, needed in rows(_COLUMNS):
        columns.setdefault(table, {})[column] = kind
        required.setdefault(table, set()).update({column} if needed else ())
    return [
        Table(
            name,
            found,
            frozenset(required[name]),
            tuple(keys.get(name, ())),
            {column: left.reason for column, left in left_columns(name).items()},
        )
        for name, found in columns.items()
    ]


def carried_tables() -> list[Table]:
    """Give the tables that are carried, by name."""
    behind = left_out()
    return [table for table in all_tables() if table.name not in behind]


def sequences() -> dict[str, str]:
    """Give the sequence of each carried table's id, and those beside them, by the name they have in an export."""
    carried = {table.name for table in carried_tables()}
    found = {table: sequence for table, sequence in rows(_SEQUENCES) if table in carried}
    return dict(sorted((found | {name: name for name in own_sequences()}).items()))


def last_drawn(sequence: str) -> int:
    """Give the last number a sequence gave out, 0 for none."""
    statement = sql.SQL("SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {}")
    found = first_row(statement.format(sql.Identifier(sequence)).as_string(connection.connection))
    return int(found[0]) if found else 0


def migrations() -> list[str]:
    """Name every migration the database has been through."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
