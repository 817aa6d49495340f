"""What came in and waits, in the order in which it is to be taken in."""

from datetime import datetime

from django.db import connection
from django.db.models import Min

from steward.channels.models import InboundEnvelope
from steward.channels.queries.accounts import WAITING

# What waits for its time holds back what came later in the same thread, and nothing else.
_IN_LINE = """
SELECT e.id FROM channels_inboundenvelope e
 WHERE e.channel_id = %(channel)s AND e.message_id IS NULL AND e.problem = '' AND e.done_at IS NULL
   AND (e.due_at IS NULL OR e.due_at <= %(at)s)
   AND (e.thread_key = '' OR NOT EXISTS (
     SELECT 1 FROM channels_inboundenvelope f
      WHERE f.channel_id = e.channel_id AND f.message_id IS NULL AND f.problem = '' AND f.done_at IS NULL
        AND f.thread_key = e.thread_key AND f.id < e.id AND f.due_at > %(at)s))
 ORDER BY e.id LIMIT 50
"""


def in_line(channel_id: int, *, at: datetime) -> list[int]:
    """Give the envelopes of a channel that can be taken in now, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_LINE, {"channel": channel_id, "at": at})
        return [row[0] for row in cursor.fetchall()]


def next_due(channel_id: int) -> datetime | None:
    """Say when the next envelope of a channel that waits for its time is due."""
    due: datetime | None = InboundEnvelope.objects.filter(WAITING, channel_id=channel_id).aggregate(due=Min("due_at"))["due"]
    return due


def waiting_with(envelope: InboundEnvelope) -> list[InboundEnvelope]:
    """Give what waits behind an envelope in its thread, oldest first."""
    behind = InboundEnvelope.objects.filter(WAITING, channel_id=envelope.channel_id, thread_key=envelope.thread_key)
    return list(behind.filter(pk__gt=envelope.pk).order_by("id")[:100]) if envelope.thread_key else []


def channels_in_line(*, at: datetime) -> list[int]:
    """Give the channels on which something could be taken in and was not: a job was lost, or a channel is on again."""
    waiting = InboundEnvelope.objects.filter(WAITING, channel__is_active=True).exclude(due_at__gt=at)
    carried = waiting.exclude(channel__kind__in=["portal", "chat", "widget"])
    return list(carried.order_by("channel_id").values_list("channel_id", flat=True).distinct())
