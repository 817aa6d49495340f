"""What is in line to be carried out."""

from django.db import connection

from steward.channels.contract import Place
from steward.channels.models import Outgoing

# Of each chat the first, and of those the ones that wait longest.
_HEADS = """
SELECT id FROM (
  SELECT DISTINCT ON (chat_id) id FROM channels_outgoing
   WHERE channel_id = %s AND state IN ('queued', 'sending') ORDER BY chat_id, id) heads
 ORDER BY id LIMIT 100
"""


def heads(channel_id: int) -> list[Outgoing]:
    """Give the first in line of each chat of a channel."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [channel_id])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Outgoing.objects.filter(pk__in=ids).order_by("id"))


def channels_in_line() -> list[int]:
    """Give the channels on which something waits to be carried."""
    waiting = Outgoing.objects.filter(state__in=[Outgoing.State.QUEUED, Outgoing.State.SENDING])
    return list(waiting.order_by("channel_id").values_list("channel_id", flat=True).distinct())


def is_being_carried(channel_id: int, place: Place) -> bool:
    """Tell whether something is on its way to a chat right now."""
    on_its_way = Outgoing.objects.filter(
        channel_id=channel_id, chat_id=place.chat_id, state__in=["queued", "sending"], attempts__gt=0
    )
    return on_its_way.exists()
