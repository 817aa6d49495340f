import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from steward.core.postgres import Server
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.processes import is_alive, read_postmaster

HOLD = """
import sys, time
from pathlib import Path
from steward.core.postgres import Server
server = Server(Path(sys.argv[1]), durable=False)
server.ensure_running()
print(server.status().pid, flush=True)
sys.stdin.readline()
server.leave()
print("left", flush=True)
"""


def hold(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )


def environment() -> dict[str, str]:
    root = Path(__file__).parents[3]
    return {**os.environ, "PYTHONPATH": str(root)}


def release(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate("\n", timeout=60)
    return said


def wait_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_first_start_makes_a_server_that_keeps_its_data(open_folder: Path) -> None:
    server = Server(open_folder / "data", durable=False)
    assert not server.is_running
    server.ensure_running()
    assert server.ensure_database("desk")
    assert not server.ensure_database("desk")
    with psycopg.connect(server.dsn("desk")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    pid = server.status().pid
    server.leave()
    assert pid is not None
    assert wait_gone(pid)

    again = Server(open_folder / "data", durable=False)
    again.ensure_running()
    with psycopg.connect(again.dsn("desk")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    assert again.drop_database("desk")
    assert not again.exists("desk")
    assert not again.drop_database("desk")
    again.leave()
    again.leave()  # harmless
    assert not again.is_running


def test_the_owner_of_the_databases_is_no_superuser(running: Server) -> None:
    with psycopg.connect(running.dsn()) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolbypassrls, rolreplication, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert row.fetchone() == (False, False, False, False, True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT pg_read_file('/etc/passwd')")


def test_the_server_keeps_utc_and_sorts_by_code_point_and_limits_forgotten_transactions(running: Server) -> None:
    with psycopg.connect(running.dsn()) as connection:
        row = connection.execute(
            "SELECT current_setting('timezone'), datlocprovider::text, datlocale, pg_encoding_to_char(encoding),"
            " current_setting('transaction_timeout'), current_setting('idle_in_transaction_session_timeout')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("UTC", "b", "C.UTF-8", "UTF8", "2min", "30s")


def test_a_database_is_copied_from_a_template(running: Server) -> None:
    running.ensure_database("pattern")
    with psycopg.connect(running.dsn("pattern")) as connection:
        connection.execute("CREATE TABLE copied AS SELECT 7 AS n")
    assert running.ensure_database("fresh", template="pattern")
    with psycopg.connect(running.dsn("fresh")) as connection:
        assert connection.execute("SELECT n FROM copied").fetchone() == (7,)


def test_six_starters_at_once_share_one_server_and_the_last_one_stops_it(open_folder: Path) -> None:
    starters = [hold(open_folder / "data") for _ in range(6)]
    pids = {int(starter.stdout.readline()) for starter in starters if starter.stdout}
    assert len(pids) == 1
    pid = pids.pop()
    for starter in starters[:5]:
        assert release(starter).endswith("left\n")
        assert is_alive(pid)
    release(starters[5])
    assert wait_gone(pid)


def test_a_server_that_outlived_a_killed_parent_is_attached_to_again(open_folder: Path) -> None:
    parent = hold(open_folder / "data")
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert is_alive(pid)

    server = Server(open_folder / "data", durable=False)
    server.ensure_running()
    assert server.status().pid == pid
    server.leave()
    assert wait_gone(pid)


def test_a_killed_server_is_started_again_by_a_process_that_is_not_its_parent(open_folder: Path) -> None:
    parent = hold(open_folder / "data")
    assert parent.stdout
    pid = int(parent.stdout.readline())
    server = Server(open_folder / "data", durable=False)
    server.ensure_running()
    os.kill(pid, signal.SIGKILL)
    server.ensure_running()
    found = server.status().pid
    assert found not in (None, pid)
    assert server.exists("postgres")
    release(parent)
    assert server.is_running
    server.leave()


def test_a_killed_server_nobody_collects_does_not_block_the_next_start(open_folder: Path) -> None:
    # The parent is stopped, so it cannot collect its dead child: as in a container whose first process never does.
    parent = hold(open_folder / "data")
    assert parent.stdout
    pid = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    server = Server(open_folder / "data", durable=False)
    server.ensure_running()
    assert server.status().pid != pid
    os.kill(parent.pid, signal.SIGCONT)
    release(parent)
    server.leave()


def test_a_first_start_that_was_cut_short_begins_afresh(open_folder: Path) -> None:
    server = Server(open_folder / "data", durable=False)
    half = open_folder / "data" / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.ensure_running()
    server.leave()
    assert not half.exists()


@pytest.mark.parametrize("name", ['it\'s a "quoted", path; with $HOME', "long-" * 40, "资料"])
def test_an_odd_path_works(open_folder: Path, name: str) -> None:
    server = Server(open_folder / name, durable=False)
    server.ensure_running()
    assert server.exists("postgres")
    sockets = server.status().sockets
    assert sockets is not None
    assert len(os.fsencode(sockets)) <= 90
    server.leave()


def test_a_control_character_in_the_path_is_refused(open_folder: Path) -> None:
    with pytest.raises(ServerRefused, match="control character"):
        Server(open_folder / "a\nb").ensure_running()


def test_a_cluster_of_another_major_version_is_refused_untouched(open_folder: Path) -> None:
    cluster = open_folder / "data" / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    for version, hint in (("16", "steward.core.postgres.upgrade"), ("15", "pg_dumpall"), ("99", "newer release")):
        (cluster / "PG_VERSION").write_text(f"{version}\n")
        with pytest.raises(ServerRefused) as refused:
            Server(open_folder / "data").ensure_running()
        assert version in refused.value.message
        assert hint in refused.value.hint
    assert [file.name for file in cluster.iterdir()] == ["PG_VERSION"]


def test_before_the_first_start_the_parameters_lead_nowhere_and_make_nothing(open_folder: Path) -> None:
    given = Server(open_folder / "data").parameters("desk")
    assert given == {"host": str(open_folder / "data/postgres/run"), "port": "5432", "user": "steward", "dbname": "desk"}
    assert not (open_folder / "data").exists()
    with pytest.raises(ServerRefused, match="no database"):
        Server(open_folder / "data").dsn()


def test_a_stranger_with_the_number_of_a_dead_server_is_no_server(open_folder: Path) -> None:
    (open_folder / "postmaster.pid").write_text(f"{os.getpid()}\n{open_folder}\n0\n5432\n/x\n\n\nready\n")
    assert read_postmaster(open_folder) is None
