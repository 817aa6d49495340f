"""`steward import people`: users and requesters from a file."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from steward.core import clock
from steward.core.errors import Invalid

if TYPE_CHECKING:
    from steward.people.actions.importing import ImportResult, Reject

_JSON_LINES = {".jsonl", ".ndjson"}

LONGEST_FIELD = 131_072


def import_people_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A .csv or .jsonl file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")] = False,
    create_teams: Annotated[bool, typer.Option("--create-teams", help="Make the teams that do not exist yet.")] = False,
    encoding: Annotated[str, typer.Option(help="How the file's text is encoded.")] = "utf-8-sig",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take people over from a file; running it again changes nothing.

    Columns: email, name, roles, teams, language, time_zone, and for requesters platform_role, team,
    market, client_version. Several roles or teams are separated by a semicolon. A row without roles is
    a requester. Rows that cannot be taken go to a file beside this one, each with its reason.
    """
    from steward.people.actions import import_people  # noqa: PLC0415 -- slow import
    from steward.people.actor import ActorKind, system  # noqa: PLC0415 -- slow import

    rows = read_rows(file, encoding)
    by = system("import people", kind=ActorKind.IMPORT)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("people", total=None)
        result = import_people(
            rows=rows,
            by=by,
            at=clock.now(),
            dry_run=dry_run,
            create_teams=create_teams,
            progress=lambda done: bar.update(task, completed=done),
        )
    rejects_file = write_rejects(file, result.rejects) if result.rejects else None
    if as_json:
        typer.echo(json.dumps(_told(result, rejects_file, dry_run=dry_run), ensure_ascii=False))
    else:
        _say(result, rejects_file, dry_run=dry_run)


def read_rows(file: Path, encoding: str) -> Iterator[dict[str, Any] | str]:
    """Read a file row by row; a line that cannot be read is given as its text.

    Raises `Invalid`, before any row is given where it can, for a file that is not what it says.
    """
    kind = file.suffix.lower()
    if kind != ".csv" and kind not in _JSON_LINES:
        raise Invalid(f"{file.name} is neither .csv nor .jsonl.", hint="Save it as one of the two.")
    try:
        "".encode(encoding)
    except LookupError as error:
        raise Invalid(f"There is no encoding named {encoding}.", hint="Try utf-8 or gb18030.") from error
    return _decoded(file, _csv_rows(file, encoding) if kind == ".csv" else _json_rows(file, encoding), encoding)


def write_rejects(file: Path, rejects: "list[Reject]") -> Path:
    """Write the rows that were not taken beside their file, each with its number and reason."""
    target = file.with_name(f"{file.stem}.rejects{file.suffix}")
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            if file.suffix.lower() == ".csv":
                _write_csv(out, rejects)
            else:
                for reject in rejects:
                    out.write(
                        json.dumps({"row": reject.number, "reason": reject.reason, "was": reject.row}, ensure_ascii=False) + "\n"
                    )
    except OSError as error:
        raise Invalid(
            f"The rejected rows could not be written to {target}: {error.strerror}.",
            hint="The other rows were taken. Copy the file to a folder you may write to and import it again.",
        ) from error
    return target


def _decoded(file: Path, rows: Iterator[dict[str, Any] | str], encoding: str) -> Iterator[dict[str, Any] | str]:
    try:
        yield from rows
    except UnicodeDecodeError as error:
        raise Invalid(
            f"{file.name} is not {encoding} text.",
            hint="Name its encoding, such as --encoding gb18030. Rows before that place were taken; a second import skips them.",
        ) from error
    except csv.Error as error:
        raise Invalid(f"{file.name} is not a CSV file: {error}.", hint="Export it again.") from error


def _csv_rows(file: Path, encoding: str) -> Iterator[dict[str, Any] | str]:
    # The limit is the whole process's: say it here, whatever another import set before.
    csv.field_size_limit(LONGEST_FIELD)
    with file.open(encoding=encoding, newline="") as lines:
        header = lines.readline()
        lines.seek(0)
        reader = csv.DictReader(lines, delimiter=";" if ";" in header and "," not in header else ",")
        names = [name.strip().lower().replace(" ", "_").replace("e-mail", "email") for name in reader.fieldnames or []]
        if "email" not in names:
            raise Invalid(f"{file.name} has no column email.", field="email", hint="Its first line names the columns.")
        if len(set(names)) < len(names):
            raise Invalid(f"{file.name} has two columns of the same name.", hint="Rename one of them.")
        reader.fieldnames = names
        yield from reader


def _json_rows(file: Path, encoding: str) -> Iterator[dict[str, Any] | str]:
    with file.open(encoding=encoding) as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            yield row if isinstance(row, dict) else line.rstrip("\n")


def _write_csv(out: Any, rejects: "list[Reject]") -> None:
    columns = list(dict.fromkeys(name for reject in rejects if isinstance(reject.row, dict) for name in reject.row if name))
    writer = csv.writer(out)
    writer.writerow([*columns, "row", "reason"])
    for reject in rejects:
        row = reject.row if isinstance(reject.row, dict) else {}
        writer.writerow([*(row.get(name) or "" for name in columns), reject.number, reject.reason])


def _told(result: "ImportResult", rejects_file: Path | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        "read": result.read,
        "created": result.created,
        "updated": result.updated,
        "skipped": result.skipped,
        "rejected": result.rejected,
        "rejects_file": str(rejects_file) if rejects_file else None,
        "ignored_columns": result.ignored,
        "dry_run": dry_run,
    }


def _say(result: "ImportResult", rejects_file: Path | None, *, dry_run: bool) -> None:
    counts = f"{result.created} created, {result.updated} updated, {result.skipped} already so, {result.rejected} rejected"
    typer.echo(f"{'Would be: ' if dry_run else ''}{result.read} read, {counts}.")
    if result.ignored:
        typer.echo(f"Columns without a meaning here: {', '.join(result.ignored)}.", err=True)
    if rejects_file:
        typer.echo(f"Rejected rows, each with its reason: {rejects_file}", err=True)
