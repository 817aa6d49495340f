"""A list cut into what its tickets wait for: the first rows of each part, and how many there are."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise

from steward.desk.queries.filtering.plan import Plan, plan
from steward.desk.queries.lists import TicketPage, list_tickets
from steward.desk.rules.filters.tree import Choice, Query, Term
from steward.desk.rules.views import WAITING_GROUPS
from steward.web.inbox.columns import GROUPS
from steward.web.inbox.wanted import Wanted

ROWS = 20
SECONDS = 0.03


@dataclass(frozen=True)
class Group:
    """One part of a list, with the address of all of it."""

    key: str
    label: str | Promise
    page: TicketPage
    query: str


def groups_of(wanted: Wanted) -> list[Group]:
    """Give the parts that hold tickets, each with its first rows; at most a fixed number of queries each."""
    found = []
    for key in WAITING_GROUPS:
        term = Term("waiting", (Choice(key),))
        part = _also(wanted.plan, term)
        if part.states:
            page = list_tickets(part, order=wanted.order, most=ROWS, seconds=SECONDS)
            if page.rows or page.looked_at:
                to = wanted.query(narrowing=wanted.narrowing.also(term), grouping="")
                found.append(Group(key, GROUPS[key], page, to))
    return found


def all_rows(groups: list[Group]) -> TicketPage:
    """Give the rows of every part as one page."""
    counted = sum(group.page.counted for group in groups)
    return TicketPage(
        [row for group in groups for row in group.page.rows],
        counted=counted,
        is_counted_out=all(group.page.is_counted_out for group in groups),
    )


def _also(asked: Plan, term: Term) -> Plan:
    more = plan(Query((term,)), asked.reader)
    return replace(asked, conditions=(*asked.conditions, *more.conditions))
