"""A ticket's values at an instant, as conditions read them and as verbs say what they would change."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Snapshot:
    """What a ticket was at an instant: read from its row, or folded from its events; names are there for words only."""

    ticket_id: int
    state: str
    status_id: int
    priority: int
    queue_id: int
    queue_purpose: str
    category_id: int | None = None
    assignee_id: int | None = None
    waiting_reason: str = ""
    snoozing: str = ""
    channel: str = ""
    language: str = ""
    subject: str = ""
    requester_id: int = 0
    requester_team: str = ""
    requester_market: str = ""
    requester_role: str = ""
    tag_ids: frozenset[int] = frozenset()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    due_at: datetime | None = None
    last_message_at: datetime | None = None
    last_requester_message_at: datetime | None = None
    solved_at: datetime | None = None
    status_name: str = ""
    queue_name: str = ""
    category_name: str = ""
    assignee_name: str = ""
