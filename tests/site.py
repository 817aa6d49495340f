"""The real thing for tests: `steward web` and `steward worker` as processes, on a database of the test's own server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from steward.cli.parents import VARIABLE
from steward.core import clock
from steward.ledger.queries import lags
from tests.cast import Cast, set_up
from tests.databases import drop, make, now_at, point_at
from tests.server import FOLDER, SERVER

ROOT = Path(__file__).resolve().parents[1]
ROLES = ("web", "worker")


def wait_for(condition: Callable[[], bool], seconds: float = 60, pause: float = 0.1) -> bool:
    """Wait until something is so, and say whether it became so.

    A machine that stood still for a while stood still for everybody: such a while does not count as waited for.
    """
    waited, seen = 0.0, time.monotonic()
    while not condition():
        if waited > seconds:
            return False
        time.sleep(pause)
        now = time.monotonic()
        waited, seen = waited + min(now - seen, pause + 1.0), now
    return True


class Site:
    """A desk that runs: an address, and one process for each role, started and ended by their numbers."""

    def __init__(self, database: str, **environment: str) -> None:
        self.database = database
        self.log = FOLDER / f"{database}.log"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")}
        self.environment = {
            **kept,
            "DATABASE_URL": SERVER.dsn(database),
            "STEWARD_DATA": str(FOLDER),
            "STEWARD_DESK": "main",
            "STEWARD_PORT": str(self.port),
            # The same key here and there: who is signed in by a test is signed in over there.
            "STEWARD_SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            VARIABLE: str(os.getpid()),
            **environment,
        }

    @property
    def roles(self) -> list[str]:
        """The roles that were started."""
        return list(self._processes)

    def start(self, *roles: str) -> None:
        """Start the roles named, such as web or "listen lark", without waiting for them."""
        for role in roles:
            with self.log.open("ab") as log:
                self._processes[role] = subprocess.Popen(
                    [sys.executable, "-m", "steward.cli.main", *role.split()],
                    env=self.environment,
                    cwd=FOLDER,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )

    def wait(self, path: str = "/healthz", seconds: float = 180) -> None:
        """Wait until the screens answer."""
        wait_for(lambda: self.answers(path) or not self.is_running("web"), seconds)
        assert self.is_running("web"), self.said()
        assert self.answers(path), self.said()

    def answers(self, path: str = "/healthz") -> bool:
        """Say whether an address is answered with 200."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            caller.request("GET", path)
            return caller.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            caller.close()

    def kill(self, role: str) -> None:
        """End a role as a power cut would: it and what it started, all at once."""
        with self._lock:
            process = self._processes[role]
            for pid in [process.pid, *_children(process.pid)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    @contextmanager
    def kept_running(self) -> Iterator[None]:
        """Start again whoever dies in the meantime, as `steward up` does."""
        stop = threading.Event()

        def tend() -> None:
            while not stop.wait(0.3):
                with self._lock:
                    self.start(*(role for role in ROLES if not self.is_running(role)))

        keeper = threading.Thread(target=tend)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()

    def is_running(self, role: str) -> bool:
        """Say whether a role lives."""
        return role in self._processes and self._processes[role].poll() is None

    def stop(self) -> None:
        """Ask every role to stop, and kill what does not."""
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        for role, process in self._processes.items():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill(role)

    def said(self) -> str:
        """Give what the processes wrote."""
        return self.log.read_text(errors="replace")[-8000:] if self.log.exists() else ""

    def verify(self) -> dict[str, Any]:
        """Run `steward verify` and give what it says."""
        command = [sys.executable, "-m", "steward.cli.main", "verify", "--json"]
        done = subprocess.run(command, env=self.environment, cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)
        assert done.stdout, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def caught_up(self, seconds: float = 120) -> bool:
        """Wait until every subscriber has seen the whole ledger; a parked stream never is."""
        return wait_for(lambda: all(not lag.events and not lag.parked for lag in lags(clock.now())), seconds, pause=0.3)


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]) == pid:
                found += [int(entry.name), *_children(int(entry.name))]
    return found


@contextmanager
def running(name: str, *, template: str, **environment: str) -> Iterator[tuple[Site, Cast]]:
    """Run a desk with the people of the cast, living in the present, and take it down again with its database."""
    before = now_at()
    drop(name)
    make(name, template=template)
    point_at(name)
    site = Site(name, **environment)
    try:
        site.start(*ROLES)
        cast = set_up()
        cast.at = clock.now()
        site.wait()
        yield site, cast
    finally:
        site.stop()
        point_at(before)
        drop(name)
