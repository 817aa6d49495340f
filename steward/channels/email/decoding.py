"""The body of a part as it was before it was packed for the way; what cannot be unpacked stays as it came, with a note."""

import binascii
import re

from steward.channels.email import headers

PLAIN = {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "8bits", "7bits"}
_SPACES = b"\r\n\t "
_BASE64_RUN = re.compile(rb"(?:[A-Za-z0-9+/=\t ]*(?:\r?\n|\Z))+")
_BASE64_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
# Base64 damaged on its way holds a few bytes that do not belong; text that only claims to be it holds many, its spaces alone.
_MOST_FOREIGN = 0.05
# A soft line end with spaces behind it, or without a line feed: the library would skip to the next line feed.
_SOFT_END = re.compile(rb"=(?:[ \t]++(?:\r\n|\r|\n)|\r(?!\n))")
_UUENCODED = re.compile(r"^begin [0-7]{3,4} ([^\n]{1,200})\n((?:[ -`]{1,62}\n)*?)(?:`|\s)?\n?end[ \t]*(?:\n|\Z)", re.MULTILINE)


def decoded(body: bytes, encoding: str) -> tuple[bytes, str]:
    """Undo a transfer encoding; gives the bytes, and what is to be noted about them."""
    if encoding in PLAIN:
        return body, ""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_SOFT_END.sub(b"=\n", body)), ""
    if encoding == "base64":
        return _from_base64(body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        rest, files = without_uuencoded(body.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n"))
        if len(files) == 1 and not rest.strip():
            return files[0][1], ""
        return body, "no single uuencoded file; kept as it came"
    return body, f"unknown transfer encoding {encoding[:40]}; kept as it came"


def _from_base64(body: bytes) -> tuple[bytes, str]:
    """Read base64, and keep what was appended to it as plain text, as list servers do."""
    body = body.strip()
    try:
        # As nearly all of it comes: whole and well made.
        return binascii.a2b_base64(body.translate(None, _SPACES), strict_mode=True), ""
    except binascii.Error:
        pass
    run = _BASE64_RUN.match(body)
    end = run.end() if run else 0
    packed, rest = body[:end], body[end:]
    note = "text after base64, kept with it" if rest.strip() else ""
    if rest.strip() and (len(packed.strip()) < len(rest) or b"\n" not in packed):
        # Broken within rather than followed by something: read what can be read of all of it.
        packed, rest, note = body, b"", "broken base64"
        if len(body.translate(None, _BASE64_BYTES)) > _MOST_FOREIGN * len(body):
            return body, "no base64 as it says, kept as it came"
    try:
        data = headers.unpacked(packed.decode("latin-1"))
    except (binascii.Error, ValueError):
        return body, "broken base64, kept as it came"
    return (data + b"\n" + rest if rest.strip() else data), note


def without_uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Take files out of a text that were written into it by uuencode; gives the text without them, and their names and bytes."""
    files: list[tuple[str, bytes]] = []
    if "\nend" not in text:
        return text, files

    def take_out(found: re.Match[str]) -> str:
        try:
            data = b"".join(binascii.a2b_uu(line) for line in found.group(2).split("\n") if line)
        except binascii.Error:
            return found.group()
        files.append((found.group(1).strip(), data))
        return ""

    return _UUENCODED.sub(take_out, text), files


def unflowed(text: str, *, delsp: bool) -> str:
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
