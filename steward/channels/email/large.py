"""Letters too large to be taken whole: their head and words are taken, and their files named and left on the server."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from imapclient import IMAPClient

from steward.channels.email.headers import readable

LONGEST_TEXT = 2 * 1024 * 1024
_OF_THE_BODY = (b"content-type:", b"content-transfer-encoding:", b"content-disposition:", b"mime-version:")
_FILE_NAME = re.compile(rb"filename\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.IGNORECASE)
_BOUNDARY = b"steward-words-of-a-large-letter"


def without_files(mailbox: IMAPClient, uid: int) -> tuple[bytes, Sequence[tuple[str, int]]]:
    """Give a letter's head with its words alone, and name and size of each part that was left."""
    told = mailbox.fetch([uid], ["BODY.PEEK[HEADER]", "BODYSTRUCTURE"]).get(uid)
    if not told:
        return b"", ()
    parts = list(_leaves(told[b"BODYSTRUCTURE"], ""))
    words = [number for number, part in parts if _is_words(part)]
    left = [(_name(part, number), _size(part)) for number, part in parts if number not in words]
    fetched = [_part(mailbox, uid, number) for number in words]
    return _put_together(bytes(told[b"BODY[HEADER]"]), fetched), left


def _leaves(structure: Any, number: str) -> Iterator[tuple[str, Any]]:
    if isinstance(structure[0], list):
        for place, inner in enumerate(structure[0], start=1):
            yield from _leaves(inner, f"{number}.{place}" if number else str(place))
    else:
        yield number or "1", structure


def _is_words(part: Any) -> bool:
    is_text = _low(part[0]) == b"text" and _low(part[1]) in {b"plain", b"html"}
    return is_text and _size(part) <= LONGEST_TEXT and _disposition(part)[0] != b"attachment"


def _size(part: Any) -> int:
    return int(part[6]) if len(part) > 6 and isinstance(part[6], int) else 0  # noqa: PLR2004 -- its place in RFC 3501


def _disposition(part: Any) -> tuple[bytes, list[Any]]:
    """Give how a part is to be shown, and the names and values beside it; some servers give it as it stands in the head."""
    for one in part[7:]:
        word = one[0] if isinstance(one, tuple) and one else one
        how, _semicolon, rest = _low(word).partition(b";")
        if how.strip() in {b"attachment", b"inline"}:
            beside = list(one[1]) if isinstance(one, tuple) and len(one) > 1 and isinstance(one[1], tuple) else []
            loose = _FILE_NAME.search(word[len(word) - len(rest) :]) if rest else None
            return how.strip(), [*beside, *((b"filename", loose.group(1) or loose.group(2)) if loose else ())]
    return b"", []


def _name(part: Any, number: str) -> str:
    pairs: list[Any] = [*_disposition(part)[1], *(part[2] if isinstance(part[2], tuple) else ())]
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        if _low(key) in {b"name", b"filename"}:
            return readable(bytes(value).decode("utf-8", "replace"))[:200]
    return f"part-{number}"


def _low(value: Any) -> bytes:
    return bytes(value).lower() if isinstance(value, bytes) else b""


def _part(mailbox: IMAPClient, uid: int, number: str) -> bytes:
    told = mailbox.fetch([uid], [f"BODY.PEEK[{number}.MIME]", f"BODY.PEEK[{number}]"]).get(uid, {})
    head = bytes(told.get(f"BODY[{number}.MIME]".encode(), b"")).strip(b"\r\n")
    return head + b"\r\n\r\n" + bytes(told.get(f"BODY[{number}]".encode(), b""))


def _put_together(head: bytes, parts: Sequence[bytes]) -> bytes:
    kept: list[bytes] = []
    keeps = True
    for line in head.replace(b"\r\n", b"\n").split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            keeps = bool(line) and not line.lower().startswith(_OF_THE_BODY)
        if keeps:
            kept.append(line)
    kept += [b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="' + _BOUNDARY + b'"', b""]
    body = b"".join(b"\r\n--" + _BOUNDARY + b"\r\n" + part for part in parts)
    return b"\r\n".join(kept) + body + b"\r\n--" + _BOUNDARY + b"--\r\n"
