"""Makes the server's files that every test process starts from, migrated once and kept until a migration changes.

python -m tests.template KEPT [DATA]      make it where it is missing; with DATA, copy it there
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "steward_template"


def sources() -> Iterator[Path]:
    """Name all that the migrated database depends on: migrations, what they import, the server, the packages."""
    yield from (ROOT / "requirements.lock", ROOT / "steward" / "config" / "settings.py", Path(__file__))
    yield from (ROOT / "steward" / "core" / "postgres").glob("*.py")
    for migration in (ROOT / "steward").glob("*/migrations/*.py"):
        yield migration
        for name in re.findall(r"^\s*(?:from|import) (steward[\w.]*)", migration.read_text(encoding="utf-8"), re.MULTILINE):
            module = ROOT.joinpath(*name.split("."))
            yield from (module.rglob("*.py") if module.is_dir() else [module.with_suffix(".py")])


def key() -> str:
    """Name the state of all of them."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(set(sources())):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def make(into: Path) -> None:
    """Migrate an empty desk on a server of its own, and keep the files of that server once it has stopped."""
    memory = Path("/dev/shm")
    data = Path(tempfile.mkdtemp(prefix="steward-template-", dir=memory if os.access(memory, os.W_OK) else None))
    data.chmod(0o755)
    os.environ |= {"STEWARD_DATA": str(data), "DJANGO_SETTINGS_MODULE": "steward.config.settings"}
    from steward.core.postgres import Server

    server = Server(data, durable=False)
    try:
        server.ensure_running()
        server.ensure_database(TEMPLATE)
        os.environ["DATABASE_URL"] = server.dsn(TEMPLATE)
        _migrate()
        server.leave()
        fresh = into.with_name(f"{into.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        copy(data / "postgres", fresh)
        fresh.rename(into)
    finally:
        server.leave()
        shutil.rmtree(data, ignore_errors=True)


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    connections.close_all()


def copy(source: Path, target: Path) -> None:
    """Copy a folder with its owners: as root the server's files belong to somebody else."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def main(kept: Path, data: Path | None = None) -> None:
    """Make the template unless it is there, one process at a time, and copy it."""
    kept.mkdir(parents=True, exist_ok=True)
    made = kept / key()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in kept.iterdir():
                shutil.rmtree(old) if old.is_dir() else None
            make(made)
        if data is not None:
            copy(made, data / "postgres")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
