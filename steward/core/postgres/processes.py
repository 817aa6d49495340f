"""The server's processes: started in a session of their own, watched, stopped, and told apart from the dead."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from steward.core.postgres.accounts import Account


@dataclass(frozen=True, kw_only=True)
class Postmaster:
    """What a running server says about itself in `postmaster.pid`."""

    pid: int
    sockets: Path
    is_ready: bool


def read_postmaster(cluster: Path) -> Postmaster | None:
    """Read who runs a cluster; None when nobody does, also when the last one died without tidying up."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not is_alive(pid) or not works_in(pid, cluster):
        return None
    sockets, state = (lines + [""] * 8)[4], (lines + [""] * 8)[7]
    return Postmaster(pid=pid, sockets=Path(sockets), is_ready=state.strip() == "ready")


def is_alive(pid: int) -> bool:
    """Say whether a process runs; a dead one nobody has collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        # The name in the second field may hold spaces and brackets, so count from its end.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return not Path("/proc/self/stat").exists()  # no /proc here: take the kernel's word


def works_in(pid: int, cluster: Path) -> bool:
    """Say whether a process works in this cluster; its number may have passed to a stranger."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(cluster)
    except PermissionError:
        return False
    except OSError:
        return not Path("/proc/self/cwd").exists()


def anybody_in(cluster: Path) -> bool:
    """Say whether any process still works in this cluster, such as a session that outlived its server."""
    processes = Path("/proc")
    if not (processes / "self").exists():
        return True
    pids = [int(entry.name) for entry in processes.iterdir() if entry.name.isdigit()]
    return any(is_alive(pid) and works_in(pid, cluster) for pid in pids)


def start(command: Sequence[str | Path], *, account: Account, log: Path) -> subprocess.Popen[bytes]:
    """Start a server that outlives us and does not hear our Ctrl-C; collected when it ends, if we still live."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "ab") as output:
        process = subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **account.popen_options(),
        )
    threading.Thread(target=process.wait, name="collect-postgres", daemon=True).start()
    return process


def stop(pid: int, *, is_gone: Callable[[], bool], patience: float = 20.0) -> bool:
    """Stop a server: first politely, then by its crash-safe way; say whether it is gone."""
    for ask, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, ask)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_gone():
                return True
            time.sleep(0.01)
    return is_gone()
