"""The first page of an export: what is in it, in which version, and by which checksums each part is known to be whole."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from steward.core.errors import Invalid

FORMAT = "steward-export/1"
MANIFEST = "manifest.json"
TABLES, FILES, FILE_LIST = "tables", "files", "files.jsonl"
PIECE = 1 << 20
_BEYOND = ("exported_at", "checksum")


@dataclass(frozen=True)
class Part:
    """A file of lines: how many, how large, and its SHA-256."""

    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """The whole first page; `checksum` is that of all of it but itself and the instant."""

    exported_at: str
    steward: str
    migrations: list[str]
    tables: dict[str, Part]
    left_out: dict[str, str]
    sequences: dict[str, int]
    files: Part
    missing_files: list[str]
    format: str = FORMAT
    checksum: str = ""

    def write(self, folder: Path) -> None:
        """Write it as indented JSON, with its checksum."""
        data = asdict(self)
        data["checksum"] = checksum_of(data)
        (folder / MANIFEST).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it from a folder; raises `Invalid` for one that is missing, damaged, or of a version this release does not know."""
        path = folder / MANIFEST
        if not path.is_file():
            raise Invalid(
                f"{folder} holds no whole export: {MANIFEST} is missing.",
                hint="Name the folder that `steward export` made. One whose name ends with .unfinished was cut off: export again.",
            )
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise _damaged(path) from error
        if not isinstance(data, dict) or not isinstance(data.get("format"), str):
            raise _damaged(path)
        if data["format"] != FORMAT:
            raise Invalid(
                f"{path} is of version {data['format'][:40]!r}; this release reads {FORMAT}.", hint="Use a newer release."
            )
        if data.get("checksum") != checksum_of(data):
            raise _damaged(path)
        return cls._made_of(data, path)

    @classmethod
    def _made_of(cls, data: dict[str, Any], path: Path) -> Self:
        try:
            tables = {str(name): Part(**part) for name, part in data["tables"].items()}
            return cls(**{**data, "tables": tables, "files": Part(**data["files"])})
        except (TypeError, KeyError, AttributeError) as error:
            raise _damaged(path) from error


def checksum_of(data: dict[str, Any]) -> str:
    """Give the checksum of a first page."""
    rest = {key: value for key, value in data.items() if key not in _BEYOND}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _damaged(path: Path) -> Invalid:
    return Invalid(f"{path} is damaged: it is not what was written.", hint="Copy the export again, or make a new one.")
