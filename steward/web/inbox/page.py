"""The list of tickets, as a page and as the parts of it that refresh themselves."""

from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from steward.core.errors import spoken
from steward.core.rows import rows
from steward.desk.actions.bulk import MOST_TICKETS
from steward.desk.actions.verbs.registry import verbs
from steward.desk.permissions import may_work_at_all
from steward.desk.queries.filtering.naming import named
from steward.desk.queries.search import search_page
from steward.desk.queries.writing import drafted
from steward.desk.rules.filters.tree import Number
from steward.desk.rules.views import DEFAULT_COLUMNS
from steward.people.rules import Capability
from steward.web.inbox import columns
from steward.web.inbox.asking import desk_only
from steward.web.inbox.clocks import chips
from steward.web.inbox.counting import counts_beside
from steward.web.inbox.found import found_in
from steward.web.inbox.grouped import all_rows, groups_of
from steward.web.inbox.saving import saving
from steward.web.inbox.shift import shift_state
from steward.web.inbox.snoozed import returned_on_top, words_for
from steward.web.inbox.wanted import NAMES, ORDERS, WAITING, Wanted, read, shown_as, view_address
from steward.web.shared.asking import Request, number_in

# What is done to many most often stands beside the count, the rest in a menu.
FIRST = ("assign", "status", "priority", "add_tag")


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    wanted = read(request)
    if (number := _number_alone(wanted)) is not None:
        return HttpResponseRedirect(reverse("ticket:page", args=[number]))
    context = _listed(request, wanted)
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "inbox/refresh.html", context)
    language = get_language() or ""
    context |= {
        "shift": shift_state(request.actor, context["at"]),
        "categories": _categories(),
        "gone": number_in(request.GET.get("gone", "")),
        "said": said(wanted),
        "waits": _waits(language),
        "saving": saving(request, wanted),
        "column_choices": columns.choices(wanted.columns, language),
        "bulk_verbs": _bulk_verbs(language),
        "bulk_most": MOST_TICKETS,
        "bulk_token": str(uuid4()),
    }
    return render(request, "inbox/page.html", context)


@require_safe
@desk_only
def pane(request: Request) -> HttpResponse:
    """The same list beside an open ticket, narrow, with the ticket's place in it."""
    wanted = read(request)
    current = number_in(request.GET.get("current", ""))
    context = _listed(request, wanted, may_group=False)
    ids = [row.id for row in context["page"].rows]
    place = ids.index(current) if current in ids else None
    context |= {
        "current": current,
        "place": place,
        "before": ids[place - 1] if place else None,
        "after": ids[place + 1] if place is not None and place + 1 < len(ids) else None,
    }
    return render(request, "inbox/pane.html", context)


def said(wanted: Wanted) -> list[str]:
    """Say what of a list's filter could not be read or found."""
    retired = named([wanted.view.query], wanted.reader)[0][1] if wanted.view.view.saved_id else []
    return [spoken(problem.message, problem.values) for problem in (*wanted.problems, *wanted.plan.problems, *retired)]


def _number_alone(wanted: Wanted) -> int | None:
    parts = wanted.narrowing.parts
    return parts[0].number if len(parts) == 1 and isinstance(parts[0], Number) and not parts[0].negated else None


def _listed(request: Request, wanted: Wanted, *, may_group: bool = True) -> dict[str, Any]:
    at, actor = wanted.reader.at, request.actor
    groups = groups_of(wanted) if wanted.grouping and may_group else []
    found = all_rows(groups) if groups else search_page(wanted.plan, order=wanted.order, page=wanted.page)
    if wanted.view.key == "mine" and wanted.order == "due" and not (groups or wanted.page or wanted.is_narrowed or wanted.queue_id):
        found = returned_on_top(found, user_id=actor.user_id or 0, queue_ids=wanted.reader.queue_ids)
    return {
        "at": at,
        "wanted": wanted,
        "queue": wanted.queue,
        "queues": [one for one in request.queues if one.is_active],
        "queue_ids": wanted.reader.queue_ids,
        "page": found,
        "snoozed": words_for(found.rows),
        "drafted": drafted([row.id for row in found.rows], user_id=actor.user_id),
        "groups": groups,
        "found": found_in(found.rows, wanted.plan) if wanted.plan.has_words else {},
        "chips": chips([row.id for row in found.rows], at=at),
        "labels_of": columns.LABELS,
        "numeric": columns.NUMBERS,
        "is_usual": wanted.columns == DEFAULT_COLUMNS,
        "counts": counts_beside(wanted),
        "rail": [(shown_as(view), view_address(view)) for view in wanted.views.rail],
        "views": NAMES,
        "orders": ORDERS,
        "works": actor.can(Capability.WORK_TICKETS),
        "selects": may_work_at_all(actor),
    }


_CATEGORIES = """
WITH RECURSIVE path (id, name) AS (
    SELECT c.id, c.name FROM desk_category c LEFT JOIN desk_category above ON above.id = c.parent_id
     WHERE c.is_active AND above.is_active IS NOT TRUE
     UNION ALL SELECT c.id, p.name || ' / ' || c.name FROM desk_category c JOIN path p ON p.id = c.parent_id WHERE c.is_active)
SELECT id, name FROM path ORDER BY lower(name), id
"""


def _categories() -> tuple[tuple[int, str], ...]:
    return tuple((pk, name) for pk, name in rows(_CATEGORIES))


@lru_cache(maxsize=16)
def _waits(_language: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, str(label)) for key, label in WAITING.items())


@lru_cache(maxsize=16)
def _bulk_verbs(_language: str) -> tuple[tuple[str, str, str], ...]:
    ordered = sorted(verbs(), key=lambda verb: FIRST.index(verb.name) if verb.name in FIRST else len(FIRST))
    return tuple((verb.name, verb.icon, str(verb.label)) for verb in ordered)
