"""The custom fields of a ticket or of a form, with their definitions, in one query however many the desk has."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from steward.desk.models import CustomField, Ticket, TicketFields
from steward.desk.rules.fields import Definition, Kind, Option, Value, missing
from steward.people.rules import Role


@dataclass(frozen=True)
class Filled:
    """A field with its value on a ticket; one that no longer applies is shown as long as it holds something."""

    definition: Definition
    value: Value = None
    applies: bool = True

    @property
    def words(self) -> str:
        """Say the value."""
        return self.definition.names_of(self.value)


_COLUMNS = """
SELECT f.id, f.name, f.kind, f.help, f.default, f.pattern, f.lowest, f.highest, f.asks_requester, f.required_at_open,
       f.required_at_solve,
       CASE WHEN f.kind IN ('one_of', 'many_of') THEN
            (SELECT jsonb_agg(jsonb_build_array(o.id, o.name, o.is_active) ORDER BY o.position, o.id)
               FROM desk_fieldoption o WHERE o.field_id = f.id)
            WHEN f.kind = 'person' THEN
            (SELECT jsonb_agg(jsonb_build_array(u.id, u.name, u.is_active) ORDER BY lower(u.name), u.id)
               FROM people_user u WHERE NOT u.roles <@ %(asks)s) END
"""
_APPLIES = """
(f.is_active AND (f.everywhere OR EXISTS
   (SELECT 1 FROM desk_fieldcategory fc JOIN path p ON p.id = fc.category_id WHERE fc.field_id = f.id)))
"""
_PATH = """
WITH RECURSIVE path (id, parent_id) AS (
  SELECT id, parent_id FROM desk_category WHERE id = %(category)s
   UNION
  SELECT c.id, c.parent_id FROM desk_category c JOIN path p ON c.id = p.parent_id)
"""
_OF_A_TICKET = f"""
{_PATH} {_COLUMNS}, v.values -> f.id::text, {_APPLIES}
  FROM desk_customfield f LEFT JOIN desk_ticketfields v ON v.ticket_id = %(ticket)s
 WHERE {_APPLIES} OR v.values ? f.id::text OR f.id = ANY(%(named)s)
 ORDER BY f.position, f.id
"""
_OF_A_FORM = f"{_PATH} {_COLUMNS} FROM desk_customfield f WHERE {_APPLIES} ORDER BY f.position, f.id"
_ALL = f"{_COLUMNS} FROM desk_customfield f WHERE f.is_active OR %(retired)s ORDER BY f.position, f.id"
_MISSING = (
    f"{_PATH} SELECT f.id, f.name FROM desk_customfield f WHERE f.required_at_solve AND {_APPLIES}"  # noqa: S608 -- nothing given stands in it
    " AND NOT EXISTS (SELECT 1 FROM desk_ticketfields v WHERE v.ticket_id = %(ticket)s AND v.values ? f.id::text)"
    " ORDER BY f.position, f.id"
)
_ASKS = [Role.REQUESTER.value]


def fields_of(ticket: Ticket, *, named: Iterable[int] = ()) -> list[Filled]:
    """Give the fields that apply to a ticket or hold something on it, and those named by id, in the desk's order, in one query."""
    values = {"category": ticket.category_id, "ticket": ticket.pk, "asks": _ASKS, "named": list(named)}
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_TICKET, values)
        return [Filled(_definition(row), _plain(row[12]), row[13]) for row in cursor.fetchall()]


def form_of(category_id: int | None, *, for_requester: bool = False) -> list[Definition]:
    """Give the fields a new ticket of a category is asked, for the requester only those meant for them."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_FORM, {"category": category_id, "asks": _ASKS})
        found = [_definition(row) for row in cursor.fetchall()]
    return [one for one in found if one.asks_requester] if for_requester else found


def all_fields(*, retired: bool = False) -> list[Definition]:
    """Give every field of the desk, for filters, files and verbs that go across categories."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, {"asks": _ASKS, "retired": retired})
        return [_definition(row) for row in cursor.fetchall()]


def missing_at_solve(ticket: Ticket) -> list[tuple[int, str]]:
    """Give id and name of each field that must be filled before this ticket is solved and is not, in one small query."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"category": ticket.category_id, "ticket": ticket.pk})
        return [(row[0], row[1]) for row in cursor.fetchall()]


_MISSING_OF_MANY = """
WITH RECURSIVE above (id, node) AS (
  SELECT id, id FROM desk_category
   UNION
  SELECT a.id, c.parent_id FROM above a JOIN desk_category c ON c.id = a.node WHERE c.parent_id IS NOT NULL)
SELECT t.id, string_agg(f.name, ', ' ORDER BY f.position, f.id)
  FROM desk_ticket t
  JOIN desk_customfield f ON f.required_at_solve AND f.is_active AND (f.everywhere OR EXISTS
       (SELECT 1 FROM desk_fieldcategory fc JOIN above a ON a.node = fc.category_id
         WHERE fc.field_id = f.id AND a.id = t.category_id))
  LEFT JOIN desk_ticketfields v ON v.ticket_id = t.id
 WHERE t.id = ANY(%s) AND NOT coalesce(v.values, '{}'::jsonb) ? f.id::text
 GROUP BY t.id
"""


def missing_of_many(ticket_ids: Iterable[int]) -> dict[int, str]:
    """Give the names of the fields that each of these tickets lacks before it is solved, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING_OF_MANY, [list(ticket_ids)])
        return dict(cursor.fetchall())


def missing_among(filled: Sequence[Filled]) -> list[Filled]:
    """Give those of a ticket's fields that must still be filled before it is solved."""
    lacking = {one.id for one in missing((one.definition, one.value) for one in filled if one.applies)}
    return [one for one in filled if one.definition.id in lacking]


def values_of(ticket_ids: Iterable[int]) -> dict[int, dict[int, Value]]:
    """Give the values of many tickets, by ticket and field, in one query."""
    rows = TicketFields.objects.filter(pk__in=list(ticket_ids)).values_list("ticket_id", "values")
    return {ticket_id: {int(field): value for field, value in values.items()} for ticket_id, values in rows}


def kinds() -> dict[int, str]:
    """Give the kind of every field, retired ones too."""
    return dict(CustomField.objects.values_list("id", "kind"))


def _definition(row: Sequence[Any]) -> Definition:
    return Definition(
        id=row[0],
        name=row[1],
        kind=Kind(row[2]),
        help=row[3],
        default=_plain(row[4]),
        pattern=row[5],
        lowest=row[6],
        highest=row[7],
        asks_requester=row[8],
        required_at_open=row[9],
        required_at_solve=row[10],
        options=tuple(Option(*option) for option in _plain(row[11]) or ()),
    )


def _plain(value: Any) -> Any:
    """Read JSON where the connection hands it over as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value
