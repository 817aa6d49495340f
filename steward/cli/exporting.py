"""`steward export` and `steward import desk`: a whole desk as open files, and such files as a whole desk."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from steward.cli import preparation
from steward.core import clock

# A worker that was started on the empty desk has written down that it follows the ledger, and nothing else.
MAY_STAND = frozenset({"ledger_subscription"})


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write the whole desk into a folder, in open formats: a JSON lines file for each table, and every attachment.

    The desk may be in use: all of it is as it was at one instant. Until it is whole the folder is called DIR.unfinished;
    when it was cut off, run the same command again. What is in it is written in docs/export.md.
    """
    from steward.core.transfer.writing import export_desk  # noqa: PLC0415 -- slow import

    with _told() as told:
        done = export_desk(folder, at=clock.now(), told=told)
    result = {
        "folder": str(done.folder),
        "tables": done.tables,
        "rows": done.rows,
        "files": done.files,
        "bytes": done.bytes,
        "missing_files": done.missing_files,
    }
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    typer.echo(f"{done.rows:,} rows of {done.tables} tables and {done.files:,} files ({done.bytes:,} bytes) are in {done.folder}.")
    _name_missing(done.missing_files, "were not found in the storage and are not in the export")


def import_desk_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="What `steward export` made.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take a whole desk over from an export, into an empty one.

    Name an empty database in DATABASE_URL, or a new folder in STEWARD_DATA; its tables are made here. Everything is held against
    its checksum first, and comes whole or not at all. Nobody has a password afterwards: see `steward password-link`.
    """
    preparation.open_empty_database()
    from steward.core.transfer.reading import import_desk  # noqa: PLC0415 -- slow import

    with _told() as told:
        done = import_desk(folder, may_stand=MAY_STAND, told=told)
    if as_json:
        result = {"tables": done.tables, "rows": done.rows, "files": done.files, "missing_files": done.missing_files}
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    typer.echo(f"{done.rows:,} rows of {done.tables} tables and {done.files:,} files were taken over.")
    _name_missing(done.missing_files, "were missing when the export was made, and are missing here")
    typer.echo("Next: `steward verify`, then `steward password-link EMAIL` for the first who signs in, then `steward up`.")


def _name_missing(missing: list[str], what: str) -> None:
    if missing:
        typer.echo(f"{len(missing):,} files {what}: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}", err=True)  # noqa: PLR2004


@contextmanager
def _told() -> Iterator[Callable[[str, int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=max(of, done) if of else None)

        yield told
