"""Reading the ledger: a subject's history, how far subscribers are, and whether the order holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from steward.ledger.models import Event, ParkedStream
from steward.ledger.subscriptions import subscribers


@dataclass(frozen=True)
class Lag:
    """How far one subscriber is behind: events it has not passed, and the age of the oldest, in seconds."""

    name: str
    events: int
    seconds: float
    parked: int


def history(stream: str) -> list[Event]:
    """Give every event of a stream in order."""
    return list(Event.objects.filter(stream=stream).order_by("seq"))


def lags(at: datetime) -> list[Lag]:
    """Give how far each subscriber is behind, for the operator and the metrics."""
    parked: dict[str, int] = {}
    for name in ParkedStream.objects.values_list("subscriber", flat=True):
        parked[name] = parked.get(name, 0) + 1
    rows = []
    with connection.cursor() as cursor:
        for name, subscriber in sorted(subscribers().items()):
            cursor.execute(
                """
                SELECT count(*), min(recorded_at) FROM ledger_event
                 WHERE id > coalesce((SELECT position FROM ledger_subscription WHERE name = %s), 0) AND kind = ANY(%s)
                """,
                [name, list(subscriber.handlers)],
            )
            count, oldest = cursor.fetchone()
            behind = (at - oldest).total_seconds() if oldest else 0.0
            rows.append(Lag(name=name, events=count, seconds=max(behind, 0.0), parked=parked.get(name, 0)))
    return rows


def parked_streams() -> list[ParkedStream]:
    """Give every stream a subscriber could not go on with, oldest first."""
    return list(ParkedStream.objects.order_by("parked_at", "id"))


def order_problems() -> Iterator[str]:
    """Yield a sentence for each stream whose events are not numbered 1, 2, 3 … in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.stream, count(*), max(e.seq), s.last_seq, bool_and(e.ordered)
              FROM (SELECT stream, seq, seq = row_number() OVER (PARTITION BY stream ORDER BY id) AS ordered FROM ledger_event) e
              LEFT JOIN ledger_stream s ON s.name = e.stream
             GROUP BY e.stream, s.last_seq
            HAVING count(*) <> max(e.seq) OR s.last_seq IS DISTINCT FROM max(e.seq) OR NOT bool_and(e.ordered)
             ORDER BY e.stream
            """
        )
        for stream, count, highest, last_seq, ordered in cursor.fetchall():
            yield (
                f"stream {stream}: {count} events, highest number {highest}, counter {last_seq}"
                + ("" if ordered else ", and their order is not the order of their ids")
            )
