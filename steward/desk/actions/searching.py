"""Keeping what a ticket says in its search row, in the transaction that says it; what it is, the database keeps there itself."""

from django.db import connection

from steward.core.text import search_words
from steward.desk.models import Attachment, Message, Ticket
from steward.desk.queries.family import shown_on

# A 10,000-row paste with a few words of its own in each row is found by its last row too.
WORDS_PER_TEXT = 60_000
# The server holds at most a megabyte of words in one row: a text that would pass it is stored, but no longer indexed.
BYTES_PER_TEXT = 500_000
BYTES_PER_TICKET = 1_000_000
SMALL = 2_000

_START = """
INSERT INTO desk_ticketsearch (ticket_id, marks, document)
SELECT t.id, m.marks, array_to_tsvector(m.marks || %s::text[])
  FROM desk_ticket t, LATERAL (SELECT desk_ticket_marks(t) AS marks) m WHERE t.id = %s
"""
_EXTEND = """
UPDATE desk_ticketsearch SET document = document || array_to_tsvector(%s::text[])
 WHERE ticket_id = %s AND (length(document) < %s OR octet_length(document::text) + %s < %s)
"""


def words_of(*texts: str) -> list[str]:
    """Give the distinct words of some texts, the first few thousand of a very long one."""
    found: dict[str, None] = {}
    size = 0
    for text in texts:
        for word in search_words(text):
            if word not in found:
                size += len(word.encode())
                if len(found) >= WORDS_PER_TEXT or size > BYTES_PER_TEXT:
                    return list(found)
                found[word] = None
    return list(found)


def index_new(ticket: Ticket, *texts: str) -> None:
    """Write the search row of a new ticket."""
    with connection.cursor() as cursor:
        cursor.execute(_START, [words_of(*texts), ticket.pk])


def index_more(ticket: Ticket, *texts: str) -> None:
    """Add the words of a new text to a ticket's search row."""
    words = words_of(*texts)
    size = sum(len(word.encode()) for word in words)
    with connection.cursor() as cursor:
        cursor.execute(_EXTEND, [words, ticket.pk, SMALL, size, BYTES_PER_TICKET])


_AGAIN = """
UPDATE desk_ticketsearch SET document = array_to_tsvector(marks || %s::text[]) WHERE ticket_id = %s
"""


def index_again(ticket: Ticket) -> None:
    """Write a ticket's words anew from what stands on it now, after something was moved away or here."""
    messages = Message.objects.filter(shown_on([ticket.pk]), automatic=False).order_by("id")
    bodies = list(messages.values_list("body", flat=True))
    files = list(Attachment.objects.filter(message__in=messages).values_list("name", flat=True))
    words = words_of(ticket.subject, *bodies, *files, ticket.requester.name, ticket.requester.email or "")
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, [words, ticket.pk])
