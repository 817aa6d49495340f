"""Whether a file is what its name says it is, and what its name may be."""

import mimetypes
import unicodedata

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
PDF = "application/pdf"
# What is drawn inside a page; everything else is only ever offered for download.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
# What a page plays, by types every browser of today knows.
PLAYED = frozenset({"video/mp4", "video/webm", "audio/mpeg", "audio/ogg", "audio/wav", "audio/x-wav", "audio/mp4", "audio/webm"})
LONGEST_NAME = 200
_LONGEST_ENDING = 20

# The machine's own list would make two servers disagree.
_TYPES = mimetypes.MimeTypes()
_PACKED = frozenset({"application/zip", "application/gzip", "application/x-gzip"})
# Endings shared with a kind of text: drawings in SVG, programs in TypeScript.
_TEXT_AS_WELL = frozenset({"image/svg+xml", "video/mp2t"})
# One container, whatever is inside: its first bytes do not tell a photograph from a film.
_SHARED_CONTAINER = frozenset({"image/heic", "image/heif", "image/avif"})
_BINARY = bytes({*range(9), 11, 12, *range(14, 27), *range(28, 32), 127})


def claimed_type(name: str) -> str:
    """Give the media type a file's name claims."""
    return _TYPES.guess_type(name)[0] or UNKNOWN


def looks_like_text(head: bytes) -> bool:
    """Tell whether the first bytes are text in a common encoding."""
    if not head or head.translate(None, _BINARY) != head:
        return head.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The head may end in the middle of a character; anywhere else it is another encoding or no text.
        return error.start >= len(head) - 3
    return True


def contradicts(*, claimed: str, found: str) -> bool:
    """Tell whether a name claims a kind that can be recognized while the content is another.

    What cannot be recognized is believed, except for pictures that a page would draw.
    """
    if claimed in _TEXT_AS_WELL:
        return False
    family = claimed.partition("/")[0]
    if found == UNKNOWN:
        return claimed in SHOWN_INLINE
    if family == "image":
        return not found.startswith("image/") and not (claimed in _SHARED_CONTAINER and found.startswith("video/"))
    if family in {"audio", "video"}:
        return found in {TEXT, PDF} or found.startswith("image/")
    if claimed == PDF:
        return found != PDF
    return claimed in _PACKED and (found in {TEXT, PDF} or found.partition("/")[0] in {"image", "audio", "video"})


def plain_name(raw: str) -> str:
    """Give a file's name as it may be shown and stored: no folders, no control or direction marks, a bounded length.

    The ending survives the cut, since people and programs go by it.
    """
    last = raw.replace("\\", "/").rstrip("/").rpartition("/")[2]
    # Format characters let "exe.gnp" be read as a picture; half characters cannot be stored.
    shown = "".join(" " if character.isspace() else character for character in last if not _is_unseen(character))
    name = " ".join(shown.split()).strip(". ")
    if not name:
        return "file"
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[: LONGEST_NAME - 1] + "…"
    return stem[: LONGEST_NAME - len(ending) - 2] + "…." + ending


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and not character.isspace()
