"""The daily report: the events of a day and of what was open then, read once and folded."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.desk.models import Category, Message, Queue
from steward.desk.queries.lists import Row, select_rows
from steward.insight.rules.days import day_bounds
from steward.insight.rules.folding import DOING, STANDING, Happening, TicketDay, fold_day
from steward.insight.rules.report import FIGURES, Figure, Figures, summarize
from steward.people.rules import is_time_zone

# What `received`, `solved` and the others mean; a change of meaning is a new number.
METRICS_VERSION = 1
FIRST_YEAR = 1970

# Tickets with something on the day, and tickets open when it ended (+1 for opened or reopened, -1 for ended);
# of those, where they stood from their first day on, and what was done on the day alone.
_EVENTS = """
WITH touched AS (
    SELECT DISTINCT stream FROM ledger_event
     WHERE kind = ANY(%(kinds)s) AND occurred_at >= %(start)s AND occurred_at < %(end)s
), waiting AS (
    SELECT stream FROM ledger_event
     WHERE kind IN ('desk.ticket_opened', 'desk.status_changed') AND occurred_at < %(end)s
     GROUP BY stream
    HAVING sum(CASE WHEN kind = 'desk.ticket_opened' THEN 1
                    ELSE (payload->>'old' IN ('solved', 'closed'))::int - (payload->>'new' IN ('solved', 'closed'))::int
               END) > 0
)
SELECT split_part(stream, ':', 2)::bigint, kind, payload::text, actor_kind, occurred_at
  FROM ledger_event
 WHERE stream IN (SELECT stream FROM touched UNION SELECT stream FROM waiting)
   AND kind = ANY(%(kinds)s) AND occurred_at < %(end)s AND (kind = ANY(%(standing)s) OR occurred_at >= %(start)s)
 ORDER BY stream, seq
"""
_IN_SIGHT = "SELECT id FROM desk_ticket WHERE id = ANY(%s) AND queue_id = ANY(%s)"


@dataclass(frozen=True)
class DailyReport:
    """A day's figures with the names and rows needed to show them; `until` is the day's end, or now while it runs."""

    day: date
    zone: str
    start: datetime
    end: datetime
    until: datetime
    figures: Figures
    queue_names: dict[int, str] = field(default_factory=dict)
    category_names: dict[int, str] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Tell whether the day is over, so that its figures are final."""
        return self.until >= self.end


def daily_report(*, day: date, zone: str, queue_ids: Iterable[int], at: datetime) -> DailyReport:
    """Give the report of a local day, of tickets in these queues then and now, in a fixed number of queries.

    Reckoned from the ledger alone, so that a past day's figures stay what they were, whatever is moved, renamed into
    another category, reopened or closed later. Raises `Invalid` for an unknown zone and a day that has not begun.
    """
    start, end, until = _bounds(day, zone, at)
    queues = frozenset(queue_ids)
    tickets = _tickets_in_sight(start, until, queues)
    figures = summarize(tickets, end=until)
    shown = {one.ticket_id for one in figures.notable} | {one.ticket_id for one in figures.handed_on}
    note_ids = [one.note_id for one in figures.handed_on if one.note_id is not None]
    return DailyReport(
        day=day,
        zone=zone,
        start=start,
        end=end,
        until=until,
        figures=figures,
        queue_names=dict(Queue.objects.filter(pk__in=queues).values_list("id", "name")),
        category_names=category_paths(),
        rows={row.id: row for row in select_rows(sorted(shown), queue_ids=sorted(queues))},
        notes=dict(Message.objects.filter(pk__in=note_ids).values_list("id", "body")),
    )


def rows_behind(
    report: DailyReport,
    *,
    figure: str,
    part: str = "",
    queue_ids: Iterable[int],
) -> list[tuple[Row, TicketDay]]:
    """Give the tickets behind a figure as they stand now, each with what it was that day, in the report's order.

    `part` narrows it down: `queue:3`, `category:7`, `category:none`, `clock:resolution`, `state:pending`,
    `handed:lead`, `age:2` (the third bucket).
    Raises `NotFound` for a figure or part that the report does not have.
    """
    wanted = figure_of(report.figures, figure)
    ids = wanted.ticket_ids
    if part:
        narrowed = set(_part_of(report.figures, part).ticket_ids)
        ids = tuple(ticket_id for ticket_id in ids if ticket_id in narrowed)
    return [(row, report.figures.standing[row.id]) for row in select_rows(list(ids), queue_ids=sorted(queue_ids))]


