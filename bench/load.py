"""What one client at a time does not show: several at once, how soon an effect follows its fact, memory and weight."""

import gzip
import re
import time
from dataclasses import asdict
from threading import Thread
from typing import Any, Self

from django.db import connection
from django.utils import timezone

from bench.measure import timing
from bench.operations import People, ask
from bench.site import Client, Site, Unexpected, token
from steward.desk.models import BulkRow
from steward.ledger.queries import lags
from steward.people.models import User

CLIENTS, SECONDS = 4, 10.0
SETTLE_WITHIN = 120.0
EFFECTS, MANY = 40, 5_000
_ASSETS = re.compile(rb'(?:href|src)="(/static/[^"#]+)"')


def creates_a_second(site: Site, asker: User) -> dict[str, Any]:
    """Let four requesters ask as fast as they are answered; say how many a second, and how far the subscribers fell behind."""
    clients = [Client(site, asker) for _ in range(CLIENTS)]
    counts, stop = [0] * CLIENTS, time.monotonic() + SECONDS

    def run(place: int) -> None:
        while time.monotonic() < stop:
            ask(clients[place])
            counts[place] += 1

    threads = [Thread(target=run, args=(place,)) for place in range(CLIENTS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - started
    behind = max((lag.events for lag in lags(timezone.now())), default=0)
    return {"a_second": round(sum(counts) / took, 1), "behind": behind, "caught_up_after_s": _caught_up()}


def _caught_up() -> float | None:
    started = time.monotonic()
    while time.monotonic() - started < SETTLE_WITHIN:
        if all(not lag.events for lag in lags(timezone.now())):
            return round(time.monotonic() - started, 2)
        time.sleep(0.02)
    return None


def effects(people: People) -> dict[str, Any]:
    """Say how soon after the answer to a requester's request its effects are there: its clock runs, an agent's screen is told."""
    clocks, screens = [], []
    with Stream(people.agent, f"queue:{people.desk.first_queue_id}") as stream:
        for _ in range(EFFECTS):
            stream.heard.clear()
            people.create()
            started = time.perf_counter()
            ticket_id = int(people.asker.location.rstrip("/").rpartition("/")[2])
            while not _has_clock(ticket_id):
                time.sleep(0.002)
                if time.perf_counter() - started > SETTLE_WITHIN:
                    raise Unexpected(f"no clock for ticket {ticket_id} in {SETTLE_WITHIN:.0f} s")
            clocks.append((time.perf_counter() - started) * 1_000)
            screens.append(stream.first_after(started) * 1_000)
    return {"clock": asdict(timing(clocks)), "screen": asdict(timing(screens))}


def effects_under_load(site: Site, people: People) -> dict[str, Any]:
    """Say the same while an import of 5,000 rows and a bulk change of 5,000 tickets run; and how many of each were done by then."""
    rows = site.folder / f"import-{time.time_ns()}.csv"
    with rows.open("w") as file:
        file.write("external_id,subject,body,requester_email,created_at\n")
        for number in range(MANY):
            file.write(f"{number},Queue page is empty,It is empty since {number}.,asker@bench.example,2026-03-01T08:00:00Z\n")
    first = max(1, people.desk.tickets - MANY - 1)
    people.agent.post("/tickets/bulk/", {"ids": ",".join(map(str, range(first, first + MANY))), "client_token": token()})
    run = people.agent.location.partition("?")[0]
    importing = site.run("import", "tickets", str(rows), "--json")
    people.agent.post(f"{run}start/", {"verb": "priority", "0.priority": "1"})
    try:
        found = effects(people)
        done = BulkRow.objects.filter(run_id=int(run.rstrip("/").rpartition("/")[2])).exclude(state=BulkRow.State.PENDING).count()
        return {**found, "still_importing": importing.poll() is None, "bulk_done": done}
    finally:
        # Broken off: what came in stays, and the rest would only be more of the same.
        importing.terminate()
        importing.wait(SETTLE_WITHIN)
        _caught_up()


class Stream:
    """An agent's open page: when it was told of something."""

    def __init__(self, client: Client, topics: str) -> None:
        self.heard: list[float] = []
        self._answer = client.stream(f"/live?topics={topics}")
        self._reader = Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._reader.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop listening."""
        self._answer.close()

    def _read(self) -> None:
        try:
            while line := self._answer.readline():
                if line.startswith(b"data:"):
                    self.heard.append(time.perf_counter())
        except (OSError, ValueError, AttributeError):
            return

    def first_after(self, started: float) -> float:
        """Give the seconds until it heard something first, none where it did so before the answer came."""
        while not self.heard:
            time.sleep(0.002)
            if time.perf_counter() - started > SETTLE_WITHIN:
                raise Unexpected(f"the screen was told nothing in {SETTLE_WITHIN:.0f} s")
        return max(0.0, self.heard[0] - started)


def _has_clock(ticket_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sla_clock WHERE ticket_id = %s LIMIT 1", [ticket_id])
        return cursor.fetchone() is not None


def weight(client: Client) -> dict[str, Any]:
    """Load a queue page as a browser with an empty cache does: bytes over the wire and requests."""
    document = client.get("/tickets/", view="open")
    page = gzip.decompress(document) if document[:2] == b"\x1f\x8b" else document
    files = dict.fromkeys(match.group(1).decode() for match in _ASSETS.finditer(page))
    sizes = {path: len(client.get(path)) for path in files}
    return {
        "document_bytes": len(document), "document_raw_bytes": len(page),
        "all_bytes": len(document) + sum(sizes.values()), "requests": 1 + len(sizes),
    }  # fmt: skip
