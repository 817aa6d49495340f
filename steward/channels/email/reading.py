"""Reading a raw message: its head, what it says as text and HTML, and every other part as a file.

The stdlib reads heads and their parameters; dividing the body is done here, part by part, so that a message that is cut off,
wrongly nested or hostile loses none: each byte of a body is in a part, or is named in the notes. Only the sentence that mail
programs write before the first part is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import unquote
from functools import lru_cache
from typing import Any

from steward.channels.email import headers
from steward.channels.email.charsets import known_charset, to_text
from steward.channels.email.decoding import decoded, unflowed, without_uuencoded
from steward.channels.email.headers import Address, header, raw_header, split_head
from steward.channels.email.html import html_to_text

# Nested deeper, or in more parts, a multipart is kept whole as one file.
DEEPEST = 20
MOST_PARTS = 2_000
# Nobody names a file by more; and the library's time for parameters grows with their square.
LONGEST_PARAMETERS = 8_000
_MARK = b"\xef\xbb\xbf"
_BLANK_START = re.compile(rb"[\r\n]++(?=[!-9;-~]++:|>?From )")
_DOUBLED = re.compile(rb"[!-9;-~]++:[^\r\n]*+\r\r\n")
_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
# What mail programs write for those that know no parts, to the end of its paragraph; nobody is to read it.
_MIME_NOTE = re.compile(
    rb"\s*+(?:> ?)?(?:this (?:message |mail |email |e-mail )?is (?:a|in) (?:multi-?part|mime|cryptographic)|"
    rb"if you (?:see|can read) this)"
    rb"(?:(?!\r?\n[ \t]*\r?\n|\r\r).){0,600}+",
    re.IGNORECASE | re.DOTALL,
)
# Nor what turns the direction of writing: "exe.gpj" is to be seen as what it is.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_EXTENSIONS = {"message/rfc822": "eml", "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "image/jpeg": "jpg",
               "message/delivery-status": "txt", "application/pdf": "pdf", "image/png": "png", "image/gif": "gif"}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A leaf of a message. `role` is text, html or file; `number` is its place, such as 1.2."""

    number: str
    role: str
    media_type: str
    charset: str
    name: str
    content_id: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """A message as read; nothing in it is to be believed."""

    head: Message = field(repr=False)
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    senders: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    text: str
    html: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]

    @property
    def sender(self) -> Address:
        """Give who it says it is from; an empty address where it says nothing."""
        return self.senders[0] if self.senders else Address("")

    @property
    def files(self) -> tuple[Part, ...]:
        """Give the parts that are neither its text nor its HTML."""
        return tuple(part for part in self.parts if part.role == "file")


@dataclass
class _Reading:
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_mail(raw: bytes) -> Mail:
    """Read a message; never raises, whatever it is."""
    reading = _Reading()
    head = _read_part(reading, _begun(reading, raw), number="1", depth=0, inside="")
    text, html, parts = _said(reading)
    return Mail(
        head=head,
        message_id=next(iter(headers.message_ids(headers.all_raw(head, "Message-ID"))), ""),
        in_reply_to=headers.message_ids(headers.all_raw(head, "In-Reply-To")),
        references=headers.message_ids(headers.all_raw(head, "References")),
        subject=header(head, "Subject"),
        sent_at=headers.date_of(raw_header(head, "Date")),
        senders=headers.addresses(headers.all_raw(head, "From")) or headers.addresses(headers.all_raw(head, "Sender")),
        reply_to=headers.addresses(headers.all_raw(head, "Reply-To")),
        to=headers.addresses(headers.all_raw(head, "To")),
        cc=headers.addresses(headers.all_raw(head, "Cc")),
        text=text,
        html=html,
        parts=tuple(parts),
        notes=tuple(reading.notes),
    )


def without_envelope_line(raw: bytes) -> bytes:
    """Leave out the line that mail servers put above a message when they hand it on in files and pipes."""
    return raw[raw.index(b"\n") + 1 :] if raw.startswith((b"From ", b">From ")) and b"\n" in raw else raw


