"""All views one may open: put into the rail or taken out, moved, renamed, shared, put away."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound, spoken
from steward.desk.actions.views import change_view, move_view, pin_view, put_away_view
from steward.desk.models import SavedView
from steward.desk.permissions import may_change_kept, may_share
from steward.desk.queries.filtering.naming import named
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import reader, trusting
from steward.desk.queries.sharing import managed_by
from steward.desk.queries.views import View, views_of
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Problem, Query
from steward.desk.rules.filters.writing import write_filter
from steward.web.inbox.asking import desk_only
from steward.web.inbox.columns import LABELS as COLUMNS
from steward.web.inbox.saving import about, audiences
from steward.web.inbox.wanted import ORDERS, view_address
from steward.web.shared.asking import Request, one_of
from steward.web.shared.history import history_of
from steward.web.shared.history_values import TOLD, Names, Told
from steward.web.shared.htmx import go


@dataclass(frozen=True)
class Line:
    """A view on its page: what it asks for in names, what of that is gone, and what this person may do."""

    row: SavedView
    text: str
    said: list[str]
    address: str
    audience: str
    may_change: bool
    is_pinned: bool


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    """List the views, those of the rail first and in its order, then the others, then what was put away."""
    known = views_of(request.actor)
    views, order = {view.saved_id: view for view in known.saved}, {view.saved_id: place for place, view in enumerate(known.rail)}
    rows = list(managed_by(request.actor, SavedView, shared=may_share(request.actor, team_id=None)).select_related("team"))
    rows.sort(key=lambda row: (not row.is_active, order.get(row.pk, len(order)), row.name.casefold(), row.pk))
    zone = timezone.get_current_timezone_name()
    who = trusting(reader(request.queues, user_id=request.actor.user_id, zone=zone, at=clock.now()), looks_up=False)
    queries = [read_filter(row.text, kept=True).query for row in rows]
    lines = [
        _line(request, row, views.get(row.pk), shown, [*plan(query, who).problems, *retired])
        for row, query, (shown, retired) in zip(rows, queries, named(queries, who), strict=True)
    ]
    return render(request, "inbox/saved.html", {"lines": lines, "audiences": audiences(request)})


def _line(request: Request, row: SavedView, view: View | None, shown: Query, problems: list[Problem]) -> Line:
    return Line(
        row=row,
        text=write_filter(shown),
        said=[spoken(problem.message, problem.values) for problem in problems],
        address=view_address(view) if view else "",
        audience=_audience(row),
        may_change=may_change_kept(request.actor, row),
        is_pinned=bool(view and view.is_pinned),
    )


def _audience(row: SavedView) -> str:
    return f"team:{row.team_id}" if row.scope == SavedView.Scope.TEAM else row.scope


@require_safe
@desk_only
def history(request: Request, view_id: int) -> HttpResponse:
    """What was changed in a view, for whom it is listed; what it asks for is told in no ledger, only that it changed."""
    managed = managed_by(request.actor, SavedView, shared=may_share(request.actor, team_id=None))
    row = managed.select_related("team").filter(pk=view_id).first()
    if row is None:
        raise NotFound(_("There is no such view, or it is not for you."), hint=_("Reload the page."))
    return render(request, "inbox/view_history.html", {"row": row, "history": history_of(f"view:{row.pk}", _TOLD)})


def _columns(value: Any, _names: Names) -> str:
    return ", ".join(str(COLUMNS[name]) for name in str(value).split(",") if name in COLUMNS)


_TOLD: Told = MappingProxyType(
    {
        **TOLD,
        "order": lambda value, _names: str(ORDERS.get(value, value)),
        "grouping": lambda value, _names: str(COLUMNS.get(value, value)),
        "columns": _columns,
    }
)


@require_POST
@desk_only
def change(request: Request, view_id: int) -> HttpResponse:
    """Do one thing with a view: pin, unpin, move up or down, rename and share, put away or take into use again."""
    act = one_of(request, "act", ("pin", "unpin", "up", "down", "change", "put_away", "restore"))
    by, at = request.actor, clock.now()
    if act in {"pin", "unpin"}:
        pin_view(view_id=view_id, is_pinned=act == "pin", by=by, at=at)
    elif act in {"up", "down"}:
        move_view(view_id=view_id, up=act == "up", by=by, at=at)
    elif act == "change":
        change_view(view_id=view_id, about=about(request), by=by, at=at)
    else:
        put_away_view(view_id=view_id, is_active=act == "restore", by=by, at=at)
    return go(request, reverse("inbox:saved"))
