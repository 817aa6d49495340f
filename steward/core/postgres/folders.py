"""Folders and files that are ours alone: made closed, and never anybody else's folder changed."""

import os
import secrets
import stat
from pathlib import Path

from steward.core.postgres.accounts import Account
from steward.core.postgres.errors import ServerRefused


def make_folder(path: Path, *, mode: int, owner: Account | None = None) -> None:
    """Make a folder with this mode and owner; one that exists is left as it is."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    except OSError as error:
        raise ServerRefused(
            f"The folder {path} cannot be made: {error.strerror}.",
            hint="Name a folder you may write to in STEWARD_DATA.",
        ) from error
    if owner is not None and not owner.is_ours:
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
    path.chmod(mode)


def write_private(path: Path, text: str, *, owner: Account | None = None) -> None:
    """Write a 0600 file in one step: whole or not at all, and never through a link somebody left there."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, 0o600)
        if owner is not None and not owner.is_ours:
            os.fchown(handle, owner.uid, owner.gid)
        file.write(text)
        file.flush()
        os.fsync(handle)
    fresh.replace(path)


def is_private(path: Path, *, uid: int) -> bool:
    """Say whether a folder is a real one, belongs to this user, and lets nobody else in."""
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077
