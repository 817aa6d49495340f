"""What hangs on a ticket at all: most have little, and what is not there need not be read."""

from dataclasses import dataclass

from steward.core.rows import first_row

_PARTS = """
SELECT EXISTS (SELECT 1 FROM desk_question WHERE ticket_id = t.id), EXISTS (SELECT 1 FROM desk_tickettag WHERE ticket_id = t.id),
       EXISTS (SELECT 1 FROM desk_followup WHERE ticket_id = t.id),
       EXISTS (SELECT 1 FROM desk_link WHERE from_ticket_id = t.id AND removed_at IS NULL)
    OR EXISTS (SELECT 1 FROM desk_link WHERE to_ticket_id = t.id AND removed_at IS NULL),
       EXISTS (SELECT 1 FROM desk_customfield)
  FROM desk_ticket t WHERE t.id = %s
"""


@dataclass(frozen=True)
class Parts:
    """Which kinds of things a ticket has; `fields` that it may have fields of the desk's own."""

    questions: bool = False
    tags: bool = False
    follow_ups: bool = False
    links: bool = False
    fields: bool = False


def parts_of(ticket_id: int) -> Parts:
    """Say what a ticket has, in one query in the place of one for each kind."""
    return Parts(*(first_row(_PARTS, [ticket_id]) or ()))
