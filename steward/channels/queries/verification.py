"""Whether the deliveries are as the ledger says."""

from collections.abc import Iterator

from django.db import connection

_UNTOLD = """
SELECT d.message_id, d.state FROM channels_delivery d
 WHERE d.state = 'sent'
   AND NOT EXISTS (SELECT 1 FROM ledger_event e
                    WHERE e.stream = 'ticket:' || d.ticket_id AND e.kind = 'channels.message_delivered'
                      AND (e.payload->>'message_id')::bigint = d.message_id)
 ORDER BY 1
"""
_SEEN = """
SELECT coalesce(a.ticket_id, b.ticket_id), coalesce(a.newest, 0), coalesce(b.newest, 0)
  FROM (SELECT ticket_id, max(message_id) AS newest FROM channels_delivery WHERE state = 'seen' GROUP BY 1) a
  FULL JOIN (SELECT split_part(stream, ':', 2)::bigint AS ticket_id, max((payload->>'message_id')::bigint) AS newest
               FROM ledger_event WHERE kind = 'channels.message_seen' GROUP BY 1) b USING (ticket_id)
 WHERE a.newest IS DISTINCT FROM b.newest
 ORDER BY 1
"""


def problems() -> Iterator[str]:
    """Say which deliveries differ from what the ledger tells of them."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD)
        for message_id, state in cursor.fetchall():
            yield f"message {message_id} is {state}, of which the ledger knows nothing"
        cursor.execute(_SEEN)
        for ticket_id, found, told in cursor.fetchall():
            yield f"ticket #{ticket_id}: seen up to message {found}, the ledger says {told}"
