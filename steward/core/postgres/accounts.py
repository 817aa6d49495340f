"""Who runs the server: ourselves, or, because PostgreSQL refuses to run as root, an existing unprivileged user."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steward.core.postgres.errors import ServerRefused


@dataclass(frozen=True, kw_only=True)
class Account:
    """An operating-system user, as the server's processes need it."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Say whether this is the user we already are."""
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """Give the `subprocess` options that make a child run as this user, with none of our groups."""
        options: dict[str, Any] = {"cwd": "/", "env": clean_environment()}
        if not self.is_ours:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def run(self, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this user and give what it said; the caller judges its exit code."""
        settings: dict[str, Any] = {"capture_output": True, "text": True, "errors": "replace"}
        if "input" not in options:
            settings["stdin"] = subprocess.DEVNULL
        line = [str(part) for part in command]
        return subprocess.run(line, check=False, **self.popen_options(), **settings, **options)  # noqa: S603

    def can_enter(self, folder: Path) -> bool:
        """Try whether this user gets into a folder; tried for real, so access lists and mounts count too."""
        return self.run(["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", folder]).returncode == 0

    def can_execute(self, program: Path) -> bool:
        """Try whether this user can start a program."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False


def clean_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Drop what would redirect PostgreSQL's programs, and fix their language."""
    source = os.environ if environment is None else environment
    kept = {name: value for name, value in source.items() if not name.startswith(("PG", "LC_", "LANG", "LD_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def ourselves() -> Account:
    """Give the user this process runs as."""
    return _by_uid(os.geteuid())


def choose_account(*, data: Path, cluster: Path | None, named: str = "") -> Account:
    """Choose who runs the server.

    Not root: ourselves. Root: the user named (`STEWARD_OS_USER`), else the owner of the data that exists, else `steward`
    where there is such a user, else `nobody`.
    """
    if os.geteuid() != 0:
        return ourselves()
    owner = _owner(cluster) if cluster else None
    if owner is None and not named and _is_listed(_owner(data)):
        owner = _owner(data)
    if owner is not None:
        if named and _by_name(named).uid != owner:
            raise ServerRefused(
                f"The database in {cluster} belongs to the user {_by_uid(owner).name}, not to {named}.",
                hint=f"Unset STEWARD_OS_USER, or give the folder away first: chown -R {named}: '{cluster}'",
            )
        return _by_uid(owner)
    for name in (named, "steward", "nobody"):
        if name and (name == named or _is_known(name)):
            return _unprivileged(_by_name(name))
    raise ServerRefused(
        "PostgreSQL refuses to run as root, and there is no user `steward` or `nobody` to run it.",
        hint="Name an existing unprivileged user in STEWARD_OS_USER.",
    )


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid or None  # root's own folder says nothing about who should run the server
    except FileNotFoundError:
        return None


def _is_known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _is_listed(uid: int | None) -> bool:
    try:
        return uid is not None and bool(pwd.getpwuid(uid))
    except KeyError:
        return False


def _by_name(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise ServerRefused(
            f"STEWARD_OS_USER names {name!r}, and this machine has no such user.",
            hint="Name an existing unprivileged user.",
        ) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ServerRefused(
            f"User id {uid} has no entry in the list of users, and PostgreSQL does not run without one.",
            hint="Run as a named user, or name a server of your own in DATABASE_URL.",
        ) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _unprivileged(account: Account) -> Account:
    if account.uid == 0:
        raise ServerRefused(
            "STEWARD_OS_USER names root, and PostgreSQL refuses to run as root.",
            hint="Name an existing unprivileged user, or unset it.",
        )
    return account
