"""What `steward doctor` asks about the embedded server: is it as closed, as new and as alone as it should be."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from steward.core.postgres.accounts import Account, ourselves
from steward.core.postgres.binaries import MAJOR
from steward.core.postgres.cluster import ADMIN, OWNER
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.placement import Place, look_up_place
from steward.core.postgres.server import Server

LEAST_FREE = 2 * 2**30


class Level(StrEnum):
    """How much a finding matters."""

    fine = "fine"
    note = "note"
    wrong = "wrong"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at: its name, how it stands, in words, and what to do about it."""

    name: str
    level: Level
    message: str
    hint: str = ""


def check(server: Server) -> list[Finding]:
    """Look at the embedded server from outside and, where it runs, from inside; change nothing."""
    try:
        place = look_up_place(server.data, os_user=server.os_user)
    except ServerRefused as refused:
        return [Finding(name="database", level=Level.wrong, message=refused.message, hint=refused.hint)]
    if place is None:
        message = f"There is no database in {server.data} yet."
        return [Finding(name="database", level=Level.note, message=message, hint="Run `steward up`.")]
    findings = [_version(place), *_closed_folders(place), *_closed_files(place), disk(place.home)]
    if server.is_running:
        findings += _from_inside(server)
    else:
        message = "The database server is not running."
        findings.append(Finding(name="database", level=Level.note, message=message, hint="Run `steward up`."))
    return findings


def disk(folder: Path) -> Finding:
    """Say how much room is left where the data lies."""
    free = shutil.disk_usage(folder).free
    message = f"{free / 2**30:.1f} GB are free in {folder}."
    if free >= LEAST_FREE:
        return Finding(name="disk", level=Level.fine, message=message)
    return Finding(name="disk", level=Level.wrong, message=message, hint="Make room; a full disk stops the database.")


def _version(place: Place) -> Finding:
    found = (place.cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
    message = f"The database is of PostgreSQL {found}, and this release runs {MAJOR}."
    if found == str(MAJOR):
        return Finding(name="version", level=Level.fine, message=message)
    return Finding(name="version", level=Level.wrong, message=message, hint="`steward up` names the way over.")


def _closed_folders(place: Place) -> Iterator[Finding]:
    for name, folder in (("cluster", place.cluster), ("sockets", place.sockets)):
        if folder.exists():
            yield _closed(f"{name} folder", folder, expected=0o700, owner=place.account)


def _closed_files(place: Place) -> Iterator[Finding]:
    trusted = {ourselves().uid, place.account.uid, place.control.stat().st_uid}
    for role in (ADMIN, OWNER):
        name, file = f"password of {role}", place.control / f"{role}.password"
        if not file.exists():
            yield Finding(name=name, level=Level.wrong, message=f"{file} is missing.", hint="Bring it back from a backup.")
            continue
        found = file.stat()
        if found.st_mode & 0o077 or found.st_uid not in trusted:
            yield Finding(name=name, level=Level.wrong, message=f"Others can read {file}.", hint=f"chmod 600 '{file}'")
        else:
            yield Finding(name=name, level=Level.fine, message=f"Only its owner can read {file}.")


def _closed(name: str, folder: Path, *, expected: int, owner: Account) -> Finding:
    found = folder.stat()
    mode = stat.S_IMODE(found.st_mode)
    if mode == expected and found.st_uid == owner.uid:
        return Finding(name=name, level=Level.fine, message=f"Only {owner.name} can enter {folder}.")
    return Finding(
        name=name,
        level=Level.wrong,
        message=f"{folder} has mode {mode:o} and belongs to user {found.st_uid}.",
        hint=f"chmod {expected:o} '{folder}' && chown {owner.name} '{folder}'",
    )


def _from_inside(server: Server) -> Iterator[Finding]:
    with server.admin() as connection:
        settings = "SELECT current_setting('listen_addresses'), current_setting('server_version')"
        listening = connection.execute(settings).fetchone()
        rules = connection.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules ORDER BY 1, 2").fetchall()
        others = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolname <> %s"
        supers = connection.execute(others, (ADMIN,)).fetchall()
    addresses, running = listening or ("", "")
    yield Finding(name="server", level=Level.fine, message=f"PostgreSQL {running} runs as process {server.status().pid}.")
    if addresses:
        yield Finding(
            name="network", level=Level.wrong, message=f"The server listens on {addresses}.", hint="Restart it with `steward up`."
        )
    else:
        yield Finding(name="network", level=Level.fine, message="The server takes no connection over the network.")
    if rules == [("local", "scram-sha-256")]:
        yield Finding(name="sign-in", level=Level.fine, message="Every connection to the server needs a password.")
    else:
        yield Finding(
            name="sign-in",
            level=Level.wrong,
            message="pg_hba.conf has rules that are not ours: " + ", ".join(f"{kind} {method}" for kind, method in rules),
            hint="Leave only: local all all scram-sha-256",
        )
    if supers:
        names = ", ".join(name for (name,) in supers)
        yield Finding(
            name="superusers", level=Level.wrong, message=f"More superusers than ours: {names}.", hint="ALTER ROLE … NOSUPERUSER"
        )
