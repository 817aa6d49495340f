"""Reading a file of tickets row by row: whatever its encoding and however broken a row is, never whole in memory."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import yaml

from steward.core.errors import Invalid

if TYPE_CHECKING:
    from steward.desk.actions.importing import ImportedRow

FIELDS = ("external_id", "subject", "body", "category", "requester_email", "created_at")
JSON_LINES = frozenset({".jsonl", ".ndjson"})
# A message holds a million characters; a row that is longer than this is no row.
LONGEST_ROW = 2_000_000
PIECE = 1 << 20
_CELLS_SHOWN = 2_000


class BadMap(Invalid):
    """The map names what does not exist: a mistake in how the command was called."""

    code = "usage"


@dataclass
class TicketFile:
    """A file opened for import: how it is encoded, its columns, which of our fields each fills, and which of the desk's own."""

    path: Path
    encoding: str
    columns: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    delimiter: str = ","
    notes: list[str] = field(default_factory=list)

    @property
    def is_json(self) -> bool:
        """Tell whether each line is a JSON object."""
        return self.path.suffix.lower() in JSON_LINES


def open_tickets(path: Path, *, mapping: Mapping[str, str], own: Mapping[str, str] | None = None) -> TicketFile:
    """Look at a file: its encoding, its columns, and what they mean.

    Raises `Invalid` for a file that is neither CSV nor JSON lines or has no text to import, `BadMap` for a map that
    names a column the file does not have.
    """
    if path.suffix.lower() != ".csv" and path.suffix.lower() not in JSON_LINES:
        raise Invalid(f"{path.name} is neither .csv nor .jsonl.", hint="Save it as one of the two.")
    encoding, note = _encoding(path)
    file = TicketFile(path, encoding, notes=[note] if note else [])
    if not file.is_json:
        _read_header(file)
    else:
        file.columns = _json_columns(file)
    file.own = dict(own or {})
    _give_meaning(file, mapping)
    return file


