"""How far the messages of the desk have come, and who has not looked."""

from datetime import datetime

from django.db import connection
from django.db.models import Max

from steward.channels.models import Delivery
from steward.channels.rules.notices import PATIENCE, TOO_LATE
from steward.desk.models import Ticket

_UNSEEN = """
SELECT m.id FROM desk_message m
  LEFT JOIN channels_delivery d ON d.message_id = m.id
 WHERE m.ticket_id = %s AND m.id <= %s AND m.kind = 'message' AND m.author_kind <> 'requester'
   AND d.state IS DISTINCT FROM 'seen'
 ORDER BY m.id
"""


def unseen_message_ids(ticket_id: int, *, upto: int) -> list[int]:
    """Give the messages of the desk, up to one, that the requester has not seen."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, [ticket_id, upto])
        return [row[0] for row in cursor.fetchall()]


def seen_upto(ticket_id: int) -> int:
    """Give the newest message of the desk that the requester has seen, 0 for none: the agents' side shows it."""
    seen = Delivery.objects.filter(ticket_id=ticket_id, state=Delivery.State.SEEN)
    return int(seen.aggregate(newest=Max("message_id"))["newest"] or 0)


def delivery_states(ticket_id: int) -> dict[int, str]:
    """Give how far each message of the desk on a ticket has come, by message."""
    return dict(Delivery.objects.filter(ticket_id=ticket_id).values_list("message_id", "state"))


def tickets_with_unread(*, at: datetime, most: int) -> list[int]:
    """Give the tickets with a message that has waited to be read for a while and was not told of by mail."""
    unread = Delivery.objects.filter(
        state=Delivery.State.SENT,
        mailed_at=None,
        sent_at__lte=at - PATIENCE,
        sent_at__gte=at - TOO_LATE,
    )
    return list(unread.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()[:most])


def mailed_at(ticket_id: int) -> datetime | None:
    """Say when the requester of a ticket was last told by mail."""
    newest: datetime | None = Delivery.objects.filter(ticket_id=ticket_id).aggregate(newest=Max("mailed_at"))["newest"]
    return newest


def here_at(ticket: Ticket) -> datetime | None:
    """Say when the requester last looked at a ticket or wrote on it."""
    seen: datetime | None = Delivery.objects.filter(ticket=ticket).aggregate(newest=Max("seen_at"))["newest"]
    return max(filter(None, [seen, ticket.last_requester_message_at]), default=None)
