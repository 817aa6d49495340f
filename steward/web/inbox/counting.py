"""The numbers beside the views: from the counting table where it knows them, else counted up to a hundred on asking."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.desk.queries.counting import MOST, count_up_to
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import trusting
from steward.desk.queries.lists import Counts, counts
from steward.desk.rules.filters.tree import Named, Query
from steward.web.inbox.asking import desk_only
from steward.web.inbox.wanted import Wanted, read
from steward.web.shared.asking import Request


def counts_beside(wanted: Wanted) -> Counts:
    """Count the desk's own views, and the pinned ones that ask for nothing the counting table does not know: one query."""
    who = trusting(wanted.reader, looks_up=False)
    views = [*wanted.views.own.values(), *wanted.views.rail]
    return counts([(view.key, plan(view.query, who)) for view in views if _is_plain(view.query)], queue_ids=who.queue_ids)


def _is_plain(query: Query) -> bool:
    # What names a row that has to be looked up first is counted on asking, like all that the table does not know.
    looked_up = ("assignee", "category", "from", "tag")
    return not any(isinstance(value, Named) for term in query.terms if term.operator in looked_up for value in term.values)


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    """Count the pinned views that only a search can count, as far as a hundred and no longer than a moment."""
    wanted = read(request)
    known, who = counts_beside(wanted).views, trusting(wanted.reader)
    asked = {view.key: plan(view.query, who) for view in wanted.views.rail if view.key not in known}
    told = count_up_to(asked)
    return render(request, "inbox/counts.html", {"asked": list(asked), "told": told, "most": MOST})
