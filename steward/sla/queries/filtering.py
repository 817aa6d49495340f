"""What the promises add to the language of filters: `is:breached`."""

from steward.core.errors import marked as _
from steward.desk.queries.filtering.conditions import Condition
from steward.desk.queries.filtering.reader import Reader
from steward.desk.queries.filtering.registry import register_choice

# A subquery with a limit is looked up for each row of a walk, by the clocks of one ticket; a due time is there only while a
# clock runs, and one that has passed is a breach, though the sweep has yet to write it down.
_BROKEN = """(SELECT true FROM sla_clock c
  WHERE c.ticket_id = t.id AND (c.breached_at IS NOT NULL OR c.due_at <= %s) LIMIT 1) IS TRUE"""
# The same from the clocks' side, each half by an index that holds nothing else.
_ALL_BROKEN = """SELECT c.ticket_id FROM sla_clock c WHERE c.breached_at IS NOT NULL
UNION ALL SELECT c.ticket_id FROM sla_clock c WHERE c.state = 'running' AND c.breached_at IS NULL AND c.due_at <= %s"""


def register() -> None:
    """Teach the language what is known here."""
    register_choice("is", "breached", _("a promise on it was broken, kept since or not"), breached)


def breached(reader: Reader) -> Condition:
    """Ask for tickets on which a promise was broken: first response, next response or resolution, also one still running."""
    return Condition(_BROKEN, (reader.at,), ids=_ALL_BROKEN, id_values=(reader.at,))
