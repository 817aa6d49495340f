"""Writing a whole desk out: every table as JSON lines in one snapshot, then the bytes its rows name."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from psycopg import sql

from steward import __version__
from steward.core.errors import Conflict, Invalid
from steward.core.rows import first_row
from steward.core.transfer.declared import file_stores, left_out
from steward.core.transfer.manifest import FILE_LIST, FILES, MANIFEST, PIECE, TABLES, Manifest, Part
from steward.core.transfer.tables import Table, carried_tables, last_drawn, migrations, sequences

# One JSON document a line: the marks that CSV would quote by occur in no JSON text, so that it writes the text as it is.
_COPY = """
COPY (SELECT row_to_json(r) FROM (SELECT {columns} FROM {table} ORDER BY {key}) r)
  TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')
"""
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Exported:
    """What an export holds."""

    folder: Path
    tables: int
    rows: int
    files: int
    bytes: int
    missing_files: list[str]


def export_desk(folder: Path, *, at: datetime, told: Told = lambda _what, _done, _all: None) -> Exported:
    """Write the whole desk into a new folder; it has its name only once it is whole.

    Until then it is called FOLDER.unfinished; an export that was cut off is begun again there, and keeps the files whose
    bytes it has. Raises `Invalid` when something stands at FOLDER, and `Conflict` while another export writes there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(f"{folder} is there already.", hint="Name a folder that does not exist yet.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    unfinished.mkdir(mode=0o700, parents=True, exist_ok=True)
    (unfinished / FILES).mkdir(mode=0o700, exist_ok=True)
    with _alone(unfinished):
        (unfinished / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(unfinished / TABLES, ignore_errors=True)
        (unfinished / TABLES).mkdir(mode=0o700)
        with snapshot():
            page, named = _write_tables(unfinished, at=at, told=told)
        files, missing = _write_files(unfinished, named, told)
        replace(page, files=files, missing_files=missing).write(unfinished)
        _flush(unfinished)
        (unfinished / _LOCK).unlink()
        unfinished.replace(folder)
    parts = page.tables.values()
    size = sum(part.bytes for part in parts) + sum(size for sha256, size in named.items() if sha256 not in missing)
    return Exported(folder, len(parts), sum(part.rows for part in parts), files.rows, size, missing)


_LOCK = "lock"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"Another export is writing {folder}.", hint="Wait for it, or name another folder.") from error
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the desk as it is at one instant, for as long as it takes, and write values the same way everywhere."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        take_your_time(cursor)
        yield


def take_your_time(cursor: object) -> None:
    """Lift the time-outs of this transaction, and have values written the same way on every server."""
    settings = {
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        "timezone": "UTC",
        "datestyle": "ISO",
        "intervalstyle": "iso_8601",
        "extra_float_digits": "1",
    }
    for name, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])  # type: ignore[attr-defined]
    cursor.execute("SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'")  # type: ignore[attr-defined]


def _write_tables(folder: Path, *, at: datetime, told: Told) -> tuple[Manifest, dict[str, int]]:
    tables = carried_tables()
    expected, done, parts = _about(tables), 0, dict[str, Part]()
    for table in tables:
        parts[table.name] = _write_table(folder, table, partial(_tell, told, table.name, done, expected))
        done += parts[table.name].rows
    named = dict(sorted((sha256, size) for store in file_stores() for sha256, size in store.named()))
    page = Manifest(
        exported_at=at.isoformat(),
        steward=__version__,
        migrations=migrations(),
        tables=parts,
        left_out=left_out(),
        # Read last: no row of the snapshot has a higher number.
        sequences={name: last_drawn(sequence) for name, sequence in sequences().items()},
        files=Part(0, 0, ""),
        missing_files=[],
    )
    return page, named


def _tell(told: Told, name: str, before: int, expected: int, count: int) -> None:
    told(name, before + count, expected)


def _about(tables: list[Table]) -> int:
    statement = "SELECT coalesce(sum(greatest(reltuples, 0)), 0) FROM pg_class WHERE relname = ANY(%s)"
    found = first_row(statement, [[table.name for table in tables]])
    return int(found[0]) if found else 0


def _write_table(folder: Path, table: Table, told: Callable[[int], None]) -> Part:
    statement = sql.SQL(_COPY).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, table.carried)),
        table=sql.Identifier(table.name),
        key=sql.SQL(", ").join(map(sql.Identifier, table.key or table.carried)),
    )
    digest, count, size = hashlib.sha256(), 0, 0
    with (
        _private(folder / TABLES / f"{table.name}.jsonl") as out,
        connection.cursor() as cursor,
        cursor.cursor.copy(statement) as copy,
    ):
        for block in copy:
            line = bytes(block)
            out.write(line)
            digest.update(line)
            count, size = count + line.count(b"\n"), size + len(line)
            if count % 1000 == 0:
                told(count)
    told(count)
    columns = {name: table.columns[name] for name in table.carried}
    return Part(count, size, digest.hexdigest(), columns, table.left)


def _write_files(folder: Path, named: dict[str, int], told: Told) -> tuple[Part, list[str]]:
    missing, digest, count, length = list[str](), hashlib.sha256(), 0, 0
    with _private(folder / FILE_LIST) as out:
        for done, (sha256, size) in enumerate(named.items()):
            told(FILES, done, len(named))
            if not _write_file(folder / FILES / sha256[:2] / sha256, sha256):
                missing.append(sha256)
                continue
            line = f'{{"sha256":"{sha256}","size":{size}}}\n'.encode()
            out.write(line)
            digest.update(line)
            count, length = count + 1, length + len(line)
    for path in (folder / FILES).glob("*/*"):
        if path.name not in named:
            path.unlink()
    return Part(count, length, digest.hexdigest()), missing


def _write_file(target: Path, sha256: str) -> bool:
    """Copy a file's bytes; False says that they are lost, or no longer what their name says."""
    if target.exists() and digest_of(target) == sha256:
        return True
    target.parent.mkdir(mode=0o700, exist_ok=True)
    for store in file_stores():
        try:
            with store.read(sha256) as source, _private(target) as out:
                shutil.copyfileobj(source, out, PIECE)
        except FileNotFoundError:
            continue
        if digest_of(target) == sha256:
            return True
    target.unlink(missing_ok=True)
    return False


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", PIECE)


def _flush(folder: Path) -> None:
    """Have everything on the disk before the folder gets its name."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