def _begun(reading: _Reading, raw: bytes) -> bytes:
    """Take off what gateways and mailboxes put before a message, and mend the line ends of one that has them doubled."""
    if raw.startswith(_MARK):
        raw = raw.removeprefix(_MARK)
    if _BLANK_START.match(raw):
        raw = raw.lstrip(b"\r\n")
    raw = without_envelope_line(raw)
    if _DOUBLED.match(raw):
        reading.notes.append("1: line ends written twice; read as one")
        raw = raw.replace(b"\r\r\n", b"\r\n")
    return raw


def _read_part(reading: _Reading, whole: bytes, *, number: str, depth: int, inside: str) -> Message:
    head, body = split_head(whole)
    kind = _media_type(head, inside)
    boundary = _parameter(head, "Content-Type", "boundary") if kind.startswith("multipart/") else ""
    if boundary and depth < DEEPEST and len(reading.parts) < MOST_PARTS:
        pieces = _divided(reading, body, boundary.encode("utf-8", "surrogateescape"), number)
        for at, piece in enumerate(pieces, start=1):
            if at > MOST_PARTS:
                reading.notes.append(f"{number}: more than {MOST_PARTS} parts; the others are kept as one file")
                reading.parts.append(
                    _part(b"\r\n".join(pieces[at - 1 :]), number=f"{number}.{at}", role="file", kind="message/rfc822")
                )
                return head
            _read_part(reading, piece, number=f"{number}.{at}", depth=depth + 1, inside=kind)
        if pieces:
            return head
    if kind.startswith("multipart/") and body.strip():
        reading.notes.append(f"{number}: {kind} that cannot be divided; kept whole")
        if depth >= DEEPEST or len(reading.parts) >= MOST_PARTS:
            reading.parts.append(_part(whole, number=number, role="file", kind="message/rfc822"))
            return head
        kind = "text/plain"
    _read_leaf(reading, head, body, number=number, kind=kind)
    return head


def _read_leaf(reading: _Reading, head: Message, body: bytes, *, number: str, kind: str) -> None:
    data, note = decoded(body, _encoding(head))
    if note:
        reading.notes.append(f"{number}: {note}")
    name = _name(head)
    attached = _disposition(head) == "attachment"
    charset = _parameter(head, "Content-Type", "charset")
    if kind == "text/html" and not known_charset(charset):
        declared = _META_CHARSET.search(data[:4_000])
        charset = declared.group(1).decode("ascii") if declared else charset
    if charset and not known_charset(charset):
        reading.notes.append(f"{number}: unknown charset {charset[:40]}")
    role = "file"
    said_already = any(part.role != "file" for part in reading.parts)
    if kind in {"text/plain", "text/html"} and not attached and not (name and said_already):
        role = "html" if kind == "text/html" else "text"
    elif kind.startswith("text/") and kind in {"text/enriched", "text/x-amp-html"} and not attached and not said_already:
        role = "text" if kind == "text/enriched" else "file"
    content_id = raw_header(head, "Content-ID").strip("<> ")
    if role == "text" and _parameter(head, "Content-Type", "format").lower() == "flowed":
        charset = known_charset(charset) or "utf-8"
        joined = unflowed(to_text(data, charset), delsp=_parameter(head, "Content-Type", "delsp").lower() == "yes")
        data, charset = joined.encode("utf-8", "surrogatepass"), "utf-8"
    reading.parts.append(_part(data, number=number, role=role, kind=kind, charset=charset, name=name, content_id=content_id))


def _part(data: bytes, *, number: str, role: str, kind: str, charset: str = "", name: str = "", content_id: str = "") -> Part:
    if role == "file" and not name:
        name = f"part-{number}.{_EXTENSIONS.get(kind, 'bin')}"
    return Part(number, role, kind, charset, name, content_id, data)


def _said(reading: _Reading) -> tuple[str, str, list[Part]]:
    """Put together what the message says; HTML that has a text beside it is the same said twice."""
    parts: list[Part] = []
    texts: list[str] = []
    for part in reading.parts:
        if part.role != "text":
            parts.append(part)
            continue
        text = to_text(part.data, part.charset).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        text, files = without_uuencoded(text)
        parts += [part, *(_unpacked(part, at, name, data) for at, (name, data) in enumerate(files, start=1))]
        texts.append(text.strip("\n"))
    html = "\n".join(to_text(part.data, part.charset).replace("\x00", "") for part in reading.parts if part.role == "html")
    text = "\n\n".join(text for text in texts if text.strip())
    return text or html_to_text(html), html, parts