def read_map(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Read a map `field: column`, and under `fields` one for the desk's own by their names.

    Raises `BadMap` for fields a ticket does not have.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadMap(f"{path.name} is not a YAML file.", hint="Write lines such as body: text") from error
    own = found.pop("fields", {}) if isinstance(found, dict) else {}
    if not all(
        isinstance(one, dict) and all(isinstance(column, str) and column for column in one.values()) for one in (found, own)
    ):
        raise BadMap(f"{path.name} is not a map from fields to columns.", hint="Write lines such as body: text")
    if unknown := sorted(str(name) for name in found if name not in FIELDS):
        raise BadMap(
            f"{path.name} names fields a ticket does not have: {', '.join(unknown)}.", hint=f"Known are {', '.join(FIELDS)}."
        )
    return dict(found), {str(name): column for name, column in own.items()}


def rows_of(file: TicketFile) -> "Iterator[ImportedRow]":
    """Give the file's rows, each readable or with the problem that makes it not so."""
    return _json_rows(file) if file.is_json else _csv_rows(file)


def _encoding(path: Path) -> tuple[str, str]:
    with path.open("rb") as raw:
        head = raw.read(4_096)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "The file is UTF-16."
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(head) > 1 and zeros.count(0) > len(zeros) * 0.4 and head.count(0) < len(head) * 0.6:
            return name, f"The file has no mark of its encoding; it was read as {name.upper()}."
    for name in ("utf-8-sig", "cp1252"):
        if _decodes(path, name):
            return name, "" if name == "utf-8-sig" else "The file is not UTF-8; it was read as Windows-1252 (Western European)."
    return "latin-1", "The file is not UTF-8; it was read as Latin-1 (Western European)."


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as text:
            while text.read(PIECE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _text(file: TicketFile) -> TextIO:
    # utf-16 can still break in the middle of the file: the damaged character is shown, the row is kept.
    return file.path.open(encoding=file.encoding, newline="", errors="replace")


def _read_header(file: TicketFile) -> None:
    with _text(file) as text:
        header = text.readline(LONGEST_ROW).rstrip("\r\n")
    for mark in (";", "\t"):
        if mark in header and "," not in header:
            file.delimiter = mark
    file.columns = [name.strip() for name in next(csv.reader([header], delimiter=file.delimiter), [])]
    if not any(file.columns):
        raise Invalid(f"{file.path.name} is empty.", hint="Its first line names the columns.")
    if len(set(file.columns)) < len(file.columns):
        raise Invalid(f"{file.path.name} has two columns of the same name.", hint="Rename one of them.")


def _json_columns(file: TicketFile) -> list[str]:
    """Give the names in the first rows; what comes later is looked up by the same names."""
    found: dict[str, None] = {}
    for row in _json_rows(file):
        if not row.problem:
            found.update(dict.fromkeys(row.columns))
        if row.number >= 100:  # noqa: PLR2004 -- enough to see what the file is
            break
    return list(found)


def _give_meaning(file: TicketFile, mapping: Mapping[str, str]) -> None:
    if missing := sorted(column for column in (*mapping.values(), *file.own.values()) if column not in file.columns):
        raise BadMap(f"The file has no column {', '.join(missing)}.", hint=f"It has {', '.join(file.columns)}.")
    lower = {name.lower().replace(" ", "_"): name for name in file.columns}
    file.fields = {name: lower[name] for name in FIELDS if name in lower} | dict(mapping)
    if "body" not in file.fields and "text" in lower:
        file.fields["body"] = lower["text"]
        file.notes.append("There is no column body; text was taken for it.")
    if "body" not in file.fields:
        hint = "Name it body, or say which it is in a map: --map MAP.yaml with the line body: your_column"
        raise Invalid(f"{file.path.name} has no column body.", field="body", hint=hint)
    if unused := [name for name in file.columns if name not in {*file.fields.values(), *file.own.values()}]:
        file.notes.append(f"Columns that mean nothing here were left out: {', '.join(unused)}.")


def _imported(file: TicketFile, number: int, cells: Mapping[str, Any]) -> "ImportedRow":
    from steward.desk.actions.importing import ImportedRow  # noqa: PLC0415 -- slow import

    values = {}
    for name, column in file.fields.items():
        value = cells.get(column)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
            return ImportedRow(number, problem=f"{column} holds no text.", columns=cells)
        values[name] = "" if value is None else str(value)
    own = {name: "" if (value := cells.get(column)) is None else str(value) for name, column in file.own.items()}
    return ImportedRow(number, columns=cells, fields=own, **values)


def _unreadable(number: int, problem: str, text: str) -> "ImportedRow":
    from steward.desk.actions.importing import ImportedRow  # noqa: PLC0415 -- slow import

    return ImportedRow(number, problem=problem, columns={"": text[:_CELLS_SHOWN]})


def _json_rows(file: TicketFile) -> "Iterator[ImportedRow]":
    number = 0
    with _text(file) as text:
        for line in _Lines(text):
            if not line.strip():
                continue
            number += 1
            if len(line) >= LONGEST_ROW:
                yield _unreadable(number, f"The row has more than {LONGEST_ROW:,} characters.", line)
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                yield _unreadable(number, "The line is not JSON.", line)
                continue
            yield (
                _imported(file, number, row)
                if isinstance(row, dict)
                else _unreadable(number, "The line is not a JSON object.", line)
            )


class _Lines:
    """The lines of a text, cut at the longest row; lines can be put back to be read again."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.again: list[str] = []

    def __iter__(self) -> Iterator[str]:
        while line := self.next():
            yield line

    def next(self) -> str:
        """Give the next line with its end, or nothing at the end of the file."""
        if self.again:
            return self.again.pop()
        line = self.text.readline(LONGEST_ROW)
        if len(line) >= LONGEST_ROW and not line.endswith(("\n", "\r")):
            while (rest := self.text.readline(PIECE)) and not rest.endswith(("\n", "\r")):
                pass
        return line

    def put_back(self, lines: list[str]) -> None:
        """Have these lines come again, in order, before the rest."""
        self.again.extend(reversed(lines))


def _csv_rows(file: TicketFile) -> "Iterator[ImportedRow]":
    csv.field_size_limit(LONGEST_ROW * 2)
    number = 0
    with _text(file) as text:
        lines = _Lines(text)
        lines.next()
        while first := lines.next():
            if not first.strip("\r\n"):
                continue
            number += 1
            record, problem = _record(first, lines, file.delimiter)
            cells = _cells(record, file.delimiter) if not problem else []
            if cells is None:
                problem = "The quotes in this row are broken."
            elif not problem and len(cells) != len(file.columns):
                problem = f"The row has {len(cells)} cells, the file has {len(file.columns)} columns."
            if cells and not problem:
                yield _imported(file, number, dict(zip(file.columns, cells, strict=True)))
                continue
            # A stray quote may have swallowed good rows: only the line it stands in is refused.
            lines.put_back(record[1:])
            yield _unreadable(number, problem, record[0].rstrip("\r\n"))


def _record(first: str, lines: _Lines, delimiter: str) -> tuple[list[str], str]:
    """Gather the lines of one row: more than one where a quoted cell holds line ends."""
    record, length = [first], len(first)
    inside = _ends_in_quotes(first, delimiter, inside=False)
    while inside and length < LONGEST_ROW:
        line = lines.next()
        if not line:
            return record, "A quote is opened in this row and never closed."
        record.append(line)
        length += len(line)
        inside = _ends_in_quotes(line, delimiter, inside=True)
    return (
        record,
        f"The row has more than {LONGEST_ROW:,} characters, or a quote that is never closed." if length >= LONGEST_ROW else "",
    )


def _ends_in_quotes(line: str, delimiter: str, *, inside: bool) -> bool:
    """Tell whether a line ends within a quoted cell; a quote opens one only where a cell begins."""
    if '"' not in line:
        return inside
    place = 0
    while True:
        if inside or line.startswith('"', place):
            place = _closing(line, place if inside else place + 1)
            if place < 0:
                return True
            inside = False
        place = line.find(delimiter, place) + 1
        if not place:
            return False


def _closing(line: str, place: int) -> int:
    """Give the place behind the quote that closes a cell, or -1; two quotes in a row are one that is meant."""
    while (place := line.find('"', place)) >= 0:
        if not line.startswith('"', place + 1):
            return place + 1
        place += 2
    return -1


def _cells(record: list[str], delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader(record, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
