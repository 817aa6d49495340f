"""Tickets seen in passing: a number in a text, with state and subject for those who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from steward.core.rows import rows

MOST_REFS = 60


@dataclass(frozen=True)
class Ref:
    """A ticket as a reference to it shows it."""

    id: int
    subject: str
    state: str
    status: str


_REFS = """
SELECT t.id, CASE WHEN q.restricted OR q.care <> 'none' OR t.harm <> '' THEN '' ELSE t.subject END, t.state, s.name
  FROM desk_ticket t
  JOIN desk_status s ON s.id = t.status_id
  JOIN desk_queue q ON q.id = t.queue_id
 WHERE t.id = ANY(%s) AND t.queue_id = ANY(%s)
"""


def refs(ids: Sequence[int], *, queue_ids: Sequence[int]) -> list[Ref]:
    """Give those of the tickets that are in sight, in one query; of others not even that they exist.

    A subject may be the first line of what was written: of a flagged ticket it is left out.
    """
    return [Ref(*row) for row in rows(_REFS, [list(ids)[:MOST_REFS], list(queue_ids)])]


@dataclass(frozen=True)
class Answer:
    """Something the desk has said to a requester lately."""

    ticket_id: int
    by: str
    body: str
    at: datetime


_ANSWERS = """
SELECT m.ticket_id, coalesce(u.name, ''), left(m.body, 500), m.created_at
  FROM (SELECT t.id FROM desk_ticket t JOIN desk_queue q ON q.id = t.queue_id
         WHERE t.requester_id = %s AND t.queue_id = ANY(%s) AND NOT q.restricted AND q.care = 'none' AND t.harm = ''
         ORDER BY t.id DESC LIMIT 30) t
  JOIN desk_message m ON m.ticket_id = t.id
  JOIN desk_conversation c ON c.id = m.conversation_id AND c.requester_id = %s
  LEFT JOIN people_user u ON u.id = m.author_user_id
 WHERE m.kind = 'message' AND m.author_kind <> 'requester' AND NOT m.automatic AND m.shown_on_id IS NULL AND m.erased_at IS NULL
 ORDER BY m.created_at DESC, m.id DESC LIMIT %s
"""


def last_answers(requester_id: int, *, queue_ids: Sequence[int], most: int = 3) -> list[Answer]:
    """Give what a requester was answered last, on tickets in sight."""
    return [Answer(*row) for row in rows(_ANSWERS, [requester_id, list(queue_ids), requester_id, most])]


@dataclass(frozen=True)
class Asked:
    """A ticket of a requester, for the panel beside another."""

    id: int
    subject: str
    state: str
    status: str
    updated_at: datetime


_ASKED = """
SELECT t.id, t.subject, t.state, s.name, t.updated_at
  FROM (SELECT * FROM desk_ticket WHERE requester_id = %s AND queue_id = ANY(%s) AND id <> %s ORDER BY id DESC LIMIT 50) t
  JOIN desk_status s ON s.id = t.status_id
 ORDER BY t.state IN ('solved', 'closed'), t.id DESC LIMIT %s
"""


def asked_besides(requester_id: int, ticket_id: int, *, queue_ids: Sequence[int], most: int = 10) -> list[Asked]:
    """Give what else a requester has asked, open ones first, on tickets in sight."""
    return [Asked(*row) for row in rows(_ASKED, [requester_id, list(queue_ids), ticket_id, most])]
