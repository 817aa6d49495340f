"""What the custom fields that events name are called."""

from collections.abc import Iterable, Sequence

from steward.desk.facts.ticket import FieldChanged
from steward.desk.models import Ticket
from steward.desk.queries.custom_fields import Filled, fields_of
from steward.desk.queries.timeline import Entry
from steward.desk.rules.fields import Definition


def field_names(ticket: Ticket, entries: Iterable[Entry], filled: Sequence[Filled]) -> dict[int, Definition]:
    """Give the fields that events name; those no longer asked cost a query, and only then."""
    names = {one.definition.id: one.definition for one in filled}
    told = {entry.fact.field_id for entry in entries if isinstance(entry.fact, FieldChanged)}
    if unknown := told - set(names):
        names |= {one.definition.id: one.definition for one in fields_of(ticket, named=unknown)}
    return names
