"""`python -m bench`: what an agent feels, at several sizes, over HTTP and beside plain SQL, as a table or as JSON."""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.alone import desk_alone
from steward.core.postgres.server import Server

HEAD = f"{'':44}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'plain SQL':>11}{'ratio':>8}"


def main() -> int:
    """Measure on a server and in folders of this run alone, which are removed afterwards unless they are to be kept."""
    wanted = _arguments()
    with desk_alone(keep=wanted.keep) as (folder, server):
        results = _run(server, folder, wanted)
    sys.stdout.write(
        json.dumps({"samples": wanted.samples, "seed": wanted.seed, "sizes": results}) + "\n" if wanted.json else _table(results)
    )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of tickets, comma separated, growing")
    parser.add_argument("--samples", type=int, default=60, help="how often each operation is timed")
    parser.add_argument("--only", default="", help="only the operations whose key holds this text")
    parser.add_argument("--keep", default="", help="make the desk in this folder and leave it there for the next run")
    parser.add_argument("--verify", action="store_true", help="hold the generated tickets against their events before timing")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="draws the lists nobody thought of")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


def _run(server: Server, folder: Path, wanted: argparse.Namespace) -> list[dict[str, Any]]:
    import django  # noqa: PLC0415 -- the settings are in the environment only now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    from bench.data import fill, make_people  # noqa: PLC0415 -- as above
    from steward.core import clock  # noqa: PLC0415 -- as above
    from steward.people.models import User  # noqa: PLC0415 -- as above

    call_command("migrate", verbosity=0)
    at = clock.now()
    if not User.objects.exists():
        make_people(at)
    _say(f"Lists are drawn with --seed {wanted.seed}")
    results = []
    for size in sorted(int(size) for size in wanted.sizes.split(",")):
        _say(f"Filling the desk to {size:,} tickets …")
        desk = fill(tickets=size, at=at)
        if wanted.verify:
            _verify()
        results.append({"tickets": size, **_measured(server, folder, desk, wanted)})
    return results


def _verify() -> None:
    from steward.desk.queries.verification import problems  # noqa: PLC0415 -- Django must be set up first

    found = [problem for _place, problem in zip(range(5), problems(), strict=False)]
    _say("The tickets are what their events tell." if not found else "\n".join(found))


def _measured(server: Server, folder: Path, desk: Any, wanted: argparse.Namespace) -> dict[str, Any]:
    import psycopg  # noqa: PLC0415 -- Django must be set up first

    from bench import load  # noqa: PLC0415 -- as above
    from bench.measure import measure  # noqa: PLC0415 -- as above
    from bench.operations import People, operations  # noqa: PLC0415 -- as above
    from bench.plain import Plain  # noqa: PLC0415 -- as above
    from bench.site import Site  # noqa: PLC0415 -- as above
    from steward.people.queries import requester_of  # noqa: PLC0415 -- as above

    asker = requester_of(desk.asker.pk)
    found: dict[str, Any] = {"operations": {}}
    with Site(folder) as site, psycopg.connect(server.dsn("steward")) as plain_connection:
        people, plain = People(site, desk), Plain(plain_connection, desk, asker.pk if asker else 0)
        for one in operations(people, plain, seed=wanted.seed):
            if wanted.only not in one.key:
                continue
            _say(f"  {one.name}")
            samples = max(8, wanted.samples // 5) if one.before else wanted.samples
            steward = measure(one.run, samples=samples, cpu=site.cpu, before=one.before)
            _say(f"    p50 {steward.p50} ms, p95 {steward.p95} ms, CPU {steward.cpu} ms")
            limit = measure(one.plain, samples=wanted.samples) if one.plain else None
            found["operations"][one.key] = {
                "name": one.name, "steward": asdict(steward), "plain": asdict(limit) if limit else None,
                "ratio": round(steward.p50 / limit.p50, 1) if limit and limit.p50 else None,
            }  # fmt: skip
        if not wanted.only:
            found["weight"] = load.weight(people.agent)
            _say("  From a request to its effects")
            found["effects_ms"] = load.effects(people)
            _say("  The same while 5,000 rows are imported and 5,000 tickets changed")
            found["effects_under_load_ms"] = load.effects_under_load(site, people)
            _say("  Create, 4 clients")
            found["create_4_clients"] = load.creates_a_second(site, desk.asker)
            found["web_memory_mib"] = round(site.memory(), 1)
    return found


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _table(results: list[dict[str, Any]]) -> str:
    lines = []
    for result in results:
        lines += [
            f"\n{result['tickets']:,} tickets",
            HEAD,
        ]
        for one in result["operations"].values():
            steward, plain = one["steward"], one["plain"]
            limit = f"{plain['p50']:11.2f}{one['ratio']:7.1f}x" if plain else ""
            lines.append(f"{one['name'][:43]:44}{steward['p50']:9.2f}{steward['p95']:9.2f}{steward['cpu']:9.2f}{limit}")
        if "weight" in result:
            four, weight, busy = result["create_4_clients"], result["weight"], result["effects_under_load_ms"]
            lines += [
                *(
                    f"From a request to its {effect}: p50 {quiet['p50']} ms, p95 {quiet['p95']} ms; "
                    f"during an import and a bulk of 5,000: {busy[effect]['p50']} ms, {busy[effect]['p95']} ms"
                    for effect, quiet in result["effects_ms"].items()
                ),
                f"Create, 4 clients: {four['a_second']}/s; subscribers {four['behind']} events behind, "
                f"caught up {four['caught_up_after_s']} s later",
                f"Queue page, cold: {weight['all_bytes'] / 1000:.1f} kB in {weight['requests']} requests, "
                f"the document {weight['document_bytes'] / 1000:.1f} kB ({weight['document_raw_bytes'] / 1000:.0f} unpacked)",
                f"Memory of the web processes: {result['web_memory_mib']} MiB (PSS)",
            ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
