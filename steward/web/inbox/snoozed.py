"""Snoozes in a list: the words of those shown, and what came back on top of one's own tickets."""

from collections.abc import Iterable
from dataclasses import replace

from steward.desk.queries.lists import Row, TicketPage, select_rows
from steward.desk.queries.snoozes import returned_to, sleeps_of
from steward.web.shared.snoozing import sleep_words


def words_for(found: Iterable[Row]) -> dict[int, str]:
    """Say of each row that sleeps or is back until when, or why; asks nothing where none is."""
    ids = [row.id for row in found if row.snoozing]
    return {pk: sleep_words(one.until, one.until_at, one.ended_as) for pk, one in sleeps_of(ids).items()} if ids else {}


def returned_on_top(page: TicketPage, *, user_id: int, queue_ids: list[int]) -> TicketPage:
    """Put what came back from a snooze on top of the first page of one's own tickets."""
    back = returned_to(user_id, queue_ids=queue_ids)
    if not back:
        return page
    known = {row.id: row for row in page.rows}
    missing = [ticket_id for ticket_id in back if ticket_id not in known]
    known |= {row.id: row for row in select_rows(missing, queue_ids=queue_ids)}
    top = [known[ticket_id] for ticket_id in back if ticket_id in known]
    return replace(page, rows=[*top, *(row for row in page.rows if row.id not in set(back))])