def _unpacked(part: Part, at: int, name: str, data: bytes) -> Part:
    return _part(data, number=f"{part.number}.u{at}", role="file", kind="application/octet-stream", name=_NO_NAME.sub("_", name))


def _divided(reading: _Reading, body: bytes, boundary: bytes, number: str) -> list[bytes]:
    marks = list(_marks(body, boundary))
    if not marks:
        return []
    pieces = _before(reading, body[: marks[0][0]], number)
    for at, (_start, end, _closing) in enumerate(marks[:-1]):
        piece = body[_next_line(body, end) : marks[at + 1][0]]
        # Between the end of the parts and another beginning is mostly nothing, and nothing is no part.
        if piece.strip() or not marks[at][2]:
            pieces.append(piece)
    after = body[_next_line(body, marks[-1][1]) :]
    if not marks[-1][2]:
        pieces.append(after)
        if not any(closing for _start, _end, closing in marks):
            reading.notes.append(f"{number}: ends without its boundary; it may be cut off")
    elif after.strip():
        reading.notes.append(f"{number}: {len(after)} bytes after the last part, kept as a part")
        pieces.append(b'Content-Disposition: attachment; filename="after.txt"\r\n\r\n' + after.strip(b"\r\n"))
    return pieces


def _marks(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Find the lines that divide: where each begins, its line end before included, where it ends, and whether it is the last."""
    # Begun with what is always the same, the search goes through a large body in a tenth of the time.
    for found in re.finditer(b"--" + re.escape(boundary) + rb"(--)?[ \t]*+(?=\r|\n|\Z)", body):
        start = found.start()
        if start and body[start - 1 : start] not in {b"\r", b"\n"}:
            continue
        if body[max(0, start - 2) : start] == b"\r\n":
            start -= 2
        elif start:
            start -= 1
        yield start, found.end(), bool(found.group(1))


def _before(reading: _Reading, before: bytes, number: str) -> list[bytes]:
    """Give what stands before the first part as one, but for the sentence that mail programs write there."""
    note = _MIME_NOTE.match(before)
    said = before[note.end() :] if note else before
    if not said.strip():
        return []
    reading.notes.append(f"{number}: {len(said)} bytes before the first part, kept as a part")
    return [b"\r\n" + said]


def _next_line(body: bytes, at: int) -> int:
    return at + 2 if body[at : at + 2] == b"\r\n" else at + 1


def _media_type(head: Message, inside: str) -> str:
    found = _TYPE.match(raw_header(head, "Content-Type").lower())
    if found:
        return found.group()
    return "message/rfc822" if inside == "multipart/digest" else "text/plain"


def _encoding(head: Message) -> str:
    found = _TOKEN.search(raw_header(head, "Content-Transfer-Encoding").lower())
    return found.group() if found else ""


def _disposition(head: Message) -> str:
    found = _TOKEN.match(raw_header(head, "Content-Disposition").lower())
    return found.group() if found else ""


def _name(head: Message) -> str:
    name = _parameter(head, "Content-Disposition", "filename") or _parameter(head, "Content-Type", "name")
    return _NO_NAME.sub("_", headers.readable(name)).strip()[:200]


def _parameter(head: Message, name: str, parameter: str) -> str:
    """Give a parameter of a header, also one in pieces or with its own charset (RFC 2231)."""
    said = raw_header(head, name)[:LONGEST_PARAMETERS]
    if not said:
        return ""
    value = next((value for key, value in _parameters(said) if key == parameter), "")
    if isinstance(value, tuple):
        return to_text(str(value[2]).encode("latin-1", "replace"), value[0] or "").strip()
    value = unquote(value)
    if not value:
        loose = re.search(rf"\b{parameter}\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", said, re.IGNORECASE)
        value = (loose.group(1) or loose.group(2) or "") if loose else ""
    return headers.plain(value)


@lru_cache(maxsize=64)
def _parameters(said: str) -> tuple[tuple[str, Any], ...]:
    """Read all parameters of a header at once: a part is asked for six of them."""
    plain = Message()
    plain["Content-Type"] = said
    try:
        return tuple((key.lower(), value) for key, value in plain.get_params([], unquote=False))
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return ()
