"""The running desk that is measured: two web workers and a worker as processes, a client over HTTP, and what they use."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from steward.people.models import User
from steward.web.account.sessions import SessionStore

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
CSRF = "a" * 32
LARGEST_REDIRECT = 399
READY_WITHIN = 120.0
# The server ends connections nobody uses; a client opens another one.
IDLE = 2.0


class Unexpected(RuntimeError):
    """A request was not answered as it should be, so its time means nothing."""


@dataclass
class Site:
    """`steward web --workers 2` and `steward worker` on the desk of this run."""

    folder: Path
    workers: int = 2
    port: int = 0
    _processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start both and wait until the screens answer."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._processes = [self.run("web", "--workers", str(self.workers)), self.run("worker")]
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self._processes):
                raise Unexpected((self.folder / "web.log").read_text()[-3000:])
            time.sleep(0.1)
        return self

    def run(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a command of Steward on this desk; what it says goes to a file beside the data."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")},
            "STEWARD_DATA": str(self.folder), "STEWARD_DESK": "main", "STEWARD_PORT": str(self.port),
            "STEWARD_SECRET_KEY": settings.SECRET_KEY, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", "steward.cli.main", *words], env=environment, stdout=log, stderr=log)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop both."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _answers(self) -> bool:
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            caller.request("GET", "/readyz")
            return caller.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            caller.close()

    @property
    def web_pids(self) -> list[int]:
        """Give the web's processes, the one that keeps them included."""
        return _family(self._processes[0].pid)

    def cpu(self) -> float:
        """Give the seconds of processor used so far by web workers and the whole database server; the jobs' worker apart."""
        return sum(_cpu(pid) for pid in self.web_pids) + sum(_cpu(pid) for pid in self._database_pids())

    def _database_pids(self) -> Iterator[int]:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if (entry / "comm").read_text().strip() == "postgres" and str(self.folder) in str((entry / "cwd").readlink()):
                    yield int(entry.name)
            except OSError:
                continue

    def memory(self) -> float:
        """Give the MiB of memory of the web processes, what they share counted once (PSS)."""
        return sum(_pss(pid) for pid in self.web_pids) / 1024


class Client:
    """Somebody signed in, on one lasting connection, as a browser holds it."""

    def __init__(self, site: Site, user: User) -> None:
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={CSRF}",
            "Host": f"localhost:{site.port}", "Accept-Encoding": "gzip", "Accept-Language": "en", "X-CSRFToken": CSRF,
        }  # fmt: skip
        self._connection, self._asked_at = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60), time.monotonic()

    def get(self, path: str, **query: str) -> bytes:
        """Load a page and give it as it came over the wire."""
        return self._asked("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, values: dict[str, Any] | None = None, **headers: str) -> bytes:
        """Send a form; a redirect is not followed."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._asked("POST", path, urlencode(values or {}, doseq=True), **kind, **headers)

    def _asked(self, method: str, path: str, body: str | None, **headers: str) -> bytes:
        answer = self._answer(method, path, body, {**self.headers, **headers})
        content = answer.read()
        self.location = answer.headers.get("Location", "")
        if answer.status > LARGEST_REDIRECT or "/account/" in self.location:
            raise Unexpected(f"{method} {path}: {answer.status} {self.location} {content[:300]!r}")
        return content

    def stream(self, path: str) -> http.client.HTTPResponse:
        """Open an event stream on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self._connection.port, timeout=300)
        connection.request("GET", path, headers={**self.headers, "Accept": "text/event-stream"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Unexpected(f"GET {path}: {answer.status}")
        return answer

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        if time.monotonic() - self._asked_at > IDLE:
            self._connection.close()  # as a browser does with a connection the server has let go
        self._asked_at = time.monotonic()
        self._connection.request(method, path, body=body, headers=headers)
        return self._connection.getresponse()


def token() -> str:
    """Draw what a form carries so that it is not sent twice."""
    return str(uuid4())


def as_json(content: bytes) -> Any:
    """Read an answer that is JSON."""
    return json.loads(content)


def _family(pid: int) -> list[int]:
    found = [pid]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]) == pid:
                found += _family(int(entry.name))
        except (OSError, IndexError):
            continue
    return found


def _cpu(pid: int) -> float:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / TICKS


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return float(next((line.split()[1] for line in lines if line.startswith("Pss:")), 0))
