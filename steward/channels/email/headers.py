"""The head of a message: names, addresses and words as people wrote them, from whatever was sent."""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from steward.channels.email.charsets import to_text

# More of a header is no name, subject or address; the rest stays in the message as it came.
LONGEST_HEADER = 60_000
MOSTADDRESSES = 500
_END_OF_HEAD = re.compile(rb"\r?\n[ \t]*\r?\n|\A\r?\n|\r\r")
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


@dataclass(frozen=True)
class Address:
    """Somebody a message names: the address in small letters, and the name beside it."""

    email: str
    name: str = ""


def split_head(raw: bytes) -> tuple[Message, bytes]:
    """Divide a message, or a part, into its head and its body; lines that are no headers stay in the body. Never raises."""
    found = _END_OF_HEAD.search(raw)
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")
    if found and found.start() == 0:
        head, body = b"", raw[found.end() :]
    # Bytes beyond ASCII are carried through as what they are, and read when their charset is known.
    message = HeaderParser(policy=compat32).parsestr(head.decode("ascii", "surrogateescape") + "\n")
    # What is no header, as it came: asked for by its method, bytes beyond ASCII would be replaced.
    rest = str(message._payload or "").strip("\n")  # type: ignore[attr-defined]  # noqa: SLF001
    if rest:
        body = rest.encode("ascii", "surrogateescape") + (raw[found.start() : found.end()] if found else b"") + body
    return message, body


def header(message: Message, name: str) -> str:
    """Give a header as one line of readable text, or nothing."""
    return readable(raw_header(message, name))


def raw_header(message: Message, name: str) -> str:
    """Give a header unfolded, its encoded words still encoded."""
    return plain(next((value for key, value in message.raw_items() if key.lower() == name.lower()), ""))


def all_raw(message: Message, name: str) -> list[str]:
    """Give every header of a name, unfolded, in order."""
    return [plain(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def plain(value: object) -> str:
    """Give a header's value unfolded, as text, without controls."""
    folded = str(value)[:LONGEST_HEADER].replace("\r", "").replace("\n", "")
    if not folded.isascii():
        folded = to_text(folded.encode("utf-8", "surrogateescape"))
    return _CONTROLS.sub("", folded).strip()


def readable(value: str) -> str:
    """Read the encoded words of a header (RFC 2047), also those cut in the middle of a character or wrongly made."""
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[tuple[str, bytes | str]] = []
    last = 0
    for found in _WORD.finditer(joined):
        if found.start() > last:
            pieces.append(("", joined[last : found.start()]))
        charset, data = found.group(1).lower(), _word_bytes(found.group(2), found.group(3))
        if pieces and pieces[-1][0] == charset and isinstance(pieces[-1][1], bytes):
            pieces[-1] = (charset, pieces[-1][1] + data)
        else:
            pieces.append((charset, data))
        last = found.end()
    pieces.append(("", joined[last:]))
    return _CONTROLS.sub("", "".join(said if isinstance(said, str) else to_text(said, charset) for charset, said in pieces)).strip()


def _word_bytes(kind: str, said: str) -> bytes:
    if kind in "qQ":
        return binascii.a2b_qp(said.replace(" ", "_").encode("utf-8"), header=True)
    return unpacked(said)


def unpacked(said: str) -> bytes:
    """Read base64, however it is padded or broken; what does not make a byte is left."""
    clean = _NO_BASE64.sub("", said)
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + "=" * (-len(clean) % 4))


def addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """Give the addresses of headers, in order and each once; what is no address is left out."""
    found: dict[str, Address] = {}
    for value in values:
        for name, said in _pairs(value):
            email = said.strip().strip("<>'\"").lower()
            if ADDRESS.fullmatch(email) and len(found) < MOSTADDRESSES:
                found.setdefault(email, Address(email, readable(name).strip("'\" ")))
    return tuple(found.values())


def _pairs(value: str) -> list[tuple[str, str]]:
    try:
        pairs = getaddresses([value])
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        pairs = []
    good = [(name, email) for name, email in pairs if ADDRESS.fullmatch(email.strip().strip("<>'\""))]
    return good or [("", email) for email in ADDRESS.findall(value)]


def message_ids(values: Iterable[str]) -> tuple[str, ...]:
    """Give the ids of Message-ID, In-Reply-To or References, without their brackets, each once."""
    found: list[str] = []
    for value in values:
        found += _MESSAGE_ID.findall(value) or ([value.strip()] if "@" in value and " " not in value.strip() else [])
    return tuple(dict.fromkeys(found))


def date_of(value: str) -> datetime | None:
    """Give when a message says it was written, or None where that is no instant."""
    try:
        when = parsedate_to_datetime(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
