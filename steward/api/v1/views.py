"""Saved filters."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from steward.api.operations import CREATED, get, post, put
from steward.api.shapes import Given, Line, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.kept import ActiveIn, KeptIn
from steward.api.v1.tickets import READ, WRITE
from steward.core import clock
from steward.core.errors import Invalid, spoken
from steward.desk.actions.views import Layout, change_view, create_view, lay_out_list, move_view, pin_view, put_away_view
from steward.desk.queries.filtering.naming import with_ids
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import reader
from steward.desk.queries.views import views_of
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Query as Filter
from steward.people.rules import Scope

router = Router(tags=["Views"])
KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE


class ViewOut(Given):
    """A view: a filter with a name. `saved_id` is null for one of the desk's own."""

    key: str
    name: str
    q: str
    order: str
    columns: list[str]
    grouping: str
    saved_id: int | None
    scope: str
    folder: str
    team_id: int | None
    is_pinned: bool


class LayoutIn(Sent):
    """How a list is laid out."""

    order: Line = "updated"
    columns: Annotated[list[Line], Field(max_length=30)] = []
    grouping: Line = ""

    def layout(self) -> Layout:
        """Give it as the actions take it."""
        return Layout(order=self.order, columns=self.columns, grouping=self.grouping)


class ViewIn(KeptIn):
    """A view."""

    q: Line
    layout: LayoutIn = LayoutIn()


def _views(request: Asked) -> list[ViewOut]:
    views = views_of(request.actor)
    return [
        ViewOut(
            key=one.key,
            name=one.name or one.key,
            q=one.text,
            order=one.order,
            columns=list(one.columns),
            grouping=one.grouping,
            saved_id=one.saved_id,
            scope=one.scope,
            folder=one.folder,
            team_id=one.team_id,
            is_pinned=bool(one.is_pinned),
        )
        for one in (*views.own.values(), *views.saved)
    ]


@get(router, "/views", scope=READ, out=list[ViewOut])
def list_views(request: Asked) -> list[ViewOut]:
    """List the views the user may open."""
    return _views(request)


def _filter(request: Asked, text: str) -> Filter:
    who = reader(request.queues, user_id=request.actor.user_id, zone=request.actor.time_zone, at=clock.now())
    told = read_filter(text)
    if problems := (*told.problems, *plan(told.query, who).problems):
        raise Invalid(spoken(problems[0].message, problems[0].values), field="q")
    return with_ids(told.query, who)


@post(router, "/views", scope=WRITE, out=list[ViewOut], status=CREATED)
def make_view(request: Asked, body: ViewIn) -> list[ViewOut]:
    """Save a filter under a name."""
    create_view(about=body.about(), query=_filter(request, body.q), layout=body.layout.layout(), by=request.actor, at=clock.now())
    return _views(request)


@put(router, "/views/{int:view_id}", scope=WRITE, out=list[ViewOut])
def update_view(request: Asked, view_id: PathId, body: ViewIn) -> list[ViewOut]:
    """Rename or share a view, or have it ask for something else."""
    change_view(
        view_id=view_id,
        about=body.about(),
        query=_filter(request, body.q),
        layout=body.layout.layout(),
        by=request.actor,
        at=clock.now(),
    )
    return _views(request)


@put(router, "/views/{int:view_id}/active", scope=WRITE, out=list[ViewOut])
def set_view_active(request: Asked, view_id: PathId, body: ActiveIn) -> list[ViewOut]:
    """Put a view away, or take it into use again."""
    put_away_view(view_id=view_id, is_active=body.is_active, by=request.actor, at=clock.now())
    return _views(request)


class PinIn(Sent):
    """Whether a view stands in one's own rail."""

    is_pinned: Yes


@put(router, "/views/{int:view_id}/pin", scope=WRITE, out=list[ViewOut])
def pin(request: Asked, view_id: PathId, body: PinIn) -> list[ViewOut]:
    """Put a view into one's own rail, or take it out."""
    pin_view(view_id=view_id, is_pinned=body.is_pinned, by=request.actor, at=clock.now())
    return _views(request)


class UpIn(Sent):
    """Whether it goes up one place, or down."""

    up: Yes


@post(router, "/views/{int:view_id}/move", scope=WRITE, out=list[ViewOut])
def move_in_rail(request: Asked, view_id: PathId, body: UpIn) -> list[ViewOut]:
    """Move a view one place up or down in one's own rail."""
    move_view(view_id=view_id, up=body.up, by=request.actor, at=clock.now())
    return _views(request)


class OwnLayoutIn(LayoutIn):
    """How one wants the list of a view laid out, for oneself."""

    key: Line


@put(router, "/views/layout", scope=WRITE, out=list[ViewOut])
def lay_out_view(request: Asked, body: OwnLayoutIn) -> list[ViewOut]:
    """Choose, for oneself, the columns, order and groups of a view."""
    lay_out_list(key=body.key, layout=body.layout(), by=request.actor, at=clock.now())
    return _views(request)
