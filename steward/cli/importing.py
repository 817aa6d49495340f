"""`steward import tickets`: requests from a CSV or JSON lines file."""

import csv
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from steward.cli.ticket_files import TicketFile, open_tickets, read_map, rows_of
from steward.core import clock
from steward.core.errors import Invalid

if TYPE_CHECKING:
    from steward.desk.actions.importing import ImportedRow, ImportOutcome
    from steward.desk.models import Queue

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def import_tickets_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A .csv or .jsonl file.")],
    map_file: Annotated[
        Path | None, typer.Option("--map", exists=True, dir_okay=False, help="A YAML file saying which column fills which field.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="Where the tickets come from; with an id it makes a row known. The file's name without it.")
    ] = "",
    queue: Annotated[str, typer.Option(help="The queue they go to; the desk's first one without it.")] = "",
    zone: Annotated[str, typer.Option(help="The zone of times that name none.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take tickets over from a file, at their original times; run again, it goes on where it stopped.

    Columns: external_id, subject, body, category (a path such as Access / Sign-in), requester_email, created_at;
    a map names other ones, and under `fields` the desk's own by their names. Rows that cannot be taken go to
    FILE.rejects.csv, each with its reason.
    """
    from django.conf import settings  # noqa: PLC0415 -- slow import

    from steward.desk.actions.importing import import_tickets  # noqa: PLC0415 -- slow import
    from steward.people.actor import ActorKind, system  # noqa: PLC0415 -- slow import
    from steward.people.rules import is_time_zone  # noqa: PLC0415 -- slow import

    zone = zone or settings.DESK_TIME_ZONE
    if not is_time_zone(zone):
        raise Invalid(f"There is no time zone {zone}.", field="zone", hint="Write it like Asia/Shanghai.")
    mapping, own = read_map(map_file) if map_file else ({}, {})
    tickets = open_tickets(file, mapping=mapping, own=own)
    source = source or file.stem
    with Rejects(file, tickets) as rejects, _progress() as bar:
        task = bar.add_task("tickets", total=None)
        outcome = import_tickets(
            rows=rows_of(tickets),
            source=source,
            queue=_queue(queue) if queue else None,
            zone=zone,
            dry_run=dry_run,
            reject=rejects.add,
            progress=lambda so_far: bar.update(task, completed=so_far.read),
            by=system("import tickets", kind=ActorKind.IMPORT),
            at=clock.now(),
        )
    result = _told(outcome, rejects, [*tickets.notes, *_notes(outcome, source, dry_run=dry_run)])
    typer.echo(json.dumps(result, ensure_ascii=False)) if as_json else _say(result)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _queue(name: str) -> "Queue":
    from steward.desk.models import Queue  # noqa: PLC0415 -- slow import

    found = Queue.objects.filter(name__iexact=name.strip()).first()
    if found is None:
        names = ", ".join(Queue.objects.filter(is_active=True).order_by("position", "id").values_list("name", flat=True))
        raise Invalid(f"There is no queue {name}.", field="queue", hint=f"There are {names}." if names else "Make one first.")
    return found


class Rejects:
    """The file of rows that were not taken, written as they come and put in place when the import is through.

    Cells that a spreadsheet would take for a formula are written with a quote before them.
    """

    def __init__(self, file: Path, tickets: TicketFile) -> None:
        self.target = file.with_name(f"{file.name}.rejects.csv")
        self.partial = self.target.with_name(f"{self.target.name}.partial")
        self.columns = tickets.columns
        self.count = 0
        self._out: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def add(self, row: "ImportedRow", reason: str) -> None:
        """Write a row down with its reason; a line that could not be read stands whole in the last column."""
        if self._out is None:
            self._open()
        unread = str(row.columns.get("", "")) if row.problem else ""
        cells = [_shown(row.columns.get(name)) for name in self.columns]
        self._writer.writerow([row.number, _safe(reason), *map(_safe, cells), _safe(unread)])
        self.count += 1

    def _open(self) -> None:
        try:
            self._out = self.partial.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise Invalid(
                f"The rejected rows cannot be written to {self.target}: {error.strerror}.",
                hint="Copy the file to a folder you may write to and import it again; what was taken is skipped.",
            ) from error
        self._writer = csv.writer(self._out)
        self._writer.writerow(["row", "reason", *map(_safe, self.columns), "unread"])

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if self._out is not None:
            self._out.close()
            self.partial.replace(self.target)
        elif kind is None:
            # All rows were looked at again: what an earlier run could not take has been taken since.
            self.target.unlink(missing_ok=True)


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _safe(cell: str) -> str:
    cell = cell.replace("\x00", "␀").encode("utf-8", "replace").decode("utf-8")
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _notes(outcome: "ImportOutcome", source: str, *, dry_run: bool) -> list[str]:
    notes = []
    if outcome.without_id:
        notes.append(
            f"{outcome.without_id:,} rows have no id: each is known by {source!r}, its content and how often that came before. "
            "Import the file again under the same source to skip them."
        )
    if outcome.without_time:
        notes.append(f"{outcome.without_time:,} rows have no time: they count as opened at the instant of the import.")
    if dry_run:
        notes.append("A dry run: nothing was changed.")
    return notes


def _told(outcome: "ImportOutcome", rejects: Rejects, notes: list[str]) -> dict[str, Any]:
    return {
        "read": outcome.read,
        "created": outcome.created,
        "skipped": outcome.skipped,
        "rejected": outcome.rejected,
        "rejects_file": str(rejects.target) if rejects.count else None,
        "notes": notes,
    }


def _say(result: dict[str, Any]) -> None:
    taken = f"{result['read']:,} read, {result['created']:,} created, {result['skipped']:,} here already"
    typer.echo(f"{taken}, {result['rejected']:,} rejected.")
    for note in result["notes"]:
        typer.echo(note, err=True)
    if result["rejects_file"]:
        typer.echo(f"Rejected rows, each with its reason: {result['rejects_file']}", err=True)
