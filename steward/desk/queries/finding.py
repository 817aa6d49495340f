"""Finding the requesters of tickets in sight by the beginnings of their names or addresses."""

from dataclasses import dataclass

from django.db import connection

from steward.people.queries.finding import beginnings

# Of at most 500 is looked whether they are in sight: somebody who types one letter wants the next letter, not a scan.
# The words are written as in the index `people_requester_words`: only so is it used.
_SQL = """
SELECT id, name, coalesce(email, '') FROM (
    SELECT id, name, email FROM people_requester
     WHERE to_tsvector('simple'::regconfig, name || ' ' || coalesce(email, '')) @@ %s::tsquery LIMIT 500
) called
 WHERE EXISTS (SELECT 1 FROM desk_ticket t WHERE t.requester_id = called.id AND t.queue_id = ANY(%s))
 LIMIT %s
"""


@dataclass(frozen=True)
class Called:
    """A requester who was found."""

    id: int
    name: str
    email: str


def requesters_called(text: str, *, queue_ids: list[int], most: int) -> list[Called]:
    """Find requesters of whom at least one ticket lies in these queues; one known only from elsewhere is not found."""
    query = beginnings(text)
    if not query or not queue_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [query, queue_ids, most])
        return [Called(*row) for row in cursor.fetchall()]
