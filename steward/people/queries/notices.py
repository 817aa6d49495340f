"""Reads of notices; what stands in a queue the reader may not see does not exist for them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from steward.core.rows import first_row
from steward.people.models import Notice, NoticePreference

MOST_COUNTED = 100
PAGE_SIZE = 30


def notices_of(
    user_id: int,
    *,
    visible_queue_ids: Iterable[int],
    before_id: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[Notice]:
    """Give a user's notices, newest first, as far as the queues they may see now allow."""
    notices = _visible(user_id, visible_queue_ids)
    if before_id is not None:
        notices = notices.filter(id__lt=before_id)
    return list(notices.order_by("-id")[:limit])


_UNREAD = """
SELECT count(*) FROM (SELECT 1 FROM people_notice
                       WHERE user_id = %s AND read_at IS NULL AND (queue_id IS NULL OR queue_id = ANY(%s)) LIMIT %s) unread
"""


def unread_count(user_id: int, *, visible_queue_ids: Iterable[int]) -> int:
    """Count a user's unread notices, up to 100, as far as the queues they may see now allow."""
    found = first_row(_UNREAD, [user_id, list(visible_queue_ids), MOST_COUNTED])
    return int(found[0]) if found else 0


def wants_notice(user_ids: Iterable[int], kind: str) -> list[int]:
    """Keep those who have not turned notices of a kind off, in the order given and once each."""
    unique = list(dict.fromkeys(user_ids))
    declined = set(
        NoticePreference.objects.filter(user_id__in=unique, kind=kind, on_screen=False).values_list("user_id", flat=True)
    )
    return [user_id for user_id in unique if user_id not in declined]


def declined_kinds(user_id: int) -> frozenset[str]:
    """Give the kinds of notices that a user turned off."""
    return frozenset(NoticePreference.objects.filter(user_id=user_id, on_screen=False).values_list("kind", flat=True))


def _visible(user_id: int, visible_queue_ids: Iterable[int]) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(queue_id=None) | Q(queue_id__in=list(visible_queue_ids)), user_id=user_id)
