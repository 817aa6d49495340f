"""Lists of tickets: a filter that an address can carry, rows for a page, and counts that match what opens."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import connection

from steward.core.pagination import Page, from_token, to_token
from steward.desk.rules.states import ENDED, WORKING, State

PAGE_ROWS = 50
FAR = "9999-12-31T00:00:00Z"


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets a list shows, and in what order; every field can stand in an address."""

    states: tuple[str, ...] = ()
    assignee: str = ""  # "me", "none", "" for anybody, or a user's id
    queue_id: int | None = None
    category_id: int | None = None
    priority: int | None = None
    tag_id: int | None = None
    requester_id: int | None = None
    snoozed: str = ""  # "no" leaves sleeping tickets out, "only" shows nothing else
    order: str = "due"  # "due", "updated" or "newest"


@dataclass(frozen=True)
class Row:
    """A ticket as a list shows it."""

    id: int
    subject: str
    state: str
    status: str
    waiting_reason: str
    priority: int
    queue_id: int
    queue: str
    restricted: bool
    category: str | None
    requester: str
    assignee_id: int | None
    assignee: str | None
    channel: str
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    last_message_at: datetime
    awaits_reply: bool
    snoozing: str


@dataclass(frozen=True)
class View:
    """A named list beside the tickets, with the filter it opens."""

    key: str
    filter: TicketFilter


_WORKING = tuple(state.value for state in State if state in WORKING)
VIEWS: tuple[View, ...] = (
    View("mine", TicketFilter(states=_WORKING, assignee="me", snoozed="no")),
    View("snoozed", TicketFilter(states=_WORKING, assignee="me", snoozed="only")),
    View("unassigned", TicketFilter(states=("new", "open"), assignee="none")),
    View("open", TicketFilter(states=_WORKING, snoozed="no")),
    View("pending", TicketFilter(states=("pending",), snoozed="no")),
    View("on_hold", TicketFilter(states=("on_hold",), snoozed="no")),
    View("solved", TicketFilter(states=("solved",), order="updated")),
    View("closed", TicketFilter(states=("closed",), order="updated")),
    View("all", TicketFilter(order="newest")),
)

_SELECT = """
SELECT t.id, t.subject, t.state, s.name, t.waiting_reason, t.priority, t.queue_id, q.name, q.restricted, c.name,
       r.name, t.assignee_id, u.name, t.channel, t.created_at, t.updated_at, t.due_at, t.last_message_at,
       coalesce(t.last_requester_message_at >= t.last_message_at, false), t.snoozing
  FROM desk_ticket t
  JOIN desk_status s ON s.id = t.status_id
  JOIN desk_queue q ON q.id = t.queue_id
  JOIN people_requester r ON r.id = t.requester_id
  LEFT JOIN desk_category c ON c.id = t.category_id
  LEFT JOIN people_user u ON u.id = t.assignee_id
"""


_SNOOZED = {"no": "t.snoozing <> 'asleep'", "only": "t.snoozing = 'asleep'"}
_CASTS: dict[type, str] = {datetime: "timestamptz", int: "bigint"}


@dataclass(frozen=True)
class _Order:
    keys: tuple[str, ...]
    kinds: tuple[type, ...]
    descending: bool

    def sql(self, *, backwards: bool) -> str:
        way = "DESC" if self.descending != backwards else "ASC"
        return ", ".join(f"{key} {way}" for key in self.keys)

    def beyond(self, *, backwards: bool) -> str:
        sign = "<" if self.descending != backwards else ">"
        return f"({', '.join(self.keys)}) {sign} ({', '.join('%s::' + _CASTS[kind] for kind in self.kinds)})"


class _Orders:
    """The orders a list may have; each is one index from end to end."""

    BY: ClassVar[dict[str, _Order]] = {
        "due": _Order((f"coalesce(t.due_at, '{FAR}'::timestamptz)", "t.id"), (datetime, int), descending=False),
        "updated": _Order(("t.updated_at", "t.id"), (datetime, int), descending=True),
        "newest": _Order(("t.id",), (int,), descending=True),
    }


