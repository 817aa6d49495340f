"""Keyset paging: the next page starts after the last row seen, so page 1,000 costs what page 1 does."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from steward.core.errors import Invalid
from steward.core.errors import marked as _

Part = str | int | None
Key = Sequence[Part]
Row = TypeVar("Row")

LONGEST_TOKEN = 2_000
_BIGINT = 2**63


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows, with the tokens that lead to the neighbors (None at an end)."""

    rows: list[Row]
    newer: str | None
    older: str | None


def to_token(key: Key, *, backwards: bool = False) -> str:
    """Write the key of a row as a token for an address."""
    raw = json.dumps([backwards, *key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_token(token: str, *, length: int, kinds: Sequence[type] = ()) -> tuple[tuple[Part, ...], bool]:
    """Read a token back into (key, backwards); raises `Invalid` for one that was cut or made up.

    `kinds` says what each part must be: `str`, `int` (as wide as a row's id), or `datetime` (written in ISO, with its zone).
    """
    try:
        backwards, *key = _read(token)
        good = isinstance(backwards, bool) and len(key) == length and all(_is_part(part) for part in key)
        good = good and all(_is_of(part, kind) for part, kind in zip(key, kinds, strict=False))
    # Deep nesting overflows the parser's stack before anything is known about the token.
    except (ValueError, TypeError, RecursionError):
        good, backwards, key = False, False, []
    if not good:
        raise Invalid(_("That page of the list does not exist."), field="page", hint=_("Start from the first page."))
    return tuple(key), backwards


def _read(token: str) -> list[Any]:
    if len(token) > LONGEST_TOKEN:
        raise ValueError(token[:20])
    return list(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))))


def _is_part(part: object) -> bool:
    if isinstance(part, str):
        return "\x00" not in part
    return part is None or (isinstance(part, int) and not isinstance(part, bool) and -_BIGINT <= part < _BIGINT)


def _is_of(part: object, kind: type) -> bool:
    if kind is not datetime:
        return isinstance(part, kind)
    # Python reads more ways to write an instant than the database does: only the one we write is taken.
    return (
        isinstance(part, str)
        and _plain_zone(datetime.fromisoformat(part).isoformat()) == _plain_zone(part)
        and _plain_zone(part).endswith("Z")
    )


def _plain_zone(instant: str) -> str:
    return instant.replace("+00:00", "Z")
