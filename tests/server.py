"""Loaded before Django's settings: gives each test process a PostgreSQL server of its own, in a folder of its own.

One server a process, not one for all: a write left open by a test would hold back the ledger's subscribers
of every other test on the same server.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from steward.core.postgres.server import attach

FOLDER = Path(tempfile.mkdtemp(prefix="steward-test-"))
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


atexit.register(_remove)
