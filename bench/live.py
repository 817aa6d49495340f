"""`python -m bench.live`: many agents with an open stream each: what one costs in memory, and how soon all hear of a message."""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.alone import desk_alone

MESSAGES, SIGHTINGS = 30, 30
PAUSE = 0.4
TOLD_WITHIN = 20.0


@dataclass
class Stream:
    """One agent's stream: what it has heard, and when."""

    cookie: str
    topics: str
    heard: list[tuple[float, bytes]] = field(default_factory=list)

    async def run(self, port: int, ready: asyncio.Semaphore) -> None:
        """Open the stream and note each event, until cancelled."""
        async with ready:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            asked = f"GET /live?topics={self.topics} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {self.cookie}\r\n\r\n"
            writer.write(asked.encode())
            status = await reader.readline()
            if b" 200 " not in status:
                raise RuntimeError(f"a stream was refused: {status!r}")
            while await reader.readline() not in {b"\r\n", b""}:
                pass
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    self.heard.append((time.perf_counter(), line))
        finally:
            writer.close()


def main() -> int:
    """Measure on a server and in a folder of this run alone, removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--streams", type=int, default=500, help="agents with an open stream")
    parser.add_argument("--workers", type=int, default=1, help="web processes they are spread over")
    wanted = parser.parse_args()
    with desk_alone("live-") as (folder, _server):
        told = _run(folder, wanted)
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _run(folder: Path, wanted: argparse.Namespace) -> dict[str, Any]:
    import django  # noqa: PLC0415 -- after the environment names the database

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- app ready

    call_command("migrate", verbosity=0)
    from bench.site import Client, Site  # noqa: PLC0415 -- app ready

    people = _people(wanted.streams)
    with Site(folder, workers=wanted.workers) as site:
        clients = [Client(site, user) for user in people["agents"]]
        clients[0].get("/tickets/")
        time.sleep(2)
        return asyncio.run(_measured(site, clients, people, wanted))


def _people(count: int) -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415 -- app ready

    from steward.desk.actions.intake import Origin, open_ticket  # noqa: PLC0415 -- app ready
    from steward.desk.actions.starting import start_desk  # noqa: PLC0415 -- app ready
    from steward.people.actions import add_user, ensure_requester  # noqa: PLC0415 -- app ready
    from steward.people.actor import system  # noqa: PLC0415 -- app ready
    from steward.people.queries import requester_actor  # noqa: PLC0415 -- app ready

    setup, at = system("bench"), timezone.now()
    start_desk(by=setup, at=at)
    agents = [
        add_user(email=f"agent{number}@desk.example", name=f"Agent {number}", roles=["agent"], by=setup, at=at)
        for number in range(count)
    ]
    asks = ensure_requester(name="Ravi", email="ravi@console.example", by=setup, at=at)
    ticket = open_ticket(requester=asks, subject="", body="Help", origin=Origin(channel="portal"), by=requester_actor(asks), at=at)
    return {"agents": agents, "ticket": ticket, "asks": requester_actor(asks)}


async def _measured(site: Any, clients: list[Any], people: dict[str, Any], wanted: argparse.Namespace) -> dict[str, Any]:
    ticket = people["ticket"]
    shown = f"ticket:{ticket.pk},queue:{ticket.queue_id},here:{ticket.pk},writing:{ticket.pk}"
    streams = [Stream(client.headers["Cookie"], f"{shown},user:{number}") for number, client in enumerate(clients)]
    before = site.memory()
    at_once = asyncio.Semaphore(20)
    tasks = [asyncio.create_task(one.run(site.port, at_once)) for one in streams]
    await _until(lambda: at_once._value == 20 or any(task.done() for task in tasks))  # noqa: PLR2004, SLF001 -- all are open
    await asyncio.sleep(5)
    if broken := [task for task in tasks if task.done()]:
        broken[0].result()
    after = site.memory()
    messages = [await _message(streams, people) for _ in range(MESSAGES)]
    # A connection of its own: those of the agents have been idle for too long.
    one = await asyncio.to_thread(type(clients[0]), site, people["agents"][0])
    sightings = [await _sighting(streams, one, ticket.pk, number) for number in range(SIGHTINGS)]
    grown = site.memory()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {
        "streams": wanted.streams,
        "web_processes": wanted.workers,
        "kib_a_stream": round((after - before) * 1024 / len(streams), 1),
        "kib_a_stream_after_work": round((grown - before) * 1024 / len(streams), 1),
        "message_to_stream_ms": _spread([took for round_ in messages for took in round_]),
        "message_to_last_stream_ms": _spread([max(round_) for round_ in messages]),
        "sighting_to_stream_ms": _spread([took for round_ in sightings for took in round_]),
    }


async def _message(streams: list[Stream], people: dict[str, Any]) -> list[float]:
    """Let the requester write; give how long after the commit each stream heard of it."""
    from django.utils import timezone  # noqa: PLC0415 -- app ready

    from steward.desk.actions.intake import receive_message  # noqa: PLC0415 -- app ready

    def write() -> float:
        receive_message(ticket_id=people["ticket"].pk, body="Still broken", by=people["asks"], at=timezone.now())
        return time.perf_counter()

    return await _heard(streams, write, b'"topics"')


async def _sighting(streams: list[Stream], client: Any, ticket_id: int, number: int) -> list[float]:
    """Let somebody begin to write, or stop; give how long after the answer each other stream showed it."""

    def post() -> float:
        started = time.perf_counter()
        client.post("/here/", {"ticket": ticket_id, "mode": "view" if number % 2 else "reply", "tab": "bench"})
        return started

    return await _heard(streams[1:], post, b'"people"')


async def _heard(streams: list[Stream], act: Any, mark: bytes) -> list[float]:
    for one in streams:
        one.heard.clear()
    since = await asyncio.to_thread(act)
    await _until(lambda: all(any(mark in line for _at, line in one.heard) for one in streams))
    took = [next(at for at, line in one.heard if mark in line) - since for one in streams]
    await asyncio.sleep(PAUSE)
    return [max(0.0, one) * 1000 for one in took]


async def _until(ready: Any) -> None:
    deadline = time.monotonic() + TOLD_WITHIN
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError("not everybody heard of it")
        await asyncio.sleep(0.01)


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50": round(ordered[len(ordered) // 2], 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "max": round(ordered[-1], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
