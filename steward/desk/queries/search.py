"""Finding tickets by number or words, in two bounded steps that stay flat at a million rows."""

import re

from django.db import connection

from steward.core.text import is_pair, search_words
from steward.desk.queries.lists import PAGE_ROWS, Row, select_rows

# The newest rows are looked through first: a frequent word fills a page there in a fraction of a millisecond.
WINDOW = 5_000
MOST_WORDS = 12
_NUMBER = re.compile(r"\s*#?(\d{1,18})\s*")

_NEWEST = """
SELECT ticket_id FROM (
    SELECT ticket_id, updated_at, document FROM desk_ticketsearch
     WHERE queue_id = ANY(%s) ORDER BY updated_at DESC LIMIT %s
) newest WHERE document @@ %s::tsquery ORDER BY updated_at DESC LIMIT %s
"""

# Behind MATERIALIZED, so that the planner asks the word index and does not walk the date index for a rare word.
_ANYWHERE = """
WITH hits AS MATERIALIZED (
    SELECT ticket_id, updated_at FROM desk_ticketsearch WHERE document @@ %s::tsquery LIMIT 20000
)
SELECT ticket_id FROM hits ORDER BY updated_at DESC LIMIT %s
"""


def search_tickets(text: str, *, queue_ids: list[int], most: int = PAGE_ROWS) -> list[Row]:
    """Find the tickets in the queues an actor sees that hold every word; a bare number finds that ticket first.

    The last word also finds its continuations. The newest come first, `most` at the most.
    """
    ids: list[int] = []
    number = _NUMBER.fullmatch(text)
    if number:
        ids.append(int(number.group(1)))
    query = to_tsquery(text)
    if query and queue_ids:
        ids += [found for found in _search(query, queue_ids=queue_ids, most=most) if found not in ids]
    return select_rows(ids[:most], queue_ids=queue_ids)


def to_tsquery(text: str) -> str:
    """Write a person's words as a tsquery: all of them, the last one as a beginning; empty when there is no word."""
    words = list(dict.fromkeys(search_words(text)))[:MOST_WORDS]
    if not words:
        return ""
    # Words are word characters only; quoting keeps any of them from being read as an operator.
    quoted = ["'" + word.replace("'", "''").replace("\\", "\\\\") + "'" for word in words]
    # A pair of Chinese characters is whole; a single one is the beginning of every pair that starts with it.
    if not text[-1:].isspace() and not is_pair(words[-1]):
        quoted[-1] += ":*"
    return " & ".join(quoted)


def _search(query: str, *, queue_ids: list[int], most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [queue_ids, WINDOW, query, most])
        found = [int(row[0]) for row in cursor.fetchall()]
        if len(found) >= most:
            return found
        in_sight = " | ".join(f"'q/{queue_id}'" for queue_id in queue_ids)
        cursor.execute(_ANYWHERE, [f"({query}) & ({in_sight})", most])
        return [int(row[0]) for row in cursor.fetchall()]
