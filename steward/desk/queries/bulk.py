"""Reading bulk runs: what a filter selects, what would change, how far a run is, and what became of each ticket."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Protocol

from django.db import connection

from steward.desk.models import BulkRow, BulkRun, Ticket
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.filtering.plan import Plan
from steward.desk.queries.snapshots import snapshots
from steward.desk.queries.walking import find
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor

CHUNK = 500
SECONDS = 3.0
EXAMPLES = 50


def matching_ids(asked: Plan, *, order: str, most: int, seconds: float = SECONDS) -> tuple[list[int], bool]:
    """Give the tickets of a filter, the first `most` of them in its order, and whether these are all there are."""
    found: list[int] = []
    page, until = "", monotonic() + seconds
    while len(found) < most:
        step = find(asked, order, page=page, most=min(1_000, most - len(found)), seconds=max(until - monotonic(), 0.1))
        found += step.ids
        if step.older is None:
            return found, True
        if monotonic() > until:
            return found, False
        page = step.older
    return found, False


class Says(Protocol):
    """What a verb says it would change, or why it may not."""

    @property
    def changes(self) -> tuple[str, ...]:
        """Give the changes in words."""

    @property
    def refused(self) -> str:
        """Give why not, empty where it can be done."""


@dataclass(frozen=True)
class Told:
    """One ticket of a preview: its subject, what would change, or why not."""

    ticket_id: int
    subject: str
    changes: tuple[str, ...] = ()
    refused: str = ""


@dataclass
class Preview:
    """What a run would do: how many tickets change, how many are so already, how many cannot and why, with examples of each."""

    changing: int = 0
    nothing: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    changed: list[Told] = field(default_factory=list)
    refusals: list[Told] = field(default_factory=list)

    def add(self, told: Told) -> None:
        """Count a ticket in."""
        if told.refused:
            self.refused += 1
            self.reasons[told.refused] += 1
            if len(self.refusals) < EXAMPLES:
                self.refusals.append(told)
        elif told.changes:
            self.changing += 1
            if len(self.changed) < EXAMPLES:
                self.changed.append(told)
        else:
            self.nothing += 1


Describe = Callable[[Sequence[Snapshot]], Iterable[tuple[Snapshot, Sequence[Says]]]]


def preview_of(run: BulkRun, describe: Describe, *, by: Actor, gone: str, merged: str) -> Preview:
    """Say what a run would do to its tickets, reading them in large steps; `gone` and `merged` say why those cannot."""
    found, queue_ids = Preview(), visible_queue_ids(by)
    waiting = iter(run.rows.order_by("ticket_id").values_list("ticket_id", flat=True))
    while chunk := list(islice(waiting, CHUNK)):
        seen = snapshots(chunk, queue_ids=queue_ids)
        went_on = set(Ticket.objects.filter(pk__in=chunk, merged_into__isnull=False).values_list("id", flat=True))
        for ticket_id in chunk:
            if ticket_id not in seen:
                found.add(Told(ticket_id, "", refused=gone))
            elif ticket_id in went_on:
                found.add(Told(ticket_id, seen[ticket_id].subject, refused=merged))
        for snapshot, said in describe([seen[one] for one in chunk if one in seen and one not in went_on]):
            found.add(_told(snapshot, said))
    return found


def _told(ticket: Snapshot, said: Sequence[Says]) -> Told:
    refused = next((one.refused for one in said if one.refused), "")
    changes = tuple(words for one in said for words in one.changes)
    return Told(ticket.ticket_id, ticket.subject, () if refused else changes, refused)


@dataclass(frozen=True)
class Progress:
    """How far a run is: how many of its tickets stand where."""

    pending: int = 0
    done: int = 0
    nothing: int = 0
    left: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Give the number of all its tickets."""
        return self.pending + self.through

    @property
    def through(self) -> int:
        """Give the number of tickets it is through with."""
        return self.done + self.nothing + self.left + self.failed


def progress_of(bulk_id: int) -> Progress:
    """Count the tickets of a run by what became of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM desk_bulkrow WHERE run_id = %s GROUP BY state", [bulk_id])
        return Progress(**dict(cursor.fetchall()))


@dataclass(frozen=True)
class Line:
    """One ticket of a run as its page shows it; out of the reader's sight it has no subject."""

    ticket_id: int
    state: str
    reason: str
    subject: str | None


_LINES = """
SELECT b.ticket_id, b.state, b.reason, CASE WHEN t.queue_id = ANY(%s) THEN t.subject END
  FROM desk_bulkrow b JOIN desk_ticket t ON t.id = b.ticket_id
 WHERE b.run_id = %s AND b.state = ANY(%s) AND b.ticket_id > %s ORDER BY b.ticket_id LIMIT %s
"""


def lines_of(bulk_id: int, states: Sequence[str], *, queue_ids: list[int], after: int = 0, most: int = EXAMPLES) -> list[Line]:
    """Give the tickets of a run in some states, by number."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [queue_ids, bulk_id, list(states), after, most])
        return [Line(*row) for row in cursor.fetchall()]


def reasons_of(bulk_id: int, states: Sequence[str]) -> list[tuple[str, int]]:
    """Give the reasons of a run's tickets in some states, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, count(*) FROM desk_bulkrow WHERE run_id = %s AND state = ANY(%s) AND reason <> ''"
            " GROUP BY reason ORDER BY 2 DESC, 1 LIMIT 20",
            [bulk_id, list(states)],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def runs_of(user_id: int | None, *, most: int = 50) -> list[BulkRun]:
    """Give the newest runs, of one person or of everybody, that were started."""
    runs = BulkRun.objects.exclude(state=BulkRun.State.PREPARED).select_related("user")
    if user_id is not None:
        runs = runs.filter(user_id=user_id)
    return list(runs.order_by("-id")[:most])


def ticket_ids_of(bulk_id: int) -> list[int]:
    """Give the tickets of a run."""
    return list(BulkRow.objects.filter(run_id=bulk_id).order_by("ticket_id").values_list("ticket_id", flat=True))