def figure_of(figures: Figures, name: str) -> Figure:
    """Give a figure by its name; raises `NotFound` for one the report does not have."""
    if name == "notable":
        return Figure(tuple(one.ticket_id for one in figures.notable))
    if name not in FIGURES:
        raise NotFound(_("The daily report has no figure of that name."), hint=_("Go back to the report."))
    return figures.figures[name]


def _part_of(figures: Figures, part: str) -> Figure:
    kind, _colon, value = part.partition(":")
    standing = figures.standing.values()
    if kind == "clock":
        return figures.breached.get(value, Figure())
    if kind == "handed":
        return Figure(tuple(one.ticket_id for one in figures.handed_on if one.purpose == value))
    if kind == "state":
        state, _dot, reason = value.partition(".")
        found = [one.figure for one in figures.waiting if one.state == state and (not reason or one.reason == reason)]
        return Figure(tuple(ticket_id for figure in found for ticket_id in figure.ticket_ids))
    if kind == "age" and value.isascii() and value.isdigit() and int(value) < len(figures.age.buckets):
        return figures.age.buckets[int(value)][1]
    if kind in {"queue", "category"} and (value == "none" or (value.isascii() and value.isdigit())):
        wanted = None if value == "none" else int(value)
        return Figure(tuple(day.ticket_id for day in standing if getattr(day, f"{kind}_id") == wanted))
    raise NotFound(_("The daily report has no such part."), hint=_("Go back to the report."))


def category_paths() -> dict[int, str]:
    """Give every category's path from the root, such as `Access / Sign-in`."""
    nodes: dict[int, tuple[int | None, str]] = {
        pk: (parent, name) for pk, parent, name in Category.objects.values_list("id", "parent_id", "name")
    }
    return {pk: _path(pk, nodes) for pk in nodes}


def _path(pk: int, nodes: dict[int, tuple[int | None, str]]) -> str:
    names: list[str] = []
    at: int | None = pk
    while at is not None and at in nodes and len(names) <= len(nodes):
        at, name = nodes[at]
        names.append(name)
    return " / ".join(reversed(names))


def _bounds(day: date, zone: str, at: datetime) -> tuple[datetime, datetime, datetime]:
    if not is_time_zone(zone):
        raise Invalid(_("There is no time zone %(zone)s.") % {"zone": zone}, field="zone", hint=_("Write it like Asia/Shanghai."))
    if not FIRST_YEAR <= day.year < date.max.year:
        raise Invalid(_("There is no report for that day."), field="date", hint=_("Choose another day."))
    start, end = day_bounds(day, zone)
    if start > at:
        raise Invalid(_("That day has not begun."), field="date", hint=_("Choose today or a day before."))
    return start, end, min(end, at)


def _tickets_in_sight(start: datetime, end: datetime, queues: frozenset[int]) -> list[TicketDay]:
    """Fold the day and keep what lay in these queues at its end and lies in them now: sight can only be lost by a move."""
    folded = fold_day(_happenings(start, end), start=start, end=end)
    then = [ticket.ticket_id for ticket in folded.values() if ticket.queue_id in queues]
    with connection.cursor() as cursor:
        cursor.execute(_IN_SIGHT, [then, list(queues)])
        return [folded[int(row[0])] for row in cursor.fetchall()]


def _happenings(start: datetime, end: datetime) -> Iterator[Happening]:
    values: dict[str, Any] = {"start": start, "end": end, "kinds": [*STANDING, *DOING], "standing": list(STANDING)}
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, values)
        for ticket_id, kind, payload, actor_kind, at in cursor:
            yield Happening(ticket_id, kind, json.loads(payload), actor_kind, at)
