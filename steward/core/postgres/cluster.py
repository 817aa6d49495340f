"""One database cluster on disk: made in one step, started closed, stopped."""

import os
import secrets
import shutil
import time
from pathlib import Path

import psycopg
from psycopg import sql

from steward.core.postgres import tuning
from steward.core.postgres.binaries import MAJOR, has_binaries
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.folders import make_folder, write_private
from steward.core.postgres.placement import Place
from steward.core.postgres.processes import Postmaster, anybody_in, read_postmaster, start

ADMIN, OWNER = "postgres", "steward"


def password(control: Path, role: str) -> str:
    """Read a role's password, which only the user who runs Steward can."""
    return (control / f"{role}.password").read_text(encoding="utf-8").strip()


def initialize(place: Place) -> None:
    """Make the cluster and the superuser's password; interrupted at any point, the next start begins afresh."""
    fresh = place.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder(fresh, mode=0o700, owner=place.account)
    word = secrets.token_hex(24)
    handed = place.sockets / "password"  # the server's user must read it once, and our own copy is not theirs
    write_private(handed, word, owner=place.account)
    try:
        _run(
            place,
            "initdb", "-D", fresh, "--username", ADMIN, "--pwfile", handed, "--auth=scram-sha-256", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
    finally:
        handed.unlink(missing_ok=True)
    close(place, fresh)
    (place.control / f"{OWNER}.password").unlink(missing_ok=True)
    write_private(place.control / f"{ADMIN}.password", f"{word}\n")
    fresh.rename(place.cluster)


def close(place: Place, cluster: Path) -> None:
    """Write the settings files of a cluster that was just made."""
    write_private(cluster / "pg_hba.conf", tuning.HBA, owner=place.account)
    write_private(cluster / "steward.conf", "", owner=place.account)
    settings = (cluster / "postgresql.conf").read_text(encoding="utf-8")
    write_private(cluster / "postgresql.conf", settings + tuning.MAIN, owner=place.account)


def make_owner(place: Place, admin: psycopg.Connection) -> None:
    """Make the role that owns the desk's databases; its password file is written last and says that it is done."""
    file = place.control / f"{OWNER}.password"
    if file.exists():
        return
    word, owner = secrets.token_hex(24), sql.Identifier(OWNER)
    if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone():
        admin.execute(sql.SQL("CREATE ROLE {}").format(owner))
    rights = sql.SQL("ALTER ROLE {} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}")
    admin.execute(rights.format(owner, sql.Literal(word)))
    admin.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(owner))
    write_private(file, f"{word}\n")


def refuse_other_version(place: Place) -> None:
    """Refuse a cluster of another major version, naming the command that brings it over."""
    found = int((place.cluster / "PG_VERSION").read_text(encoding="utf-8").strip())
    if found == MAJOR:
        return
    if found < MAJOR and has_binaries(found):
        hint = f"Bring it over with: python -m steward.core.postgres.upgrade '{place.control.parent}'"
    elif found < MAJOR:
        hint = f"Dump it with the release that made it (pg_dumpall), move {place.cluster} away, start, and load the dump."
    else:
        hint = "Start the newer release of Steward that made it."
    raise ServerRefused(f"The database in {place.cluster} is of PostgreSQL {found}, and this release runs {MAJOR}.", hint=hint)


def launch(place: Place, *, durable: bool, patience: float = 300.0) -> Postmaster:
    """Start the server and wait until it takes connections; recovering after a crash may take a while."""
    chosen = tuning.settings(memory=tuning.machine_memory(), processors=os.cpu_count() or 1, durable=durable)
    write_private(place.cluster / "steward.conf", tuning.written(chosen), owner=place.account)
    command: list[str | Path] = [place.programs / "postgres", "-D", place.cluster, *tuning.closed_options(place.sockets)]
    log = place.control / "start.log"
    log.unlink(missing_ok=True)
    process, begun = start(command, account=place.account, log=log), time.monotonic()
    while time.monotonic() < begun + patience:
        running = read_postmaster(place.cluster)
        if running and running.is_ready:
            return running
        if process.poll() is None:
            time.sleep(0.01)
        elif _clear_after_the_dead(place) or (time.monotonic() < begun + 10 and _is_dying(place)):
            time.sleep(0.1)
            process = start(command, account=place.account, log=log)
        else:
            break
    raise ServerRefused(
        f"The database in {place.cluster} did not start: {_last_words(place)}",
        hint=f"Read {log} and the newest file in {place.cluster / 'log'}.",
    )


def _is_dying(place: Place) -> bool:
    # After a kill -9 the sessions take a moment to notice that their server is gone.
    return (place.cluster / "postmaster.pid").exists()


def _clear_after_the_dead(place: Place) -> bool:
    """Remove the marks of a killed server whose number still looks alive to PostgreSQL, as long as its parent has not collected it.

    In a container nobody may ever collect the dead. The marks go only when no process works in the cluster.
    """
    marks = [place.cluster / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock", place.sockets / ".s.PGSQL.5432"]
    if not any(mark.exists() for mark in marks) or anybody_in(place.cluster):
        return False
    for mark in marks:
        mark.unlink(missing_ok=True)
    return True


def _last_words(place: Place) -> str:
    try:
        lines = (place.control / "start.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or lines or ["it said nothing"]
    return telling[-1]


def _run(place: Place, program: str, *arguments: str | Path) -> None:
    done = place.account.run([place.programs / program, *arguments])
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ServerRefused(
            f"The database could not be made in {place.home}: {said[-1] if said else 'no reason given'}",
            hint="Make sure there is room on the disk; see also `steward doctor`.",
        )
