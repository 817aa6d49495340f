"""Who takes part in a ticket besides its requester, and in which tickets somebody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from steward.core.rows import rows
from steward.desk.models import Conversation, Ticket


@dataclass(frozen=True)
class Participant:
    """A colleague of the requester who was told along."""

    conversation_id: int
    requester_id: int
    name: str
    email: str
    since: datetime
    has_signed_in: bool


_OF = """
SELECT c.id, r.id, r.name, coalesce(r.email, ''), c.created_at, r.user_id IS NOT NULL
  FROM desk_conversation c JOIN desk_ticket t ON t.id = c.ticket_id JOIN people_requester r ON r.id = c.requester_id
 WHERE c.ticket_id = %s AND c.kind = 'requester' AND c.ended_at IS NULL AND c.requester_id <> t.requester_id
 ORDER BY c.id
"""


def participants_of(ticket_id: int) -> list[Participant]:
    """Give who takes part in a ticket, in the order they were told, in one query."""
    return [Participant(*row) for row in rows(_OF, [ticket_id])]


def party_to(requester_id: int, ticket_ids: Sequence[int]) -> QuerySet[Ticket]:
    """Give those of some tickets that somebody asked or takes part in, to be asked as part of another query."""
    told = Conversation.objects.filter(requester_id=requester_id, kind=Conversation.Kind.REQUESTER, ended_at=None)
    own = Q(requester_id=requester_id) | Q(pk__in=told.values("ticket_id"))
    return Ticket.objects.filter(own, pk__in=list(ticket_ids))
