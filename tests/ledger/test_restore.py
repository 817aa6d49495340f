"""A dump restored into a fresh database goes on where it was, in order."""

import subprocess

from steward.core.postgres.binaries import binaries
from steward.ledger.actions.following import settle
from steward.ledger.models import Event, Subscription
from steward.ledger.queries import history, order_problems
from tests.databases import now_at, point_at
from tests.ledger.conftest import listen, tick
from tests.server import SERVER


def run(tool, *args, database):
    subprocess.run([binaries() / tool, "-d", SERVER.dsn(database), *args], check=True, capture_output=True)


def test_order_and_following_go_on_after_a_restore(heard, tmp_path):
    listen("one")
    tick(1, 2)
    tick(1)
    settle()
    tick(2)
    before = now_at()
    dump = tmp_path / "desk.sql"
    run("pg_dump", "--no-owner", "-f", str(dump), database=before)
    restored = f"{before}_restored"
    SERVER.ensure_database(restored)
    try:
        run("psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", str(dump), database=restored)
        point_at(restored)
        assert Event.objects.count() == 4
        assert Subscription.objects.get().position == 3
        tick(1, 2)
        assert settle() == 3
        assert [event.seq for event in history("tick:1")] == [1, 2, 3]
        assert [event.seq for event in history("tick:2")] == [1, 2, 3]
        assert list(order_problems()) == []
        found = heard("one")
        assert len(found) == len(set(found)) == 6
    finally:
        point_at(before)
        SERVER.drop_database(restored)
