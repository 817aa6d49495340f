"""Finding tickets by what is typed, for those who want rows and nothing else."""

import re
from dataclasses import replace
from datetime import datetime

from steward.desk.queries.access import QueueInSight
from steward.desk.queries.filtering.plan import Plan, plan
from steward.desk.queries.filtering.reader import reader
from steward.desk.queries.lists import PAGE_ROWS, Row, TicketPage, list_tickets, select_rows
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Word

_NUMBER = re.compile(r"\d{1,18}")


def search_tickets(
    text: str, *, queue_ids: list[int], user_id: int | None = None, at: datetime, most: int = PAGE_ROWS
) -> list[Row]:
    """Find the tickets in some queues that are all of what was typed, the last changed first.

    A bare number finds that ticket before all others.
    """
    sight = [QueueInSight(pk, "", "", restricted=False, is_active=True) for pk in queue_ids]
    who = reader(sight, user_id=user_id, at=at)
    asked = plan(read_filter(text, typing=True).query, who)
    if not asked.conditions:
        return []
    return search_page(asked, order="updated", most=most).rows


def search_page(asked: Plan, *, order: str, page: str = "", most: int = PAGE_ROWS) -> TicketPage:
    """Give a page of a filter, with the ticket first whose bare number was typed."""
    found = list_tickets(asked, order=order, page=page, most=most)
    number = number_typed(asked)
    if number is None or page:
        return found
    first = select_rows([number], queue_ids=asked.reader.queue_ids)
    others = [row for row in found.rows if row.id != number]
    # The page keeps its length, and its last row stays the one its token names.
    return replace(found, rows=first + others) if first else found


def number_typed(asked: Plan) -> int | None:
    """Give the number that is all that was typed."""
    parts = asked.query.parts
    if len(parts) == 1 and isinstance(parts[0], Word) and not parts[0].negated and _NUMBER.fullmatch(parts[0].text):
        return int(parts[0].text)
    return None
