"""Reading a raw message: its head, what it says as text and HTML, and every other part as a file.

The stdlib reads heads and their parameters; dividing the body is done here, part by part, so that a message that is cut off,
wrongly nested or hostile loses none: each byte of a body is in a part, or is named in the notes.
"""

import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message

from steward.channels.email import headers
from steward.channels.email.charsets import known_charset, to_text
from steward.channels.email.headers import Address, header, raw_header, split_head
from steward.channels.email.html import html_to_text

# Nested deeper, or in more parts, a multipart is kept whole as one file.
DEEPEST = 20
MOST_PARTS = 2_000
_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_MIME_NOTE = re.compile(
    rb"\s*(?:this (?:message )?is (?:a|in) (?:multi-?part|mime|cryptographic)|if you (?:see|can read) this|--)", re.IGNORECASE
)
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/=\t ]*\r?\n)*[A-Za-z0-9+/=\t ]*\Z")
_BASE64_RUN = re.compile(rb"(?:[A-Za-z0-9+/=\t ]*(?:\r?\n|\Z))+")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\]")
_UUENCODED = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,200})\n((?:[ -`]{1,62}\n)*?)(?:`|\s)?\n?end[ \t]*(?:\n|\Z)", re.MULTILINE)
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
    head, body = split_head(without_envelope_line(raw))
    reading = _Reading()
    _read_part(reading, head, body, number="1", depth=0, inside="")
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


def _read_part(reading: _Reading, head: Message, body: bytes, *, number: str, depth: int, inside: str) -> None:
    kind = _media_type(head, inside)
    boundary = _parameter(head, "Content-Type", "boundary")
    if kind.startswith("multipart/") and boundary and depth < DEEPEST and len(reading.parts) < MOST_PARTS:
        pieces = _divided(reading, body, boundary.encode("utf-8", "surrogateescape"), number)
        for at, piece in enumerate(pieces, start=1):
            inner, content = split_head(piece)
            if at > MOST_PARTS:
                reading.notes.append(f"{number}: more than {MOST_PARTS} parts; the others are kept as one file")
                reading.parts.append(
                    _part(b"\r\n".join(pieces[at - 1 :]), number=f"{number}.{at}", role="file", kind="message/rfc822")
                )
                return
            _read_part(reading, inner, content, number=f"{number}.{at}", depth=depth + 1, inside=kind)
        if pieces:
            return
    if kind.startswith("multipart/") and body.strip():
        reading.notes.append(f"{number}: {kind} that cannot be divided; kept whole")
        deep = depth >= DEEPEST or len(reading.parts) >= MOST_PARTS
        kind = "message/rfc822" if deep else "text/plain"
        body = head.as_string().encode("utf-8", "surrogateescape") + body if deep else body
    _read_leaf(reading, head, body, number=number, kind=kind)


def _read_leaf(reading: _Reading, head: Message, body: bytes, *, number: str, kind: str) -> None:
    data = _decoded(reading, body, _encoding(head), number)
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
        joined = _unflowed(to_text(data, charset), delsp=_parameter(head, "Content-Type", "delsp").lower() == "yes")
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
        text, files = _without_uuencoded(text, part.number)
        parts += [part, *files]
        texts.append(text.strip("\n"))
    html = "\n".join(to_text(part.data, part.charset).replace("\x00", "") for part in reading.parts if part.role == "html")
    text = "\n\n".join(text for text in texts if text.strip())
    return text or html_to_text(html), html, parts


def _without_uuencoded(text: str, number: str) -> tuple[str, list[Part]]:
    files: list[Part] = []
    if "\nend" not in text:
        return text, files

    def take_out(found: re.Match[str]) -> str:
        lines = found.group(2).split("\n")
        try:
            data = b"".join(binascii.a2b_uu(line) for line in lines if line)
        except binascii.Error:
            return found.group()
        files.append(
            _part(data, number=f"{number}.u{len(files) + 1}", role="file", kind="application/octet-stream",
                  name=_NO_NAME.sub("_", found.group(1).strip()))
        )  # fmt: skip
        return ""

    return _UUENCODED.sub(take_out, text), files


def _divided(reading: _Reading, body: bytes, boundary: bytes, number: str) -> list[bytes]:
    mark = re.compile(rb"(?:\A|\r?\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\r|\Z)")
    pieces: list[bytes] = []
    start, closed = -1, False
    for found in mark.finditer(body):
        if start < 0:
            before = body[: found.start()]
            if before.strip() and not _MIME_NOTE.match(before):
                reading.notes.append(f"{number}: {len(before)} bytes before the first part, kept as a part")
                pieces.append(b"\r\n" + before)
        else:
            pieces.append(body[start : found.start()])
        if found.group(1):
            closed = True
            after = body[found.end() :]
            if after.strip() and not mark.search(after):
                reading.notes.append(f"{number}: {len(after)} bytes after the last part, kept as a part")
                pieces.append(b'Content-Disposition: attachment; filename="after.txt"\r\n\r\n' + after.strip(b"\r\n"))
                break
            if not after.strip():
                break
        start = _next_line(body, found.end())
    else:
        if start >= 0:
            pieces.append(body[start:])
            if not closed:
                reading.notes.append(f"{number}: ends without its boundary; it may be cut off")
    return pieces


def _next_line(body: bytes, at: int) -> int:
    return at + 2 if body[at : at + 2] == b"\r\n" else at + 1


def _decoded(reading: _Reading, body: bytes, encoding: str, number: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        return _from_base64(reading, body, number)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        _text, files = _without_uuencoded(body.decode("latin-1").replace("\r\n", "\n"), number)
        return files[0].data if files else body
    if encoding not in {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "8bits", "7bits"}:
        reading.notes.append(f"{number}: unknown transfer encoding {encoding[:40]}; kept as it came")
    return body


def _from_base64(reading: _Reading, body: bytes, number: str) -> bytes:
    """Read base64, and keep what was appended to it as plain text, as list servers do."""
    body = body.strip()
    run = _BASE64_RUN.match(body)
    end = run.end() if run else 0
    packed, rest = body[:end], body[end:]
    if rest.strip() and (len(packed.strip()) < len(rest) or b"\n" not in packed):
        # Broken within rather than followed by something: read what can be read of all of it.
        packed, rest = body, b""
        reading.notes.append(f"{number}: broken base64")
    try:
        data = headers.unpacked(packed.decode("latin-1"))
    except (binascii.Error, ValueError):
        reading.notes.append(f"{number}: broken base64, kept as it came")
        return body
    if rest.strip():
        reading.notes.append(f"{number}: text after base64, kept with it")
        return data + b"\n" + rest
    return data


def _unflowed(text: str, *, delsp: bool) -> str:
    """Join the lines that were only broken on the way (RFC 3676)."""
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.lstrip(">")
        depth = len(line) - len(said)
        said = said.removeprefix(" ")
        flows = said.endswith(" ") and said != "-- "
        words = said[:-1] if flows and delsp else said
        if open_depth == depth and lines and said != "-- ":
            lines[-1].append(words)
        else:
            lines.append([f"{'>' * depth} {words}" if depth else words])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in lines)


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
    if head.get(name) is None:
        return ""
    plain = Message()
    plain[name] = raw_header(head, name)
    try:
        value = plain.get_param(parameter, "", header=name)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        value = ""
    if isinstance(value, tuple):
        return to_text(str(value[2]).encode("latin-1", "replace"), value[0] or "").strip()
    if not value:
        loose = re.search(rf"\b{parameter}\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", raw_header(head, name), re.IGNORECASE)
        value = (loose.group(1) or loose.group(2) or "") if loose else ""
    return headers.plain(value)
