"""Finding people by the beginnings of their names or addresses, for lists that answer while somebody types."""

import re

from django.db import connection

from steward.people.rules import Capability, Role, capabilities_of

# An address is one word for PostgreSQL too, found by its beginning.
_WORD = re.compile(r"[\w.@+-]*\w")
MOST_WORDS = 6
LONGEST_WORD = 64

_COLLEAGUES = """
SELECT id, name FROM people_user
 WHERE is_active AND roles && %s::text[] AND to_tsvector('simple'::regconfig, name || ' ' || email) @@ %s::tsquery
 ORDER BY lower(name), id LIMIT %s
"""


def beginnings(text: str) -> str:
    """Write what somebody typed as a tsquery in which every word is a beginning; empty when there is no word."""
    words = [match.group().lower()[:LONGEST_WORD] for match in _WORD.finditer(text)][:MOST_WORDS]
    return " & ".join("'" + word.replace("'", "''") + "':*" for word in words)


def colleagues_called(text: str, *, most: int) -> list[tuple[int, str]]:
    """Find the active users who work tickets or answer for engineering: ids and names, by name."""
    query = beginnings(text)
    if not query:
        return []
    working = {Capability.WORK_TICKETS, Capability.ANSWER_ENGINEERING}
    roles = [role.value for role in Role if capabilities_of([role]) & working]
    with connection.cursor() as cursor:
        cursor.execute(_COLLEAGUES, [roles, query, most])
        return [(int(user_id), str(name)) for user_id, name in cursor.fetchall()]
