"""A requester's own requests, and the topics to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from steward.channels.rules.kinds import ChannelKind
from steward.core.pagination import Page, from_token, to_token
from steward.desk.models import Category, Ticket
from steward.desk.rules.states import ENDED, WORKING, State

PAGE_ROWS = 50
# Until it is closed it wants something of somebody: a solved request still waits for the requester's word.
OPEN = tuple(sorted(state.value for state in WORKING | {State.SOLVED}))
PAST = (State.CLOSED.value,)


@dataclass(frozen=True)
class Request:
    """A ticket as its requester's list shows it; `has_news` says that a person answered what they have not seen."""

    id: int
    subject: str
    state: str
    outcome: str
    channel: str
    created_at: datetime
    last_message_at: datetime
    has_news: bool


_ROWS = """
WITH mine AS (
    SELECT id FROM desk_ticket WHERE requester_id = %s
     UNION
    SELECT ticket_id FROM desk_conversation WHERE requester_id = %s AND kind = 'requester' AND ended_at IS NULL
)
SELECT t.id, t.subject, coalesce(r.state, t.state), coalesce(r.outcome, t.outcome), t.channel, t.created_at,
       coalesce(r.last_message_at, t.last_message_at),
       EXISTS (SELECT 1 FROM desk_conversation c
                 JOIN desk_message m ON m.conversation_id = c.id
                 LEFT JOIN channels_delivery d ON d.message_id = m.id
                WHERE c.ticket_id = t.id AND c.requester_id = %s AND m.kind = 'message' AND m.author_kind <> 'requester'
                  AND NOT m.automatic AND d.state IS DISTINCT FROM 'seen')
       OR t.requester_id <> %s AND EXISTS (
         SELECT 1 FROM desk_conversation p
           JOIN desk_conversation c ON c.ticket_id = p.ticket_id AND c.kind = 'requester'
           JOIN desk_message m ON m.conversation_id = c.id
          WHERE p.ticket_id = t.id AND p.requester_id = %s AND p.ended_at IS NULL AND m.id > p.seen_message_id
            AND m.kind = 'message' AND m.author_kind <> 'requester' AND NOT m.automatic)
  FROM mine JOIN desk_ticket t ON t.id = mine.id
  LEFT JOIN LATERAL (
    WITH RECURSIVE way AS (
        SELECT t.merged_into_id AS id
         UNION ALL
        SELECT p.merged_into_id FROM desk_ticket p JOIN way ON p.id = way.id WHERE p.merged_into_id IS NOT NULL
    )
    SELECT g.* FROM way JOIN desk_ticket g ON g.id = way.id
     WHERE g.merged_into_id IS NULL AND g.requester_id <> %s
  ) r ON t.merged_into_id IS NOT NULL
 WHERE coalesce(r.state, t.state) = ANY(%s) {beyond}
 ORDER BY t.id {way} LIMIT %s
"""


def requests_of(requester_id: int | None, *, states: Iterable[str] = OPEN, page: str = "", rows: int = PAGE_ROWS) -> Page[Request]:
    """Give one page of somebody's own requests and those they take part in, the newest first, by keyset, in one query.

    One merged into somebody else's stands where that one stands; one merged into their own is over.

    Raises `Invalid` for a page token that was cut or made up.
    """
    if requester_id is None:
        return Page(rows=[], newer=None, older=None)
    values: list[Any] = [*[requester_id] * 6, list(states)]
    beyond, backwards = "", False
    if page:
        (last,), backwards = from_token(page, length=1)
        beyond = f"AND t.id {'>' if backwards else '<'} %s::bigint"
        values.append(last)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(beyond=beyond, way="ASC" if backwards else "DESC"), [*values, rows + 1])
        found = [Request(*record) for record in cursor.fetchall()]
    more, found = len(found) > rows, found[:rows]
    if backwards:
        found.reverse()
    has_newer, has_older = (more, True) if backwards else (bool(page), more)
    return Page(
        rows=found,
        newer=to_token((found[0].id,), backwards=True) if found and has_newer else None,
        older=to_token((found[-1].id,)) if found and has_older else None,
    )


def open_chat_of(requester_id: int | None) -> Ticket | None:
    """Give the newest chat of a requester that is not over."""
    if requester_id is None:
        return None
    ended = [state.value for state in ENDED]
    chats = Ticket.objects.filter(requester_id=requester_id, channel=ChannelKind.CHAT.value).exclude(state__in=ended)
    return chats.order_by("-id").first()


def chats_of(requester_id: int | None, *, most: int = 20) -> list[Ticket]:
    """Give the latest chats of a requester."""
    if requester_id is None:
        return []
    return list(Ticket.objects.filter(requester_id=requester_id, channel=ChannelKind.CHAT.value).order_by("-id")[:most])


def topics() -> list[tuple[str, str]]:
    """Give the categories a requester may choose from, each with its path, in the order of the tree."""
    rows = {row.pk: row for row in Category.objects.filter(is_active=True)}
    paths = {pk: _path(row, rows) for pk, row in rows.items()}
    shown = [(path, pk) for pk, path in paths.items() if path]
    return [(str(pk), " › ".join(path)) for path, pk in sorted(shown, key=lambda one: [name.casefold() for name in one[0]])]


def _path(row: Category, rows: dict[int, Category]) -> tuple[str, ...]:
    names = [row.name]
    while row.parent_id is not None:
        above = rows.get(row.parent_id)
        # Under a closed category nothing is offered; a tree this deep is a ring.
        if above is None or len(names) > len(rows):
            return ()
        row = above
        names.insert(0, row.name)
    return tuple(names)
