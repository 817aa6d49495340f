"""Reads of notices; what stands in a queue the reader may not see does not exist for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from steward.core.rows import first_row
from steward.people.models import Notice, NoticePreference
from steward.people.notice_kinds import notice_kind
from steward.people.rules import BATCH_FOR, NoticeRule

MOST_COUNTED = 100
PAGE_SIZE = 30
# Of a batch, so many lines are drawn; the rest is a number.
SHOWN_OF_A_BATCH = 5


@dataclass(frozen=True)
class Bell:
    """What the bell shows: how many batches are new, and the newest of them that is loud."""

    unread: int
    loud_id: int | None = None
    loud_kind: str = ""


@dataclass(frozen=True)
class Batch:
    """Notices of one kind that came within minutes, as one: `notices` holds the newest few of `count`."""

    id: int
    kind: str
    notices: tuple[Notice, ...]
    count: int
    tickets: int
    unread: int


def notices_of(
    user_id: int,
    *,
    visible_queue_ids: Iterable[int],
    before_id: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[Notice]:
    """Give a user's notices one by one, newest first, as far as the queues they may see now allow."""
    notices = _visible(user_id, visible_queue_ids)
    if before_id is not None:
        notices = notices.filter(id__lt=before_id)
    return list(notices.order_by("-id")[:limit])


_BATCHES = """
WITH heads AS (
    SELECT DISTINCT coalesce(first_id, id) AS head FROM people_notice
     WHERE user_id = %s AND coalesce(first_id, id) < %s AND (queue_id IS NULL OR queue_id = ANY(%s))
     ORDER BY head DESC LIMIT %s
), told AS (
    SELECT h.head, n.id, n.read_at, n.ticket_id, row_number() OVER (PARTITION BY h.head ORDER BY n.id DESC) AS place
      FROM heads h
      JOIN people_notice n ON n.user_id = %s AND coalesce(n.first_id, n.id) = h.head
                          AND (n.queue_id IS NULL OR n.queue_id = ANY(%s))
)
SELECT head, array_agg(id ORDER BY place) FILTER (WHERE place <= %s), count(*), count(DISTINCT ticket_id),
       count(*) FILTER (WHERE read_at IS NULL)
  FROM told GROUP BY head ORDER BY head DESC
"""
_LAST = 2**62


def batches_of(
    user_id: int, *, visible_queue_ids: Iterable[int], before_id: int | None = None, limit: int = PAGE_SIZE
) -> list[Batch]:
    """Give a user's notices batch by batch, newest first, in two queries however many there are."""
    queues = list(visible_queue_ids)
    with connection.cursor() as cursor:
        cursor.execute(_BATCHES, [user_id, before_id or _LAST, queues, limit, user_id, queues, SHOWN_OF_A_BATCH])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    notices = Notice.objects.in_bulk([notice_id for row in rows for notice_id in row[1]])
    batches = []
    for head, ids, count, tickets, unread in rows:
        shown = tuple(notices[notice_id] for notice_id in ids if notice_id in notices)
        if shown:
            batches.append(Batch(head, shown[0].kind, shown, count, tickets, unread))
    return batches


_BELL = """
SELECT count(*), max(head) FILTER (WHERE loud),
       (array_agg(kind ORDER BY head DESC) FILTER (WHERE loud))[1]
  FROM (SELECT coalesce(first_id, id) AS head, bool_or(loud) AS loud, min(kind) AS kind FROM people_notice
         WHERE user_id = %s AND read_at IS NULL AND NOT quiet AND (queue_id IS NULL OR queue_id = ANY(%s))
         GROUP BY 1 ORDER BY 1 DESC LIMIT %s) told
"""


def bell_of(user_id: int, *, visible_queue_ids: Iterable[int]) -> Bell:
    """Say what a user's bell shows; batches count once, and what was kept for the next shift not at all."""
    unread, loud_id, loud_kind = first_row(_BELL, [user_id, list(visible_queue_ids), MOST_COUNTED]) or (0, None, "")
    return Bell(int(unread), loud_id, loud_kind or "")


def unread_count(user_id: int, *, visible_queue_ids: Iterable[int]) -> int:
    """Count a user's unread batches, up to 100, as far as the queues they may see now allow."""
    return bell_of(user_id, visible_queue_ids=visible_queue_ids).unread


def rules_for(user_ids: Iterable[int], kind: str) -> dict[int, NoticeRule]:
    """Give how each user wants a kind of notice: their own rule, or the kind's."""
    usual = notice_kind(kind).rule
    rules = dict.fromkeys(user_ids, usual)
    for row in NoticePreference.objects.filter(user_id__in=list(rules), kind=kind):
        rules[row.user_id] = row.rule
    return rules


def own_rules(user_id: int) -> dict[str, NoticeRule]:
    """Give the rules a user has chosen, by kind; of other kinds the kind's own rule holds."""
    return {row.kind: row.rule for row in NoticePreference.objects.filter(user_id=user_id)}


def open_batches(user_ids: Iterable[int], kind: str, *, quiet: bool, at: datetime) -> dict[int, int]:
    """Give for each user the batch a notice of this kind would join now: the latest, unread and begun minutes ago."""
    found = Notice.objects.filter(
        user_id__in=list(user_ids),
        kind=kind,
        first=None,
        read_at=None,
        quiet=quiet,
        created_at__gt=at - BATCH_FOR,
        created_at__lte=at,
    )
    return dict(found.order_by("id").values_list("user_id", "id"))


def _visible(user_id: int, visible_queue_ids: Iterable[int]) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(queue_id=None) | Q(queue_id__in=list(visible_queue_ids)), user_id=user_id)
