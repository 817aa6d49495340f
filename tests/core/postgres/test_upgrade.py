import time
from pathlib import Path

import psycopg
import pytest

from steward.core.postgres import Server
from steward.core.postgres.binaries import binaries, has_binaries
from steward.core.postgres.cluster import ADMIN, OWNER
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.folders import make_folder, write_private
from steward.core.postgres.placement import find_place, prepare_control
from steward.core.postgres.processes import read_postmaster, start, stop
from steward.core.postgres.tuning import closed_options
from steward.core.postgres.upgrade import upgrade

OLD = 16


def make_old_cluster(data: Path) -> None:
    """Make what a release on PostgreSQL 16 would have left behind."""
    prepare_control(data)
    place = find_place(data)
    make_folder(place.cluster, mode=0o700, owner=place.account)
    handed = place.sockets / "password"
    write_private(handed, "before", owner=place.account)
    programs = binaries(OLD)
    arguments = [
        "-D",
        place.cluster,
        "--username",
        ADMIN,
        "--pwfile",
        handed,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
    ]
    assert place.account.run([programs / "initdb", *arguments]).returncode == 0
    handed.unlink()
    process = start(
        [programs / "postgres", "-D", place.cluster, *closed_options(place.sockets)], account=place.account, log=data / "log"
    )
    while not (running := read_postmaster(place.cluster)) or not running.is_ready:
        assert process.poll() is None
        time.sleep(0.02)
    with psycopg.connect(host=str(place.sockets), user=ADMIN, password="before", dbname="postgres") as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN PASSWORD 'owner'")
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        connection.execute(f"ALTER TABLE kept OWNER TO {OWNER}")
    stop(running.pid, is_gone=lambda: read_postmaster(place.cluster) is None)
    for role, word in ((ADMIN, "before"), (OWNER, "owner")):
        write_private(place.control / f"{role}.password", f"{word}\n")


@pytest.mark.skipif(not has_binaries(OLD), reason="the wheel carries no older PostgreSQL")
def test_the_named_upgrade_command_brings_an_older_cluster_over_and_keeps_the_old_one(open_folder: Path) -> None:
    data = open_folder / "data"
    make_old_cluster(data)
    server = Server(data, durable=False)
    with pytest.raises(ServerRefused, match="is of PostgreSQL 16"):
        server.ensure_running()
    kept = upgrade(data)
    assert (kept / "PG_VERSION").read_text() == "16\n"
    server.ensure_running()
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    with server.admin() as connection:
        rules = connection.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules").fetchall()
    assert rules == [("local", "scram-sha-256")]
    server.leave()
    with pytest.raises(ServerRefused, match="already"):
        upgrade(data)
