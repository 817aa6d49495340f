"""Who uses the server: one mutex for starting and stopping, one shared lease per process that uses it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steward.core.postgres.errors import ServerRefused


@contextmanager
def mutex(path: Path, *, seconds: float = 120.0) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    handle = _open(path)
    try:
        deadline = time.monotonic() + seconds
        while not _try_lock(handle, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ServerRefused(
                    f"Another process has been starting or stopping the database for {seconds:.0f} seconds.",
                    hint=f"See who holds {path} (for instance with `fuser`), end it, and start again.",
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


class Lease:
    """A process's word that it uses the server; ends with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Say whether this process has taken the lease."""
        return self._handle is not None

    def take(self) -> None:
        """Take the lease beside any number of other processes."""
        if self._handle is None:
            handle = _open(self._path)
            fcntl.flock(handle, fcntl.LOCK_SH)  # an exclusive holder is inside the mutex, as the caller is
            self._handle = handle

    def drop(self) -> bool:
        """Give the lease back and say whether nobody else holds one; the caller holds the mutex.

        The handle is closed, never unlocked: after a fork it is shared, and unlocking would end the other's lease.
        """
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        handle = _open(self._path)
        try:
            return _try_lock(handle, fcntl.LOCK_EX)
        finally:
            os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _try_lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
