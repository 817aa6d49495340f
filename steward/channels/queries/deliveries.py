"""How far the messages of the desk have come, and who has not looked."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max

from steward.channels.models import Delivery, Outgoing
from steward.channels.rules.kinds import PAGES
from steward.channels.rules.notices import PATIENCE, TOO_LATE
from steward.desk.models import Message, Ticket

# What was said to a requester has a delivery that is seen; who takes part keeps how far they have read.
_UNSEEN = """
SELECT m.id FROM desk_message m
  JOIN desk_conversation c ON c.id = m.conversation_id
  LEFT JOIN channels_delivery d ON d.message_id = m.id
 WHERE m.ticket_id = ANY(%(family)s) AND m.id <= %(upto)s AND m.kind = 'message' AND m.author_kind <> 'requester'
   AND (c.requester_id = %(reader)s AND d.state IS DISTINCT FROM 'seen'
        OR c.requester_id <> %(reader)s AND EXISTS (
          SELECT 1 FROM desk_conversation p WHERE p.ticket_id = c.ticket_id AND p.requester_id = %(reader)s AND p.kind = 'requester'
             AND p.ended_at IS NULL AND m.id > p.seen_message_id))
 ORDER BY m.id
"""


def unseen_message_ids(family: Sequence[int], *, requester_id: int, upto: int) -> list[int]:
    """Give the messages of the desk to a requester, up to one, that they have not seen, on a ticket and what it was merged with."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, {"family": list(family), "reader": requester_id, "upto": upto})
        return [row[0] for row in cursor.fetchall()]


def seen_upto(ticket_id: int) -> int:
    """Give the newest message of the desk that the requester has seen, 0 for none: the agents' side shows it."""
    seen = Delivery.objects.filter(ticket_id=ticket_id, state=Delivery.State.SEEN)
    return int(seen.aggregate(newest=Max("message_id"))["newest"] or 0)


def delivery_states(ticket_id: int) -> dict[int, str]:
    """Give how far each message of the desk on a ticket has come, by message."""
    return dict(Delivery.objects.filter(ticket_id=ticket_id).values_list("message_id", "state"))


def why_not_delivered(ticket_ids: Sequence[int]) -> dict[int, str]:
    """Give, by message, why it did not reach its requester; only what can be tried once more."""
    rows = Outgoing.objects.filter(delivery__ticket_id__in=ticket_ids, delivery__state=Delivery.State.FAILED).exclude(problem="")
    return {message_id: problem for message_id, problem in rows.order_by("id").values_list("message_id", "problem") if message_id}


def tickets_with_unread(*, at: datetime, most: int) -> list[int]:
    """Give the tickets with a message that has waited to be read for a while and was not told of by mail."""
    unread = Delivery.objects.filter(
        state=Delivery.State.SENT,
        # What was carried to where they ask, they have.
        channel__kind__in=PAGES,
        mailed_at=None,
        sent_at__lte=at - PATIENCE,
        sent_at__gte=at - TOO_LATE,
    )
    return list(unread.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()[:most])


def mailed_at(ticket_id: int, *, requester_id: int) -> datetime | None:
    """Say when a requester was last told by mail of an answer on a ticket."""
    theirs = Delivery.objects.filter(ticket_id=ticket_id, message__conversation__requester_id=requester_id)
    newest: datetime | None = theirs.aggregate(newest=Max("mailed_at"))["newest"]
    return newest


def here_at(ticket: Ticket, *, requester_id: int) -> datetime | None:
    """Say when a requester last looked at a ticket or wrote on it."""
    theirs = Delivery.objects.filter(ticket=ticket, message__conversation__requester_id=requester_id)
    seen: datetime | None = theirs.aggregate(newest=Max("seen_at"))["newest"]
    wrote = Message.objects.filter(ticket=ticket, requester_id=requester_id).aggregate(newest=Max("created_at"))["newest"]
    return max(filter(None, [seen, wrote]), default=None)
