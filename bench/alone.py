"""A server and a folder of one run alone: what is measured is the desk made for it, and nothing is left behind."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steward.core.postgres.server import Server, attach


@contextmanager
def desk_alone(name: str = "", *, keep: str = "") -> Iterator[tuple[Path, Server]]:
    """Give a folder, and a server with an empty database in it that the settings lead to; both go with the run unless kept."""
    folder = Path(keep or tempfile.mkdtemp(prefix=f"steward-bench-{name}"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # as root the database runs as somebody else, who must be able to enter
    for variable in [variable for variable in os.environ if variable.startswith("STEWARD_")]:
        del os.environ[variable]
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"STEWARD_DATA": str(folder), "STEWARD_DESK": "main", "DJANGO_SETTINGS_MODULE": "steward.config.settings"}
    server = attach(folder)
    try:
        server.ensure_database("steward")
        yield folder, server
    finally:
        server.leave()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
