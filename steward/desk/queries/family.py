"""Tickets that merges hold together: the one that is worked, and all that were joined into it, however deep."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q

from steward.desk.models import Message, Ticket
from steward.desk.queries.participants import party_to

_DOWN = """
WITH RECURSIVE family AS (
    SELECT %s::bigint AS id
     UNION ALL
    SELECT t.id FROM desk_ticket t JOIN family ON t.merged_into_id = family.id
)
SELECT id FROM family
"""
_UP = """
WITH RECURSIVE way AS (
    SELECT id, merged_into_id FROM desk_ticket WHERE id = %s
     UNION ALL
    SELECT t.id, t.merged_into_id FROM desk_ticket t JOIN way ON t.id = way.merged_into_id
)
SELECT id FROM way WHERE merged_into_id IS NULL
"""


def family_of(ticket_id: int) -> list[int]:
    """Give a ticket and every ticket joined into it, itself first."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, [ticket_id])
        return [int(row[0]) for row in cursor.fetchall()]


def family_with(ticket: Ticket) -> list[int]:
    """Give the family of a ticket; without a query where `ticket_seen_by` has found that nothing was merged into it."""
    return family_of(ticket.pk) if getattr(ticket, "has_merged", True) else [ticket.pk]


def root_of(ticket_id: int) -> int:
    """Give the ticket in which a ticket goes on: itself unless it was merged."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, [ticket_id])
        row = cursor.fetchone()
        return int(row[0]) if row else ticket_id


def shown_on(family: Sequence[int]) -> Q:
    """Give the filter for the messages that stand on these tickets: those at home there and not moved, and those moved there."""
    return Q(ticket_id__in=family, shown_on=None) | Q(shown_on_id__in=family)


def said_with(requester_id: int, family: Sequence[int]) -> Q:
    """Give the filter for what a requester may read of these tickets.

    That is all said on those they asked or take part in, and moved to them; of what was merged with others', what was said
    in their own conversations. Notes and side conversations are kinds of their own, so that none of them can be among it.
    """
    theirs = party_to(requester_id, list(family)).values("pk")
    at_home = Q(shown_on=None, ticket_id__in=family)
    said = Q(conversation__requester_id=requester_id) | Q(conversation__ticket_id__in=theirs)
    return Q(kind=Message.Kind.MESSAGE) & (at_home & said | Q(shown_on_id__in=theirs))


def is_said_with(message: Message, requester_id: int) -> bool:
    """Tell of one message, read with its conversation and tickets, what `said_with` filters by."""
    if message.kind != Message.Kind.MESSAGE:
        return False
    talk, moved_to = message.conversation, message.shown_on_id
    if moved_to is None and talk.requester_id == requester_id:
        return True
    return party_to(requester_id, [moved_to or talk.ticket_id]).exists()


def merged_tickets(family: Iterable[int]) -> list[Ticket]:
    """Give the tickets of a family that were joined into another, the oldest first."""
    found = Ticket.objects.filter(pk__in=list(family), merged_into__isnull=False).select_related("requester")
    return list(found.order_by("id"))
