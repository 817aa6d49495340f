import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.crash


class Desk:
    """A desk started by `steward up` in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log = folder / "up.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")}
        self.environment = {
            **kept,
            "STEWARD_DATA": str(folder / "data"),
            "STEWARD_PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def up(self, *options: str) -> str:
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "steward.cli.main", "up", *options]
            self.process = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)
        assert wait_for(lambda: "Ctrl-C" in self.said() or self.process is None or self.process.poll() is not None, 120)
        assert "Steward is ready" in self.said(), self.said()
        address = re.search(r"ready: http://127\.0\.0\.1:(\d+)", self.said())
        assert address
        self.port = int(address.group(1))
        return self.said()

    def said(self) -> str:
        return self.log.read_text()

    def down(self, how: int = signal.SIGTERM) -> float:
        assert self.process
        begun = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(60)
        return time.monotonic() - begun

    def answers(self, path: str = "/healthz") -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def doctor(self) -> dict[str, str]:
        command = [sys.executable, "-m", "steward.cli.main", "doctor", "--json"]
        said = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        ).stdout
        return {finding["name"]: finding["level"] for finding in json.loads(said)["findings"]}

    def pids(self) -> dict[str, int]:
        """Give the processes by role; a dead one that nobody has collected is not listed."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                environment = (entry / "environ").read_bytes()
                cwd = (entry / "cwd").readlink()
            except OSError:
                continue
            if words[1:3] == ["-m", "steward.cli.main"] and f"STEWARD_DATA={self.folder}/".encode() in environment:
                found.setdefault(words[3], int(entry.name))
            elif self.folder in cwd.parents and words[0].endswith("/postgres"):
                found["postgres"] = int(entry.name)
        return found


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)
    return condition()


@pytest.fixture
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="stw-", dir="/tmp"))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    desk = Desk(folder, port)
    yield desk
    if desk.process and desk.process.poll() is None:
        desk.process.terminate()
        desk.process.wait(60)
    for pid in desk.pids().values():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def test_an_empty_folder_becomes_a_desk_that_survives_its_parts_and_keeps_its_data(desk: Desk) -> None:
    said = desk.up()
    assert f"The database is in {desk.folder}/data/postgres." in said
    assert re.search(r"http://127\.0\.0\.1:\d+/account/join/\S+", said)
    assert wait_for(lambda: set(desk.doctor().values()) <= {"fine", "note"}), desk.doctor()

    before = desk.pids()
    assert set(before) == {"up", "web", "worker", "postgres"}
    for role in ("worker", "web", "postgres"):
        os.kill(before[role], signal.SIGKILL)
    assert wait_for(lambda: desk.answers("/readyz") and len(desk.pids()) == 4)
    assert all(desk.pids()[role] != before[role] for role in ("worker", "web", "postgres"))
    assert wait_for(lambda: set(desk.doctor().values()) <= {"fine", "note"}), desk.doctor()
    for line in ("web ended", "worker ended", "The database server ended"):
        assert line in desk.said()

    assert desk.down(signal.SIGINT) < 20
    assert desk.process
    assert desk.process.returncode == 0
    assert wait_for(lambda: not desk.pids(), 10), (desk.pids(), desk.said()[-2000:])

    secret = (desk.folder / "data" / "secret-key").read_text()
    desk.up()
    assert "brought up to this release" not in desk.said()
    assert (desk.folder / "data" / "secret-key").read_text() == secret
    assert desk.down() < 20


def test_a_taken_port_is_said_and_a_killed_start_leaves_nothing_running(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        desk.environment["STEWARD_PORT"] = str(taken.getsockname()[1])
        said = desk.up()
    assert f"Port {desk.environment['STEWARD_PORT']} is taken; using {desk.port}." in said
    assert desk.answers()

    assert desk.process
    desk.process.kill()
    desk.process.wait()
    # Web and worker notice that they are orphans, and the last of them to leave stops the database.
    assert wait_for(lambda: not desk.pids()), desk.pids()
    desk.up()
    assert desk.answers()
    assert desk.down() < 20
    assert wait_for(lambda: not desk.pids(), 10), (desk.pids(), desk.said()[-2000:])
