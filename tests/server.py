"""Loaded before Django's settings: gives each test process a PostgreSQL server of its own, in a folder of its own.

One server a process, not one for all: a write left open by a test would hold back the ledger's subscribers
of every other test on the same server.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from steward.core.postgres.server import attach

# In memory where the machine has a folder for that: a copy of a database is a thousand small files.
_MEMORY = Path("/dev/shm")
FOLDER = Path(tempfile.mkdtemp(prefix="steward-test-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
# As root the server runs as somebody else, who must be able to reach it in here.
FOLDER.chmod(0o755)
_OWNER = os.getpid()

for name in [name for name in os.environ if name.startswith("STEWARD_")]:
    if name not in {"STEWARD_CHROMIUM", "STEWARD_TEST_LONG"}:
        del os.environ[name]
os.environ.pop("DATABASE_URL", None)
os.environ["STEWARD_DATA"] = str(FOLDER)
os.environ["STEWARD_DESK"] = "main"
os.environ["DJANGO_SETTINGS_MODULE"] = "steward.config.settings"

SERVER = attach(FOLDER, durable=False)


def _remove() -> None:
    if os.getpid() == _OWNER:
        SERVER.leave()
        shutil.rmtree(FOLDER, ignore_errors=True)


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


atexit.register(_remove)
# Ended from outside (a time-out), the server is still ours to stop.
signal.signal(signal.SIGTERM, _end)
