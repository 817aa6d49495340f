"""Where the parts of the server lie, and what to do when its user cannot reach the data folder."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from steward.core.postgres.accounts import Account, choose_account
from steward.core.postgres.binaries import binaries, copy_binaries
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.folders import is_private, make_folder, write_private

# The kernel allows 107 bytes for the whole socket path; PostgreSQL appends `/.s.PGSQL.5432`.
LONGEST_SOCKET_FOLDER = 90
OUTSIDE = Path("/var/lib/steward")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folders of one server and the user it runs as.

    `control` holds the locks and the passwords and belongs to whoever runs Steward; `home` holds the
    cluster and belongs to the server's user; they are the same folder unless the data folder is closed to that user.
    """

    control: Path
    home: Path
    sockets: Path
    programs: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """Name the folder with the database files."""
        return self.home / "cluster"

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the database lies outside the data folder."""
        return self.home != self.control


def control_folder(data: Path) -> Path:
    """Name the folder of the locks and passwords within a data folder."""
    return data / "postgres"


def prepare_control(data: Path) -> Path:
    """Make the data folder and the control folder if they are missing; the first folders any start needs."""
    if not str(data).isprintable():
        raise ServerRefused(
            "The path of the data folder contains a control character.",
            hint="Name another in STEWARD_DATA.",
        )
    missing = [folder for folder in (data, *data.parents) if not folder.exists()]
    for folder in reversed(missing):
        make_folder(folder, mode=0o755)
    control = control_folder(data)
    # As root the server's user must be able to pass through to its cluster; it cannot list what lies here.
    make_folder(control, mode=0o711 if os.geteuid() == 0 else 0o700)
    if not os.access(control, os.R_OK | os.W_OK | os.X_OK):
        raise ServerRefused(
            f"The data folder {data} belongs to another user.",
            hint="Run as that user, or name another folder in STEWARD_DATA.",
        )
    return control


def find_place(data: Path, *, os_user: str = "") -> Place:
    """Settle where the server's folders are, making those that are missing; the caller holds the mutex."""
    control = control_folder(data)
    elsewhere = _recorded_home(control, data)
    inside = control / "cluster"
    known = elsewhere / "cluster" if elsewhere else inside if inside.exists() else None
    account = choose_account(data=data, cluster=known, named=os_user)
    home = elsewhere or control
    if not account.can_enter(home):
        if known and not elsewhere:
            raise ServerRefused(
                f"The user {account.name}, who runs the database, can no longer enter {home}.",
                hint=f"A folder above it was closed. Open the way again, for instance: chmod a+x '{data}' and its parents.",
            )
        home = elsewhere or _home_outside(control, data)
    programs = binaries()
    if not account.can_execute(programs / "postgres"):
        make_folder(OUTSIDE, mode=0o755)
        programs = copy_binaries(OUTSIDE)
    return Place(control=control, home=home, sockets=_sockets(home, account), programs=programs, account=account)


def look_up_place(data: Path, *, os_user: str = "") -> Place | None:
    """Give the place of a server that was made before, changing nothing; None where there is none."""
    control = control_folder(data)
    home = _recorded_home(control, data) or control
    if not (home / "cluster" / "PG_VERSION").exists():
        return None
    account = choose_account(data=data, cluster=home / "cluster", named=os_user)
    return Place(control=control, home=home, sockets=_socket_path(home, account), programs=binaries(), account=account)


def _recorded_home(control: Path, data: Path) -> Path | None:
    pointer = control / "elsewhere"
    if not pointer.is_file():
        return None
    home = Path(pointer.read_text(encoding="utf-8").strip())
    belongs = home / "belongs-to"
    if not belongs.is_file():
        raise ServerRefused(
            f"The database of {data} lies in {home}, and that folder is gone.",
            hint=f"Bring it back from a backup; or, to start with an empty desk, remove {pointer}.",
        )
    owner = Path(belongs.read_text(encoding="utf-8").strip())
    if owner != data:
        other = control_folder(owner) / "elsewhere"
        if other.is_file() and other.read_text(encoding="utf-8").strip() == str(home):
            raise ServerRefused(
                f"{data} is a copy of {owner}, and the database of both lies in {home}.",
                hint=f"Use {owner}; or, to start with an empty desk here, remove {pointer}.",
            )
        write_private(belongs, f"{data}\n")  # the data folder was moved
    return home


def _home_outside(control: Path, data: Path) -> Path:
    make_folder(OUTSIDE, mode=0o755)
    home = OUTSIDE / secrets.token_hex(6)
    make_folder(home, mode=0o711)
    write_private(home / "belongs-to", f"{data}\n")
    write_private(control / "elsewhere", f"{home}\n")
    return home


def _sockets(home: Path, account: Account) -> Path:
    folder = _socket_path(home, account)
    if folder.parent != home:
        _make_short_base(folder.parent)
    make_folder(folder, mode=0o700, owner=account)
    if not is_private(folder, uid=account.uid):
        raise ServerRefused(
            f"The socket folder {folder} is open to others or belongs to somebody else.",
            hint="Remove it and start again, or name a shorter path in STEWARD_DATA so that the socket fits inside.",
        )
    return folder


def _socket_path(home: Path, account: Account) -> Path:
    inside = home / "run"
    # A client takes a comma for the end of one host and the start of the next.
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and "," not in str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/run/steward") / digest
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
    if runtime.is_dir() and os.access(runtime, os.W_OK) and len(os.fsencode(runtime)) < LONGEST_SOCKET_FOLDER - 20:
        return runtime / f"steward-{digest}"
    return Path(tempfile.gettempdir()) / f"steward-{account.uid}-{digest}"


def _make_short_base(folder: Path) -> None:
    if not folder.exists():
        make_folder(folder, mode=0o755)
