"""What one client at a time does not show: several at once, how soon an effect follows its fact, memory and weight."""

import gzip
import re
import time
from threading import Thread
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.measure import timing
from bench.operations import People, ask
from bench.site import Client, Site
from steward.ledger.queries import lags
from steward.people.models import User

CLIENTS, SECONDS = 4, 10.0
SETTLE_WITHIN = 120.0
EFFECTS = 40
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
    """Say how soon after an answer to a requester's request its clock runs: from the request's commit to the clock's row."""
    took = []
    for _ in range(EFFECTS):
        people.create()
        started = time.perf_counter()
        ticket_id = int(people.asker.location.rstrip("/").rpartition("/")[2])
        while not _has_clock(ticket_id):
            time.sleep(0.002)
            if time.perf_counter() - started > SETTLE_WITHIN:
                return {"p50": None, "p95": None}
        took.append((time.perf_counter() - started) * 1_000)
    found = timing(took)
    return {"p50": found.p50, "p95": found.p95}


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
