"""What of the desk is made anew in an imported desk, and the bytes that are carried along."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.db import connection

from steward.core.rows import rows
from steward.core.transfer.declared import Files, carry_files, leave_out, remake
from steward.desk.actions.filing import keep_bytes, open_file
from steward.desk.actions.searching import words_of

CHUNK = 500
_NAMED = """
SELECT sha256, max(size) FROM (
    SELECT sha256, size FROM desk_attachment WHERE erased_at IS NULL
    UNION ALL SELECT sha256, size FROM desk_pendingfile) f
 WHERE sha256 <> '' GROUP BY sha256
"""
_TICKETS = """
SELECT t.id, t.subject, r.name, coalesce(r.email, '') FROM desk_ticket t JOIN people_requester r ON r.id = t.requester_id
 WHERE t.id > %s ORDER BY t.id LIMIT %s
"""
# What a message says is found on the ticket it is shown on.
_TEXTS = """
WITH said AS (
    SELECT id, ticket_id, body FROM desk_message
     WHERE ticket_id BETWEEN %(first)s AND %(last)s AND shown_on_id IS NULL AND NOT automatic
    UNION ALL
    SELECT id, shown_on_id, body FROM desk_message WHERE shown_on_id BETWEEN %(first)s AND %(last)s AND NOT automatic)
SELECT ticket_id, body, id, 0 FROM said
UNION ALL SELECT said.ticket_id, a.name, said.id, a.id FROM desk_attachment a JOIN said ON said.id = a.message_id
 ORDER BY 3, 4
"""
_START = """
INSERT INTO desk_ticketsearch (ticket_id, marks, document)
SELECT t.id, m.marks, array_to_tsvector(m.marks || %s::text[])
  FROM desk_ticket t, LATERAL (SELECT desk_ticket_marks(t) AS marks) m WHERE t.id = %s
"""


def declare_carried() -> None:
    """Declare the desk's files, and the tables that follow from others."""
    leave_out("desk_ticketcount", "Counts of the tickets: the database makes them as tickets come.")
    leave_out("desk_ticketsearch", "Words and marks of the tickets to search by: made from the tickets.")
    carry_files(Files(named=lambda: iter(rows(_NAMED)), read=_read, keep=_keep))
    remake("search", search_rows_anew)


def _read(sha256: str) -> IO[bytes]:
    found: IO[bytes] = open_file(sha256).open()
    return found


def _keep(sha256: str, content: IO[bytes]) -> None:
    keep_bytes(File(content, name=Path(sha256).name), sha256=sha256)


def search_rows_anew() -> Iterator[int]:
    """Write the search row of every ticket that has none yet; yields how many are done."""
    last, done = 0, 0
    while tickets := rows(_TICKETS, [last, CHUNK]):
        first, last = tickets[0][0], tickets[-1][0]
        texts: dict[int, list[str]] = {}
        for ticket_id, text, *_order in rows(_TEXTS, {"first": first, "last": last}):
            texts.setdefault(ticket_id, []).append(text)
        values = [(words_of(subject, *texts.get(pk, []), name, email), pk) for pk, subject, name, email in tickets]
        with connection.cursor() as cursor:
            cursor.executemany(_START, values)
        done += len(tickets)
        yield done
