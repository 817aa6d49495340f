"""Taking in files: hashed, looked at, and stored before the message that carries them."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.pictures import Unreadable, veil, without_traces
from steward.desk.rules.files import PDF, TEXT, UNKNOWN, claimed_type, contradicts, looks_like_text, plain_name

HEAD = 16_384


@dataclass(frozen=True)
class StoredFile:
    """A file whose bytes are safely stored, not yet on a message."""

    name: str
    media_type: str
    size: int
    sha256: str


def storage() -> FileSystemStorage:
    """Give the place where files lie: a private folder, named by their hash."""
    return FileSystemStorage(location=settings.FILES_FOLDER, file_permissions_mode=0o600, directory_permissions_mode=0o700)


def path_of(sha256: str) -> str:
    """Give a file's place in the storage."""
    return f"{sha256[:2]}/{sha256}"


def open_file(sha256: str) -> "File[bytes]":
    """Open a stored file for reading; raises `FileNotFoundError` when the storage has lost it."""
    return storage().open(path_of(sha256), "rb")


def keep_bytes(content: "File[bytes]", *, sha256: str) -> None:
    """Store bytes that were found to be what their hash says, such as those of an export."""
    _keep(content, path_of(sha256))


_holders: list[Callable[[str], bool]] = []


def declare_holder(holds: Callable[[str], bool]) -> None:
    """Have bytes stay as long as something above the desk has them, by their hash."""
    _holders.append(holds)


def is_held_above(sha256: str) -> bool:
    """Tell whether something above the desk still has bytes."""
    return any(holds(sha256) for holds in _holders)


def veil_of(sha256: str) -> bytes | None:
    """Give the few gray pixels that stand for a covered picture, made once and kept beside it; None where there are none."""
    place, store = f"veils/{sha256}", storage()
    try:
        if not store.exists(place):
            with open_file(sha256) as content:
                _keep(ContentFile(veil(content.read())), place)
        with store.open(place, "rb") as kept:
            return bytes(kept.read())
    except (FileNotFoundError, Unreadable):
        return None


def store_file(upload: "File[bytes]") -> StoredFile:
    """Store an upload under its hash; the same bytes are kept once.

    A picture is kept without what cameras and programs write into it, unless the desk keeps that on purpose; one that
    cannot be looked at is kept as bytes, to be downloaded and never drawn. Raises `Invalid` for an empty file, one over
    the limit, a picture of too many pixels, and one whose content is not what its name says.
    """
    name = plain_name(upload.name or "")
    digest, head, size = hashlib.sha256(), b"", 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > settings.MAX_FILE_BYTES:
            raise _too_large(name, max(size, upload.size or 0))
        digest.update(chunk)
        if len(head) < HEAD:
            head += chunk[: HEAD - len(head)]
    if not size:
        raise Invalid(_("%(name)s is empty.") % {"name": name}, field="files", hint=_("Choose the file again."))
    media_type = _media_type(name, head)
    if media_type.startswith("image/") and not settings.KEEP_PICTURE_DATA:
        return _store_picture(upload, name, media_type)
    _keep(upload, path_of(digest.hexdigest()))
    return StoredFile(name=name, media_type=media_type, size=size, sha256=digest.hexdigest())


def _store_picture(upload: "File[bytes]", name: str, media_type: str) -> StoredFile:
    upload.seek(0)
    content = upload.read()
    try:
        content = without_traces(content, media_type=media_type, name=name)
    except Unreadable:
        media_type = UNKNOWN
    sha256 = hashlib.sha256(content).hexdigest()
    _keep(ContentFile(content), path_of(sha256))
    return StoredFile(name=name, media_type=media_type, size=len(content), sha256=sha256)


def _too_large(name: str, size: int) -> Invalid:
    return Invalid(
        _("%(name)s has %(size)s MB; %(most)s MB fit.")
        % {"name": name, "size": round(size / 1e6, 1), "most": settings.MAX_FILE_BYTES // 1_000_000},
        field="files",
        hint=_("Send a smaller file, or a link to it."),
    )


def _keep(upload: "File[bytes]", place: str) -> None:
    """Write a file beside its place and move it there whole: a crash half-way leaves no file that is not what its hash says."""
    target = Path(storage().path(place))
    if target.exists():
        # Whoever erases bytes leaves alone what was stored a moment ago and is on no message yet.
        target.touch()
        return
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix="incoming-", delete=False) as incoming:
        try:
            for chunk in upload.chunks():
                incoming.write(chunk)
            incoming.flush()
            os.fsync(incoming.fileno())
            Path(incoming.name).replace(target)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise


def _media_type(name: str, head: bytes) -> str:
    found = _recognize(head, name)
    claimed = claimed_type(name)
    if contradicts(claimed=claimed, found=found):
        raise Invalid(
            _("%(name)s is not what its name says: its content is %(found)s.") % {"name": name, "found": found},
            field="files",
            hint=_("Give it its right ending, or send it as a .zip."),
        )
    return found if found != UNKNOWN else claimed


def _recognize(head: bytes, name: str) -> str:
    # A PDF may be plain text all through, and yet is none.
    if head.startswith(b"%PDF-"):
        return PDF
    if looks_like_text(head):
        return TEXT
    try:
        return str(puremagic.from_string(head, mime=True, filename=name)) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN


def bytes_upload(name: str, content: bytes) -> "File[bytes]":
    """Wrap bytes as an upload, for importers and the demo desk."""
    return ContentFile(content, name=name)
