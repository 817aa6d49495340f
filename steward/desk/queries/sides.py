"""Tickets side by side, as one looks at them before they are merged: a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from steward.core.rows import rows
from steward.desk.models import Ticket, TicketTag, Watcher

_SAID = """
SELECT t.id, m.n, m.first_at, l.id, l.kind, l.author_kind, coalesce(u.name, r.name, ''), left(l.body, 400), l.created_at
  FROM unnest(%s::bigint[]) AS t(id)
 CROSS JOIN LATERAL (SELECT count(*) AS n, min(created_at) AS first_at FROM desk_message
                      WHERE ticket_id = t.id AND shown_on_id IS NULL AND kind <> 'side') m
 CROSS JOIN LATERAL (SELECT * FROM desk_message
                      WHERE ticket_id = t.id AND shown_on_id IS NULL AND kind <> 'side' AND NOT automatic
                      ORDER BY id DESC LIMIT 4) l
  LEFT JOIN people_user u ON u.id = l.author_user_id
  LEFT JOIN people_requester r ON r.id = l.requester_id
 ORDER BY t.id, l.id
"""


@dataclass(frozen=True)
class Words:
    """A message as a column shows it: the beginning of its text."""

    id: int
    kind: str
    from_requester: bool
    name: str
    body: str
    at: datetime


@dataclass
class Column:
    """One ticket with all that helps to decide."""

    ticket: Ticket
    tags: list[str] = field(default_factory=list)
    watchers: int = 0
    count: int = 0
    last: list[Words] = field(default_factory=list)


def sides_by_side(ids: Sequence[int], *, queue_ids: Sequence[int]) -> list[Column]:
    """Give those of the tickets that are in sight, in the order asked."""
    found = Ticket.objects.filter(pk__in=ids, queue_id__in=queue_ids)
    by_id = {one.pk: Column(one) for one in found.select_related("requester", "queue", "status", "category", "assignee")}
    seen = list(by_id)
    for ticket_id, name in TicketTag.objects.filter(ticket_id__in=seen).order_by("tag__name").values_list("ticket_id", "tag__name"):
        by_id[ticket_id].tags.append(name)
    watching: dict[int, int] = defaultdict(int)
    for ticket_id in Watcher.objects.filter(ticket_id__in=seen, stopped_at=None).values_list("ticket_id", flat=True):
        watching[ticket_id] += 1
    for ticket_id, count, _first, pk, kind, author, name, body, at in rows(_SAID, [seen]):
        column = by_id[ticket_id]
        column.count = count
        column.last.append(Words(pk, kind, author == "requester", name, body, at))
    for ticket_id, column in by_id.items():
        column.watchers = watching[ticket_id]
    return [by_id[ticket_id] for ticket_id in ids if ticket_id in by_id]
