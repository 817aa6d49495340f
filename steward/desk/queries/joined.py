"""What hangs together with a ticket, for showing: standing merges, the conversations in which its requesters are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from steward.core.rows import rows
from steward.desk.models import Conversation, Draft, Merge, Ticket


@dataclass(frozen=True)
class StandingMerge:
    """A ticket joined into the one shown, directly or by a chain; `draft` is what the reader left unsent on it."""

    ticket: Ticket
    into_id: int
    at: datetime
    draft: str


@dataclass(frozen=True)
class Talk:
    """A conversation with a requester, as one chooses whom to answer."""

    id: int
    ticket_id: int
    channel: str
    requester_id: int
    name: str


def standing_merges(family: Sequence[int], *, user_id: int | None) -> list[StandingMerge]:
    """Give what was merged into the first of a family, the latest last, in two queries."""
    found = Merge.objects.filter(source_id__in=family, target_id__in=family, undone_at=None)
    mine = Draft.objects.filter(ticket_id__in=family, author_id=user_id).exclude(body="").order_by("saved_at")
    drafts = dict(mine.values_list("ticket_id", "body"))
    return [
        StandingMerge(
            ticket=merge.source,
            into_id=merge.target_id,
            at=merge.created_at,
            draft=drafts.get(merge.source_id, ""),
        )
        for merge in found.select_related("source__requester", "source__queue").order_by("created_at", "id")
    ]


_TALKS = """
SELECT c.id, c.ticket_id, c.channel, c.requester_id, coalesce(nullif(r.name, ''), r.email, '')
  FROM desk_conversation c JOIN people_requester r ON r.id = c.requester_id
  JOIN desk_ticket t ON t.id = c.ticket_id AND t.requester_id = c.requester_id
 WHERE c.ticket_id = ANY(%s) AND c.kind = 'requester'
 ORDER BY c.ticket_id <> %s, c.id
"""


def talks_of(family: Sequence[int]) -> list[Talk]:
    """Give the conversations with the requesters of a ticket and of what was merged into it, its own first.

    Who takes part in one reads what is said there, and has none to be answered in.
    """
    return [Talk(*row) for row in rows(_TALKS, [list(family), family[0]])]


def talk_on(family: Sequence[int], conversation_id: int) -> Conversation | None:
    """Find a conversation with a requester among those of a ticket's family."""
    talks = Conversation.objects.filter(ticket_id__in=family, kind=Conversation.Kind.REQUESTER)
    return talks.filter(pk=conversation_id).first()
