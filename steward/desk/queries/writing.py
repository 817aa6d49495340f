"""What is being written: one's drafts, what colleagues have begun, and replies that wait to be said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from steward.people.actor import Actor


@dataclass(frozen=True)
class KeptFile:
    """A file on a draft or a held reply."""

    id: int
    name: str
    size: int


@dataclass(frozen=True)
class KeptCopy:
    """The text of another device that a newer one took the place of."""

    id: int
    body: str
    saved_at: datetime


@dataclass(frozen=True)
class OwnDraft:
    """A draft as its author gets it back."""

    id: int
    kind: str
    body: str
    client_token: str
    version: int
    is_shared: bool
    saved_at: datetime
    files: tuple[KeptFile, ...] = ()
    copies: tuple[KeptCopy, ...] = ()


@dataclass(frozen=True)
class ForeignDraft:
    """That a colleague has begun to write: who, since when, and whether it may be taken over; never the text."""

    id: int
    kind: str
    author: str
    saved_at: datetime
    is_shared: bool
    author_left: bool


@dataclass(frozen=True)
class Waiting:
    """A reply that is held, as people of the desk see it."""

    id: int
    author_id: int
    author: str
    body: str
    then: str
    reason: str
    due_at: datetime
    created_at: datetime
    is_scheduled: bool
    # Where a macro waits with it: the macro's name, and all its calls as they are stored.
    macro: str = ""
    calls: tuple[dict[str, Any], ...] = ()
    files: tuple[KeptFile, ...] = ()


@dataclass(frozen=True)
class Writing:
    """All that is being written on one ticket."""

    own: dict[str, OwnDraft] = field(default_factory=dict)
    foreign: tuple[ForeignDraft, ...] = ()
    waiting: tuple[Waiting, ...] = ()


_DRAFTS = """
SELECT coalesce(jsonb_agg(jsonb_build_object(
         'id', d.id, 'kind', d.kind, 'author_id', d.author_id, 'author', u.name, 'author_left', NOT u.is_active,
         'is_shared', d.is_shared, 'saved_at', d.saved_at, 'version', d.version)
         || CASE WHEN d.author_id <> %s THEN '{}' ELSE jsonb_build_object(
              'body', d.body, 'client_token', d.client_token,
              'files', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'size', f.size)
                                                  ORDER BY f.id), '[]')
                          FROM desk_pendingfile f WHERE f.draft_id = d.id),
              'copies', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'body', c.body, 'saved_at', c.saved_at)
                                                   ORDER BY c.saved_at DESC, c.id), '[]')
                           FROM desk_draftcopy c WHERE c.draft_id = d.id)) END
         ORDER BY d.saved_at DESC), '[]')
  FROM desk_draft d JOIN people_user u ON u.id = d.author_id WHERE d.ticket_id = %s
"""
_WAITING = """
SELECT coalesce(jsonb_agg(jsonb_build_object(
         'id', h.id, 'author_id', h.author_id, 'author', u.name, 'body', h.body, 'then', h."then", 'reason', h.reason,
         'due_at', h.due_at, 'created_at', h.created_at, 'is_scheduled', h.is_scheduled,
         'macro', coalesce(m.name, ''), 'calls', coalesce(v.calls, '[]'),
         'files', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'size', f.size) ORDER BY f.id), '[]')
                     FROM desk_pendingfile f WHERE f.held_id = h.id))
         ORDER BY h.due_at, h.id), '[]')
  FROM desk_heldreply h JOIN people_user u ON u.id = h.author_id
  LEFT JOIN desk_macrorun r ON r.id = h.macro_run_id LEFT JOIN desk_macro m ON m.id = r.macro_id
  LEFT JOIN desk_macroversion v ON v.macro_id = r.macro_id AND v.version = r.version
 WHERE h.ticket_id = %s AND h.released_at IS NULL AND h.taken_back_at IS NULL
"""


def writing_on(actor: Actor, ticket_id: int) -> Writing:
    """Give what is being written on a ticket that the actor sees, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({_DRAFTS}), ({_WAITING})", [actor.user_id or 0, ticket_id, ticket_id])
        drafts, waiting = (json.loads(part) if isinstance(part, str) else part for part in cursor.fetchone())
    return Writing(
        own={row["kind"]: _own(row) for row in drafts if row["author_id"] == actor.user_id},
        foreign=tuple(_foreign(row) for row in drafts if row["author_id"] != actor.user_id),
        waiting=tuple(_waiting(row) for row in waiting),
    )


