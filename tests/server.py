"""Loaded before Django's settings: gives each test process a PostgreSQL server of its own, in a folder of its own.

One server a process, not one for all: a write left open by a test would hold back the ledger's subscribers
of every other test on the same server. It is started by the first test that asks for a database.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from steward.core.postgres import Server

ROOT = Path(__file__).resolve().parents[1]
# In memory where the machine has a folder for that: a copy of a database is a thousand small files.
_MEMORY = Path("/dev/shm")
FOLDER = Path(tempfile.mkdtemp(prefix="steward-test-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
# As root the server runs as somebody else, who must be able to reach it in here.
FOLDER.chmod(0o755)
_OWNER = os.getpid()

for name in [name for name in os.environ if name.startswith("STEWARD_")]:
    if name != "STEWARD_CHROMIUM" and not name.startswith("STEWARD_TEST_"):
        del os.environ[name]
os.environ.pop("DATABASE_URL", None)
os.environ["STEWARD_DATA"] = str(FOLDER)
os.environ["STEWARD_DESK"] = "main"
os.environ["DJANGO_SETTINGS_MODULE"] = "steward.config.settings"
# Without its compiled form every process of the suite would compile the whole house again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

SERVER = Server(FOLDER, durable=False)


def pytest_configure(config: pytest.Config) -> None:
    """Have the template made while the test processes are still collecting."""
    if config.getoption("numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ and not config.option.collectonly:
        making = subprocess.Popen([sys.executable, "-m", "tests.template", str(template_folder())], cwd=ROOT)
        config.add_cleanup(lambda: _ended(making))


def template_folder() -> Path:
    """Name the folder that keeps the template from one run to the next, where one can be kept."""
    return (ROOT if os.access(ROOT, os.W_OK) else FOLDER) / ".pytest_cache" / "template"


def start(template: Path) -> None:
    """Make the server run, on a copy of the template."""
    command = [sys.executable, "-m", "tests.template", str(template), str(FOLDER)]
    subprocess.run(command, cwd=ROOT, check=True)
    SERVER.ensure_running()


def _ended(making: subprocess.Popen[bytes]) -> None:
    making.wait(300)


def _remove() -> None:
    if os.getpid() == _OWNER:
        SERVER.leave()
        shutil.rmtree(FOLDER, ignore_errors=True)


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


atexit.register(_remove)
# Ended from outside (a time-out), the server is still ours to stop.
signal.signal(signal.SIGTERM, _end)
