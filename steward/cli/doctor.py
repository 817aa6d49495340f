"""`steward doctor`: a look at the whole installation, changing nothing."""

import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from steward import __version__
from steward.cli import preparation
from steward.core import clock
from steward.core.errors import DomainError
from steward.core.postgres.findings import Finding, Level, check, disk
from steward.core.postgres.server import Server

OLDEST_SERVER = 16
LONG_WRITE_SECONDS = 5.0
LATE_SECONDS = 30.0
_MARKS = {Level.fine: "ok   ", Level.note: "note ", Level.wrong: "WRONG"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Look at the whole installation and say what is wrong; ends with 1 when something is."""
    findings = list(examine())
    is_well = all(finding.level != Level.wrong for finding in findings)
    if as_json:
        typer.echo(json.dumps({"is_well": is_well, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{_MARKS[finding.level]} {finding.name}: {finding.message}")
            if finding.hint:
                typer.echo(f"        → {finding.hint}")
    raise typer.Exit(0 if is_well else 1)


def examine() -> Iterator[Finding]:
    """Look at one thing after the other; what cannot be looked at is a finding too."""
    yield from _programs()
    ground = preparation.read_ground()
    yield from _screens()
    if ground.is_embedded:
        server = Server(ground.data, os_user=ground.environment.os_user)
        yield from _safely("database", lambda: check(server))
        if not server.is_running:
            return
    elif ground.data.exists():
        yield disk(ground.data)
    preparation.set_up_django()
    for look in (_server, _migrations, _oldest_write, _subscribers, _jobs):
        yield from _safely(look.__name__.strip("_").replace("_", " "), look)


def _safely(name: str, look: Callable[[], "Iterator[Finding] | list[Finding]"]) -> Iterator[Finding]:
    try:
        yield from look()
    except DomainError as error:
        yield Finding(name=name, level=Level.wrong, message=error.message, hint=error.hint)
    except Exception as error:  # noqa: BLE001 -- a doctor who falls over says nothing of the rest
        said = str(error).strip().splitlines()
        yield Finding(name=name, level=Level.wrong, message=f"It cannot be looked at: {said[0] if said else type(error).__name__}")


def _programs() -> Iterator[Finding]:
    named = ", ".join(f"{name} {version(name)}" for name in ("django", "psycopg", "granian", "procrastinate"))
    python = platform.python_version()
    yield Finding(name="versions", level=Level.fine, message=f"Steward {__version__}, Python {python}, {named}.")


def _screens() -> Iterator[Finding]:
    folder = Path(__file__).parent.parent / "web" / "static"
    if any(folder.glob("*.css")):
        yield Finding(name="screens", level=Level.fine, message="Styles and scripts are built.")
    else:
        yield Finding(name="screens", level=Level.wrong, message="Styles and scripts are not built.", hint="Run `make setup`.")
    browser = find_chromium()
    if browser:
        yield Finding(name="browser", level=Level.fine, message=f"Browser tests can use {browser}.")
    else:
        yield Finding(
            name="browser",
            level=Level.note,
            message="There is no Chromium; only the browser tests need one.",
            hint="Install the package `chromium`, or name a browser in STEWARD_CHROMIUM.",
        )


def find_chromium() -> str:
    """Find a browser for the browser tests: the one named, else one in the path."""
    named = os.environ.get("STEWARD_CHROMIUM", "")
    if named:
        return shutil.which(named) or ""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), "")


def _server() -> Iterator[Finding]:
    from django.db import connection  # noqa: PLC0415 -- slow import

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    major, minor = divmod(number, 10000)
    if major >= OLDEST_SERVER:
        yield Finding(name="database version", level=Level.fine, message=f"PostgreSQL {major}.{minor} answers.")
    else:
        message = f"PostgreSQL {major}.{minor} is too old."
        yield Finding(name="database version", level=Level.wrong, message=message, hint=f"Use {OLDEST_SERVER} or newer.")


def _migrations() -> Iterator[Finding]:
    pending = preparation.pending_migrations()
    if pending:
        message = f"{len(pending)} migrations have not run: {', '.join(pending[:5])}{' …' if pending[5:] else ''}"
        yield Finding(name="migrations", level=Level.wrong, message=message, hint="Run `steward migrate`.")
    else:
        yield Finding(name="migrations", level=Level.fine, message="The database is at this release.")


def _oldest_write() -> Iterator[Finding]:
    """Name the oldest open write anywhere on the server: it holds back every subscriber."""
    from django.db import connection  # noqa: PLC0415 -- slow import

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pid, coalesce(datname, ''), coalesce(application_name, ''), extract(epoch FROM now() - xact_start)::float
              FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1
            """
        )
        row = cursor.fetchone()
    if row is None or row[3] < LONG_WRITE_SECONDS:
        yield Finding(name="open writes", level=Level.fine, message="No write transaction is open for long.")
        return
    pid, database, application, seconds = row
    message = (
        f"Process {pid} ({application or 'unnamed'}, database {database}) has a write open for {seconds:.0f} s; "
        "subscribers wait for it."
    )
    yield Finding(
        name="open writes", level=Level.wrong, message=message, hint=f"If it is stuck: SELECT pg_terminate_backend({pid})"
    )


def _subscribers() -> Iterator[Finding]:
    from steward.ledger.queries import lags  # noqa: PLC0415 -- app ready

    late = [lag for lag in lags(clock.now()) if lag.seconds > LATE_SECONDS or lag.parked]
    if not late:
        yield Finding(name="subscribers", level=Level.fine, message="Every subscriber is up to date.")
    for lag in late:
        parked = f", {lag.parked} streams parked" if lag.parked else ""
        message = f"{lag.name} is {lag.events} events and {lag.seconds:.0f} s behind{parked}."
        yield Finding(name="subscribers", level=Level.wrong, message=message, hint="Is a worker running? See its log.")


def _jobs() -> Iterator[Finding]:
    from django.db import connection  # noqa: PLC0415 -- slow import

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'")
        workers = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = cursor.fetchone()[0]
    if workers:
        yield Finding(name="workers", level=Level.fine, message=f"{workers} workers are at work.")
    else:
        yield Finding(
            name="workers", level=Level.wrong, message="No worker is at work.", hint="Run `steward up` or `steward worker`."
        )
    if failed:
        yield Finding(
            name="jobs", level=Level.note, message=f"{failed} jobs failed for good in the last month.", hint="See the worker's log."
        )