def _where(wanted: TicketFilter, *, queue_ids: list[int], user_id: int | None) -> tuple[list[str], list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    if wanted.queue_id is not None:
        parts.append("t.queue_id = %s")
        values.append(wanted.queue_id if wanted.queue_id in queue_ids else -1)
    else:
        parts.append("t.queue_id = ANY(%s)")
        values.append(queue_ids)
    if wanted.states:
        # Written out, not bound: only so can the planner use the partial indexes over the working states.
        listed = ", ".join(f"'{State(state).value}'" for state in wanted.states)
        parts.append(f"t.state IN ({listed})")
    if wanted.snoozed in _SNOOZED:
        parts.append(_SNOOZED[wanted.snoozed])
    if wanted.assignee == "none":
        parts.append("t.assignee_id IS NULL")
    elif wanted.assignee:
        parts.append("t.assignee_id = %s")
        values.append(user_id if wanted.assignee == "me" else int(wanted.assignee))
    for column, value in (
        ("t.category_id", wanted.category_id),
        ("t.priority", wanted.priority),
        ("t.requester_id", wanted.requester_id),
    ):
        if value is not None:
            parts.append(f"{column} = %s")
            values.append(value)
    if wanted.tag_id is not None:
        parts.append("EXISTS (SELECT 1 FROM desk_tickettag tt WHERE tt.ticket_id = t.id AND tt.tag_id = %s)")
        values.append(wanted.tag_id)
    return parts, values


def list_tickets(
    wanted: TicketFilter,
    *,
    queue_ids: list[int],
    user_id: int | None,
    page: str = "",
    rows: int = PAGE_ROWS,
) -> Page[Row]:
    """Give one page of tickets in the queues an actor sees, by keyset, in one query.

    Raises `Invalid` for a page token that was cut or made up.
    """
    order = _Orders.BY.get(wanted.order, _Orders.BY["due"])
    parts, values = _where(wanted, queue_ids=queue_ids, user_id=user_id)
    backwards = False
    if page:
        key, backwards = from_token(page, length=len(order.keys), kinds=order.kinds)
        parts.append(order.beyond(backwards=backwards))
        values += key
    sql = f"{_SELECT} WHERE {' AND '.join(parts)} ORDER BY {order.sql(backwards=backwards)} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, rows + 1])
        found = [Row(*record) for record in cursor.fetchall()]
    more, found = len(found) > rows, found[:rows]
    if backwards:
        if not found:
            # All that stood before has gone meanwhile: the first page is what there is now.
            return list_tickets(wanted, queue_ids=queue_ids, user_id=user_id, rows=rows)
        found.reverse()
    has_newer, has_older = (more, True) if backwards else (bool(page), more)
    return Page(
        rows=found,
        newer=to_token(_key(found[0], wanted.order), backwards=True) if found and has_newer else None,
        older=to_token(_key(found[-1], wanted.order)) if found and has_older else None,
    )


def _key(row: Row, order: str) -> tuple[str | int, ...]:
    if order == "newest":
        return (row.id,)
    if order == "updated":
        return (row.updated_at.astimezone(UTC).isoformat(), row.id)
    return (row.due_at.astimezone(UTC).isoformat() if row.due_at else FAR, row.id)


_COUNTS = """
SELECT queue_id, state, assignee_id, asleep, sum(n) FROM desk_ticketcount
 WHERE queue_id = ANY(%s) GROUP BY queue_id, state, assignee_id, asleep HAVING sum(n) <> 0
"""


@dataclass(frozen=True)
class Counts:
    """How many tickets stand behind each view and queue, for one actor."""

    views: dict[str, int]
    queues: dict[int, int]


def counts(*, queue_ids: list[int], user_id: int | None) -> Counts:
    """Count what each view and queue would open, from the counting table, in one query."""
    views = dict.fromkeys((view.key for view in VIEWS), 0)
    queues: dict[int, int] = dict.fromkeys(queue_ids, 0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [queue_ids])
        for queue_id, state, assignee_id, asleep, n in cursor.fetchall():
            if state not in ENDED and not asleep:
                queues[queue_id] += n
            for view in VIEWS:
                if _counted(view.filter, state=state, assignee_id=assignee_id, asleep=asleep, user_id=user_id):
                    views[view.key] += n
    return Counts(views=views, queues=queues)


def _counted(wanted: TicketFilter, *, state: str, assignee_id: int | None, asleep: bool, user_id: int | None) -> bool:
    if wanted.states and state not in wanted.states:
        return False
    if wanted.snoozed and asleep != (wanted.snoozed == "only"):
        return False
    if wanted.assignee == "me":
        return assignee_id is not None and assignee_id == user_id
    return wanted.assignee != "none" or assignee_id is None


def to_query(wanted: TicketFilter, *, base: TicketFilter | None = None) -> dict[str, str]:
    """Write a filter as the parameters of an address, leaving out what is not set or as in `base`, from which it is read back."""
    base = base or TicketFilter()
    query = {}
    for field in fields(wanted):
        value = getattr(wanted, field.name)
        if value not in (None, "", ()) and value != getattr(base, field.name):
            query[field.name] = ",".join(value) if isinstance(value, tuple) else str(value)
    return query


def from_query(query: dict[str, str], *, base: TicketFilter | None = None) -> TicketFilter:
    """Read a filter back from an address; what is unknown or malformed is left out, never an error page."""
    wanted = base or TicketFilter()
    for name in ("queue_id", "category_id", "priority", "tag_id", "requester_id"):
        raw = query.get(name, "")
        if raw.isascii() and raw.isdigit() and len(raw) < 18:  # noqa: PLR2004 -- what fits a bigint
            wanted = replace(wanted, **{name: int(raw)})  # type: ignore[arg-type]
    if "states" in query:
        known = tuple(state for state in query["states"].split(",") if state in State.__members__.values())
        wanted = replace(wanted, states=known or wanted.states)
    assignee = query.get("assignee", "")
    if assignee in {"me", "none"} or (assignee.isascii() and assignee.isdigit() and len(assignee) < 18):  # noqa: PLR2004 -- what fits a bigint
        wanted = replace(wanted, assignee=assignee)
    if query.get("snoozed", "") in _SNOOZED:
        wanted = replace(wanted, snoozed=query["snoozed"])
    if query.get("order", "") in _Orders.BY:
        wanted = replace(wanted, order=query["order"])
    return wanted


def select_rows(ids: list[int], *, queue_ids: list[int]) -> list[Row]:
    """Give the rows of these tickets that lie in sight, in the order of the ids."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} WHERE t.id = ANY(%s) AND t.queue_id = ANY(%s)", [ids, queue_ids])
        found = {record[0]: Row(*record) for record in cursor.fetchall()}
    return [found[ticket_id] for ticket_id in ids if ticket_id in found]
