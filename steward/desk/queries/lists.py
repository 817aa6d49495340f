"""Lists of tickets: rows for a page of a filter, and counts that match what opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from steward.core.rows import rows
from steward.desk.queries.filtering.conditions import Tells
from steward.desk.queries.filtering.plan import Plan
from steward.desk.queries.walking import SECONDS, find
from steward.desk.rules.states import ENDED

PAGE_ROWS = 50


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
    language: str


@dataclass(frozen=True)
class TicketPage:
    """One page of a list, with the tokens that lead to its neighbors.

    `counted` hits were counted, all there are when `is_counted_out`. `looked_at` is set where the list stopped looking
    before its end: so many tickets were looked through, and `older` goes on from there.
    """

    rows: list[Row]
    newer: str | None = None
    older: str | None = None
    counted: int = 0
    is_counted_out: bool = True
    looked_at: int | None = None


_SELECT = """
SELECT t.id, t.subject, t.state, s.name, t.waiting_reason, t.priority, t.queue_id, q.name, q.restricted, c.name,
       r.name, t.assignee_id, u.name, t.channel, t.created_at, t.updated_at, t.due_at, t.last_message_at,
       coalesce(t.last_requester_message_at >= t.last_message_at, false), t.snoozing, t.language
  FROM desk_ticket t
  JOIN desk_status s ON s.id = t.status_id
  JOIN desk_queue q ON q.id = t.queue_id
  JOIN people_requester r ON r.id = t.requester_id
  LEFT JOIN desk_category c ON c.id = t.category_id
  LEFT JOIN people_user u ON u.id = t.assignee_id
"""


def list_tickets(plan: Plan, *, order: str = "due", page: str = "", most: int = PAGE_ROWS, seconds: float = SECONDS) -> TicketPage:
    """Give one page of a filter in an order, by keyset; an order of due times takes only what is being worked.

    Raises `Invalid` for a page token that was cut or made up.
    """
    found = find(plan, order, page=page, most=most, seconds=seconds)
    listed = select_rows(found.ids, queue_ids=plan.reader.queue_ids)
    return TicketPage(listed, found.newer, found.older, found.counted, found.is_counted_out, found.looked_at)


def select_rows(ids: list[int], *, queue_ids: list[int]) -> list[Row]:
    """Give the rows of these tickets that lie in sight, in the order of the ids."""
    if not ids:
        return []
    found = {row[0]: Row(*row) for row in rows(f"{_SELECT} WHERE t.id = ANY(%s) AND t.queue_id = ANY(%s)", [ids, queue_ids])}
    return [found[ticket_id] for ticket_id in ids if ticket_id in found]


# Owners nobody asks for count as one, who is nobody's number.
_COUNTS = """
SELECT queue_id, state, CASE WHEN assignee_id = ANY(%s) OR assignee_id IS NULL THEN assignee_id ELSE 0 END, asleep, sum(n)::bigint
  FROM desk_ticketcount WHERE queue_id = ANY(%s) GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
"""


@dataclass(frozen=True)
class Counts:
    """How many tickets stand behind each view and queue, for one actor; a view that only a search can count is not among them."""

    views: dict[str, int]
    queues: dict[int, int]


def counts(plans: Iterable[tuple[str, Plan]], *, queue_ids: list[int]) -> Counts:
    """Count what each view and queue would open, from the counting table, in one query."""
    tellers, owners = dict[str, list[Tells]](), set[int]()
    for key, plan in plans:
        if (tells := _tellers(plan)) is not None:
            tellers[key] = tells
            owners.update(*(condition.owners for condition in plan.conditions))
    views = dict.fromkeys(tellers, 0)
    queues: dict[int, int] = dict.fromkeys(queue_ids, 0)
    for queue_id, state, assignee_id, asleep, n in rows(_COUNTS, [sorted(owners), queue_ids]):
        if state not in ENDED and not asleep:
            queues[queue_id] += n
        for key, tells in tellers.items():
            for tell in tells:
                if not tell(queue_id, state, assignee_id, asleep):
                    break
            else:
                views[key] += n
    return Counts(views=views, queues=queues)


def _tellers(plan: Plan) -> list[Tells] | None:
    told = [condition.tells for condition in plan.conditions if condition.tells]
    return told if len(told) == len(plan.conditions) else None
