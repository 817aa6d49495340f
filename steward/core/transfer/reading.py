"""Taking a whole desk in: looked through first, then written into an empty one in a single transaction."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from steward.core.errors import Conflict, Invalid
from steward.core.rows import first_row
from steward.core.transfer.declared import file_stores, left_columns, remakes
from steward.core.transfer.manifest import FILE_LIST, FILES, PIECE, TABLES, Manifest, Part
from steward.core.transfer.tables import Table, carried_tables, migrations, sequences
from steward.core.transfer.writing import digest_of, take_your_time

Told = Callable[[str, int, int], None]
# Rows of one statement: by number, and by size for tables of long texts.
BATCH_ROWS, BATCH_BYTES = 2_000, 4_000_000
_LONGEST_NAMED = 8
_ADVICE = "Copy the export again, or make a new one."


@dataclass(frozen=True)
class Imported:
    """What was taken in."""

    tables: int
    rows: int
    files: int
    missing_files: list[str]


def import_desk(folder: Path, *, may_stand: frozenset[str] = frozenset(), told: Told = lambda _what, _done, _all: None) -> Imported:
    """Take a whole desk into this empty one, or nothing of it.

    Every part is held against its checksum before anything is written; the tables come in one transaction, so that a crash
    leaves the desk empty. `may_stand` are tables whose rows a process may write into an empty desk; they are replaced.
    Raises `Invalid` for an export that is damaged or of another release, `Conflict` for a desk that holds anything.
    """
    manifest = Manifest.read(folder)
    _same_release(manifest)
    _require_empty(may_stand)
    files = _look_through(folder, manifest, told)
    _take_files(folder, files, told)
    tables = carried_tables()
    with transaction.atomic(), connection.cursor() as cursor:
        take_your_time(cursor)
        names = [sql.Identifier(table.name) for table in tables]
        cursor.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.SQL(", ").join(names)))
        _require_empty(may_stand)
        for name in sorted(may_stand):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        _take_tables(folder, manifest, tables, told)
        for part in remakes():
            for done in part.make():
                told(part.name, done, 0)
        _have_it_right(cursor)
        _go_on_counting(manifest)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Imported(len(tables), sum(part.rows for part in manifest.tables.values()), len(files), manifest.missing_files)


def _same_release(manifest: Manifest) -> None:
    here, there = set(migrations()), set(manifest.migrations)
    if here == there:
        return
    later = ", ".join(sorted(there - here)[:_LONGEST_NAMED])
    if later:
        raise Invalid(
            f"The export was made by a release with other tables ({manifest.steward}; here is no {later}).",
            hint="Import it with the release that made it, then upgrade.",
        )
    raise Invalid(
        f"The export was made by an older release ({manifest.steward}).",
        hint="Import it with that release, then upgrade: the tables are brought up to date with what they hold.",
    )


def _require_empty(may_stand: frozenset[str]) -> None:
    tables = [table.name for table in carried_tables() if table.name not in may_stand]
    for name in tables:
        if first_row(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name)).as_string(connection.connection)):
            raise Conflict(
                f"This desk is not empty: {name} has rows. Nothing was changed.",
                hint="Name an empty database in DATABASE_URL, or a new folder in STEWARD_DATA, and import before all else.",
            )


def _look_through(folder: Path, manifest: Manifest, told: Told) -> dict[str, int]:
    """Hold every part against its checksum; give the files that come, with their sizes."""
    here = {table.name: table for table in carried_tables()}
    if here.keys() != manifest.tables.keys():
        odd = ", ".join(sorted(here.keys() ^ manifest.tables.keys())[:_LONGEST_NAMED])
        raise Invalid(f"The export holds other tables than this desk: {odd}.", hint=_ADVICE)
    for done, (name, part) in enumerate(manifest.tables.items()):
        told("checking", done, len(here))
        if list(part.columns) != here[name].carried:
            raise Invalid(f"The columns of {name} are not those of this desk.", hint=_ADVICE)
        _require_whole(folder / TABLES / f"{name}.jsonl", part)
    _require_whole(folder / FILE_LIST, manifest.files)
    files = dict(_listed(folder / FILE_LIST))
    for done, (sha256, size) in enumerate(files.items()):
        told("checking files", done, len(files))
        path = _place(folder, sha256)
        if not path.is_file() or path.stat().st_size != size or digest_of(path) != sha256:
            raise Invalid(f"{path} is missing or damaged. Nothing was changed.", hint=_ADVICE)
    return files


def _require_whole(path: Path, part: Part) -> None:
    if not path.is_file():
        raise Invalid(f"{path} is missing. Nothing was changed.", hint=_ADVICE)
    digest, count, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            count, size = count + piece.count(b"\n"), size + len(piece)
    if size < part.bytes:
        raise Invalid(f"{path} is cut off: {size:,} of {part.bytes:,} bytes. Nothing was changed.", hint=_ADVICE)
    if (count, size, digest.hexdigest()) != (part.rows, part.bytes, part.sha256):
        raise Invalid(f"{path} is damaged: its checksum is another. Nothing was changed.", hint=_ADVICE)


def _listed(path: Path) -> Iterator[tuple[str, int]]:
    with path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            yield row["sha256"], row["size"]


def _place(folder: Path, sha256: str) -> Path:
    # A hash and nothing else: a name made of dots and slashes would lead out of the folder.
    if not (len(sha256) == hashlib.sha256().digest_size * 2 and sha256.isalnum()):
        raise Invalid(f"{folder / FILE_LIST} names a file by {sha256[:80]!r}, which is no hash.", hint=_ADVICE)
    return folder / FILES / sha256[:2] / sha256


def _take_files(folder: Path, files: dict[str, int], told: Told) -> None:
    for done, sha256 in enumerate(files):
        told("files", done, len(files))
        for store in file_stores():
            with _place(folder, sha256).open("rb") as source:
                store.keep(sha256, source)


def _take_tables(folder: Path, manifest: Manifest, tables: list[Table], told: Told) -> None:
    expected, done = sum(part.rows for part in manifest.tables.values()), 0
    for table in tables:
        statement = _insert(table)
        told(table.name, done, expected)
        for batch, count in _batches(folder / TABLES / f"{table.name}.jsonl"):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(statement, [batch])
            except DatabaseError as error:
                raise Invalid(f"The database refuses rows of {table.name}: {_said(error)}. Nothing was changed.") from error
            done += count
            told(table.name, done, expected)


def _insert(table: Table) -> sql.Composed:
    left = left_columns(table.name)
    values: list[sql.Composable] = []
    for name in table.columns:
        if name in left:
            values.append(sql.SQL(left[name].filling))
        elif table.columns[name] == "jsonb" and name in table.required:
            # JSON has one null for two things; where the column may not be empty, it is JSON's own.
            values.append(sql.SQL("coalesce(r.{}, 'null')").format(sql.Identifier(name)))
        else:
            values.append(sql.SQL("r.{}").format(sql.Identifier(name)))
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r"
    ).format(
        table=sql.Identifier(table.name),
        columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        values=sql.SQL(", ").join(values),
    )


def _batches(path: Path) -> Iterator[tuple[str, int]]:
    lines, size = list[str](), 0
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            lines.append(line)
            size += len(line)
            if len(lines) >= BATCH_ROWS or size > BATCH_BYTES:
                yield f"[{','.join(lines)}]", len(lines)
                lines, size = [], 0
    if lines:
        yield f"[{','.join(lines)}]", len(lines)


def _have_it_right(cursor: object) -> None:
    """Have the database check what it puts off to the end of a transaction, while it can still be said in words."""
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # type: ignore[attr-defined]
    except DatabaseError as error:
        raise Invalid(f"The rows do not fit together: {_said(error)}. Nothing was changed.", hint=_ADVICE) from error


def _said(error: DatabaseError) -> str:
    return str(error).strip().splitlines()[0]


def _go_on_counting(manifest: Manifest) -> None:
    """Have every sequence go on behind the last number it gave out; unlike `setval`, this is undone with the transaction."""
    with connection.cursor() as cursor:
        for name, sequence in sequences().items():
            last = manifest.sequences.get(name, 0)
            if last > 0:
                cursor.execute(sql.SQL("ALTER SEQUENCE {} RESTART WITH {}").format(sql.Identifier(sequence), sql.Literal(last)))
                cursor.execute("SELECT nextval(%s::regclass)", [sequence])
