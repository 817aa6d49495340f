"""Bring a cluster of an older major version over: `python -m steward.core.postgres.upgrade DATA`; the old one is kept beside it."""

import shutil
import subprocess
import sys
from pathlib import Path

from steward.core.postgres.accounts import Account
from steward.core.postgres.binaries import MAJOR, binaries, copy_binaries, has_binaries
from steward.core.postgres.cluster import ADMIN, close, password
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.folders import make_folder, write_private
from steward.core.postgres.locks import mutex
from steward.core.postgres.placement import OUTSIDE, Place, find_place, prepare_control
from steward.core.postgres.processes import read_postmaster


def upgrade(data: Path, *, os_user: str = "") -> Path:
    """Make a cluster of this release's version out of an older one and give the folder that keeps the old one."""
    control = prepare_control(data)
    with mutex(control / "mutex"):
        place = find_place(data, os_user=os_user)
        old = _old_version(place)
        kept = place.home / f"cluster-{old}"
        if kept.exists():
            raise ServerRefused(f"{kept} is in the way.", hint="Move it away first; it is the database before an earlier upgrade.")
        fresh = place.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, mode=0o700, owner=place.account)
        _move_over(place, fresh=fresh, old=old)
        place.cluster.rename(kept)
        fresh.rename(place.cluster)
    return kept


def _old_version(place: Place) -> int:
    file = place.cluster / "PG_VERSION"
    if not file.exists():
        raise ServerRefused("There is no database to bring over.", hint="Run `steward up`.")
    old = int(file.read_text(encoding="utf-8").strip())
    if old == MAJOR:
        raise ServerRefused(f"The database is of PostgreSQL {MAJOR} already.", hint="Run `steward up`.")
    if old > MAJOR or not has_binaries(old):
        raise ServerRefused(
            f"This release cannot read PostgreSQL {old}.", hint="Use the release of Steward that made the database."
        )
    if read_postmaster(place.cluster):
        raise ServerRefused("The old server still runs.", hint="Stop it first.")
    return old


def _move_over(place: Place, *, fresh: Path, old: int) -> None:
    word = password(place.control, ADMIN)
    handed = place.sockets / "password"
    write_private(handed, word, owner=place.account)
    passfile = place.sockets / "passfile"
    write_private(passfile, f"*:*:*:*:{word}\n", owner=place.account)
    try:
        _run(
            place.account, place.programs / "initdb", "-D", fresh, "--username", ADMIN, "--pwfile", handed,
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", *_same_checksums(place, old),
        )  # fmt: skip
        _run(
            place.account, place.programs / "pg_upgrade", "--username", ADMIN, "--socketdir", place.sockets,
            "--old-bindir", _programs(place, old), "--new-bindir", place.programs,
            "--old-datadir", place.cluster, "--new-datadir", fresh,
            passfile=passfile, folder=place.sockets,
        )  # fmt: skip
    finally:
        handed.unlink(missing_ok=True)
        passfile.unlink(missing_ok=True)
    close(place, fresh)


def _programs(place: Place, major: int) -> Path:
    found = binaries(major)
    return found if place.account.can_execute(found / "postgres") else copy_binaries(OUTSIDE, major)


def _same_checksums(place: Place, old: int) -> list[str]:
    said = place.account.run([_programs(place, old) / "pg_controldata", "-D", place.cluster]).stdout
    is_without = any(line.startswith("Data page checksum version:") and line.endswith(" 0") for line in said.splitlines())
    return ["--no-data-checksums"] if is_without else []


def _run(account: Account, *command: str | Path, passfile: Path | None = None, folder: Path | None = None) -> None:
    options = account.popen_options()
    if passfile:
        options["env"] |= {"PGPASSFILE": str(passfile)}
    # pg_upgrade writes its notes where it stands; `sh` steps there after the change of user.
    line = ['cd "$1" && shift && exec "$@"', "sh", str(folder or "/"), *map(str, command)]
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", *line], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options
    )
    if done.returncode != 0:
        raise ServerRefused(
            f"{Path(str(command[0])).name} failed: {(done.stderr or done.stdout).strip()[-600:]}",
            hint="Nothing was changed: the old database is where it was.",
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.exit("usage: python -m steward.core.postgres.upgrade DATA")
    try:
        old = upgrade(Path(sys.argv[1]).absolute())
        sys.stdout.write(f"Done. The old database is kept in {old}; remove it when all is well.\n")
    except ServerRefused as refused:
        sys.exit(f"{refused.message}\n{refused.hint}")
