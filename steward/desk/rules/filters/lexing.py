"""Cutting a typed filter into pieces: linear, and with a meaning for whatever is typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What keyboards and word processors make of the plain signs.
_ALIKE = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\x00": " ", "：": ":", "，": ","})
_HALF_CHARACTERS = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Raw:
    """A value as it was typed."""

    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Piece:
    """One piece: bare or quoted text, or a name with a colon and its values; `source` is how it was typed."""

    source: str
    negated: bool = False
    name: str = ""
    values: tuple[Raw, ...] = ()
    closed: bool = True

    @property
    def is_quoted(self) -> bool:
        """Tell whether this is a phrase."""
        return not self.name and bool(self.values) and self.values[0].quoted


def plain(text: str) -> str:
    """Write the signs of other keyboards as the plain ones."""
    return _HALF_CHARACTERS.sub("", text.translate(_ALIKE))


def pieces(text: str) -> Iterator[Piece]:
    """Cut a text at its spaces, keeping together what stands in quotes."""
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        piece, at = _piece(text, at)
        yield piece


def _piece(text: str, start: int) -> tuple[Piece, int]:
    at = start
    negated = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace()
    at += negated
    if text[at] == '"':
        raw, at, closed = _quoted(text, at)
        return Piece(text[start:at], negated, values=(raw,), closed=closed), at
    stop = _bare_end(text, at, "")
    colon = text.find(":", at, stop)
    name = text[at:colon] if colon > at else ""
    # An address or a path is no operator, whatever stands before its colon.
    if not _is_name(name) or text.startswith("//", colon + 1):
        return Piece(text[start:stop], negated, values=(Raw(text[at:stop]),)), stop
    values, at, closed = _values(text, colon + 1)
    return Piece(text[start:at], negated, name.lower(), tuple(values), closed), at


def _is_name(name: str) -> bool:
    return bool(name) and name[0].isalpha() and all(one.isalpha() or one in "-_" for one in name)


def _bare_end(text: str, at: int, stops: str) -> int:
    while at < len(text) and not text[at].isspace() and text[at] != '"' and text[at] not in stops:
        at += 1
    return at


def _values(text: str, at: int) -> tuple[list[Raw], int, bool]:
    values: list[Raw] = []
    closed = True
    while at < len(text) and not text[at].isspace():
        if text[at] == '"':
            raw, at, closed = _quoted(text, at)
            values.append(raw)
        elif text[at] == ",":
            at += 1
        else:
            stop = _bare_end(text, at, ",")
            values.append(Raw(text[at:stop]))
            at = stop
    return values, at, closed


def _quoted(text: str, at: int) -> tuple[Raw, int, bool]:
    found: list[str] = []
    at += 1
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in {'"', "\\"}:
            found.append(text[at + 1])
            at += 2
        elif text[at] == '"':
            return Raw(" ".join("".join(found).split()), quoted=True), at + 1, True
        else:
            found.append(text[at])
            at += 1
    return Raw(" ".join("".join(found).split()), quoted=True), at, False
