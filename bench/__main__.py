"""`python -m bench`: the operations an agent feels, at several sizes, beside plain SQL, as a table or as JSON."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from steward.core.postgres.server import Server, attach

OPERATIONS = {
    "queue_page": "Queue page, 50 rows",
    "open_ticket": "Open ticket, 8 messages",
    "create": "Create",
    "reply": "Reply",
    "get_next": "Get next",
    "search": "Search by number",
}


def main() -> int:
    """Measure on a server and in folders of this run alone, which are removed afterwards."""
    wanted = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="steward-bench-"))
    for name in [name for name in os.environ if name.startswith("STEWARD_")]:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"STEWARD_DATA": str(folder), "STEWARD_DESK": "main", "DJANGO_SETTINGS_MODULE": "steward.config.settings"}
    server = attach(folder)
    try:
        server.ensure_database("steward")
        results = _run(server, wanted)
    finally:
        server.leave()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(json.dumps({"samples": wanted.samples, "sizes": results}) + "\n" if wanted.json else _table(results))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of tickets, comma separated, growing")
    parser.add_argument("--samples", type=int, default=60, help="how often each operation is timed")
    parser.add_argument("--verify", action="store_true", help="hold the generated desk against its ledger before timing")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


def _run(server: Server, wanted: argparse.Namespace) -> list[dict[str, Any]]:
    import django  # noqa: PLC0415 -- the settings are in the environment only now

    django.setup()
    import psycopg  # noqa: PLC0415 -- as above
    from django.core.management import call_command  # noqa: PLC0415 -- as above
    from django.db import connection  # noqa: PLC0415 -- as above

    from bench.data import fill, make_people  # noqa: PLC0415 -- as above
    from bench.plain import Plain  # noqa: PLC0415 -- as above
    from bench.steward_side import Screens  # noqa: PLC0415 -- as above
    from steward.core import clock  # noqa: PLC0415 -- as above
    from steward.people.queries import requester_of  # noqa: PLC0415 -- as above

    call_command("migrate", verbosity=0)
    at = clock.now()
    agent, asker, queues = make_people(at)
    requester = requester_of(asker.pk)
    results = []
    for size in sorted(int(size) for size in wanted.sizes.split(",")):
        _say(f"Filling the desk to {size:,} tickets …")
        desk = fill(agent, asker, queues, tickets=size, at=at)
        if wanted.verify:
            _verify()
        screens = Screens(desk)
        with psycopg.connect(server.dsn("steward")) as plain_connection:
            plain = Plain(plain_connection, desk, requester.pk if requester else 0)
            results.append({"tickets": size, "operations": _measured(screens, plain, connection, plain_connection, wanted.samples)})
    return results


def _measured(screens: Any, plain: Any, connection: Any, plain_connection: Any, samples: int) -> dict[str, Any]:
    from bench.measure import measure  # noqa: PLC0415 -- kept beside its use

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    measured = {}
    for name, label in OPERATIONS.items():
        _say(f"  {label}")
        ours = measure(getattr(screens, name), samples=samples, backend_pid=backend)
        theirs = measure(getattr(plain, name), samples=samples, backend_pid=plain_connection.info.backend_pid)
        measured[name] = {"steward": vars(ours), "plain_sql": vars(theirs), "ratio": round(ours.p50 / max(theirs.p50, 0.01), 1)}
    return measured


def _verify() -> None:
    from steward.ledger.subscriptions import checks  # noqa: PLC0415 -- Django must be set up first

    problems = [problem for check in checks().values() for problem in check()]
    if problems:
        raise RuntimeError(f"the generated desk is not what its ledger tells: {problems[:5]}")


def _table(results: list[dict[str, Any]]) -> str:
    lines = []
    for size in results:
        lines += ["", f"{size['tickets']:,} tickets", f"{'':<26}{'Steward, ms':^27}{'Plain SQL, ms':^27}"]
        lines.append(f"{'':<26}{'p50':>9}{'p95':>9}{'CPU':>9}{'p50':>9}{'p95':>9}{'CPU':>9}{'ratio':>9}")
        for name, label in OPERATIONS.items():
            one = size["operations"][name]
            both = [one[side][key] for side in ("steward", "plain_sql") for key in ("p50", "p95", "cpu")]
            lines.append(f"{label:<26}" + "".join(f"{value:>9.2f}" for value in both) + f"{one['ratio']:>8.1f}x")
    return "\n".join(lines) + "\n"


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
