from pathlib import Path

from steward.core.postgres import Server
from steward.core.postgres.findings import Level, check


def levels(server: Server) -> dict[str, Level]:
    return {finding.name: finding.level for finding in check(server)}


def test_a_fresh_running_server_has_nothing_wrong(running: Server) -> None:
    found = levels(running)
    assert {"version", "cluster folder", "sockets folder", "password of steward", "server", "network", "sign-in", "disk"} <= set(
        found
    )
    assert set(found.values()) == {Level.fine}


def test_opened_folders_passwords_and_rules_are_named_with_the_way_back(open_folder: Path) -> None:
    server = Server(open_folder / "data", durable=False)
    server.ensure_running()
    control = open_folder / "data" / "postgres"
    (control / "run").chmod(0o755)
    (control / "steward.password").chmod(0o644)
    (control / "cluster" / "pg_hba.conf").write_text("local all all trust\n")
    with server.admin() as connection:
        connection.execute("CREATE ROLE other SUPERUSER")
    wrong = {finding.name: finding for finding in check(server) if finding.level == Level.wrong}
    assert set(wrong) == {"sockets folder", "password of steward", "sign-in", "superusers"}
    assert all(finding.hint for finding in wrong.values())
    server.leave()


def test_a_stopped_and_a_missing_database_are_told_apart(open_folder: Path) -> None:
    server = Server(open_folder / "data", durable=False)
    assert levels(server) == {"database": Level.note}
    assert not (open_folder / "data").exists()
    server.ensure_running()
    server.leave()
    assert levels(server)["database"] == Level.note