def _own(row: dict[str, Any]) -> OwnDraft:
    return OwnDraft(
        id=row["id"],
        kind=row["kind"],
        body=row["body"],
        client_token=row["client_token"],
        version=row["version"],
        is_shared=row["is_shared"],
        saved_at=datetime.fromisoformat(row["saved_at"]),
        files=_files(row["files"]),
        copies=tuple(KeptCopy(one["id"], one["body"], datetime.fromisoformat(one["saved_at"])) for one in row["copies"]),
    )


def _foreign(row: dict[str, Any]) -> ForeignDraft:
    return ForeignDraft(
        id=row["id"],
        kind=row["kind"],
        author=row["author"],
        saved_at=datetime.fromisoformat(row["saved_at"]),
        is_shared=row["is_shared"],
        author_left=row["author_left"],
    )


def _waiting(row: dict[str, Any]) -> Waiting:
    return Waiting(
        **{
            **row,
            "due_at": datetime.fromisoformat(row["due_at"]),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "calls": tuple(row["calls"]),
            "files": _files(row["files"]),
        }
    )


def _files(rows: list[dict[str, Any]]) -> tuple[KeptFile, ...]:
    return tuple(KeptFile(**row) for row in rows)


def drafted(ticket_ids: Sequence[int], *, user_id: int | None) -> frozenset[int]:
    """Give which of these tickets somebody has a draft on, in one query over their own drafts."""
    if not ticket_ids or user_id is None:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ticket_id FROM desk_draft WHERE author_id = %s AND ticket_id = ANY(%s)", [user_id, list(ticket_ids)]
        )
        return frozenset(row[0] for row in cursor.fetchall())


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list of one's own; of a ticket gone out of sight only the text is left."""

    id: int
    ticket_id: int
    subject: str
    in_sight: bool
    kind: str
    body: str
    files: int
    is_shared: bool
    saved_at: datetime


_OWN = """
SELECT d.id, d.ticket_id, CASE WHEN t.queue_id = ANY(%s) THEN t.subject ELSE '' END, t.queue_id = ANY(%s), d.kind, d.body,
       (SELECT count(*) FROM desk_pendingfile f WHERE f.draft_id = d.id), d.is_shared, d.saved_at
  FROM desk_draft d JOIN desk_ticket t ON t.id = d.ticket_id
 WHERE d.author_id = %s ORDER BY d.saved_at DESC, d.id DESC LIMIT %s
"""


def own_drafts(*, user_id: int, queue_ids: list[int], most: int = 100) -> list[DraftRow]:
    """Give somebody's newest drafts; also those on tickets that have moved out of their sight, since the text is theirs."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [queue_ids, queue_ids, user_id, most])
        return [DraftRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class WaitingRow:
    """A held reply in the list of those that wait."""

    id: int
    ticket_id: int
    subject: str
    author_id: int
    author: str
    body: str
    due_at: datetime
    is_scheduled: bool
    macro: str


_OUTBOX = """
SELECT h.id, h.ticket_id, t.subject, h.author_id, u.name, h.body, h.due_at, h.is_scheduled, coalesce(m.name, '')
  FROM desk_heldreply h JOIN desk_ticket t ON t.id = h.ticket_id JOIN people_user u ON u.id = h.author_id
  LEFT JOIN desk_macrorun r ON r.id = h.macro_run_id LEFT JOIN desk_macro m ON m.id = r.macro_id
 WHERE h.released_at IS NULL AND h.taken_back_at IS NULL AND t.queue_id = ANY(%s) {whose}
 ORDER BY h.due_at, h.id LIMIT %s
"""


def waiting_replies(*, user_id: int | None, queue_ids: list[int], most: int = 100) -> list[WaitingRow]:
    """Give the held replies of one person, or of everybody, on the tickets in sight, the next to be said first."""
    whose = "" if user_id is None else "AND h.author_id = %s"
    values: list[Any] = [queue_ids, most] if user_id is None else [queue_ids, user_id, most]
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOX.format(whose=whose), values)
        return [WaitingRow(*row) for row in cursor.fetchall()]
