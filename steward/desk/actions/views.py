"""Saving a filter as a view, changing it, pinning it to one's rail, and laying out a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.desk.actions.sharing import About, lock_kept, save_kept, told_of, values_of
from steward.desk.facts.shared import ListLaidOut, RailReordered, ViewChanged, ViewCreated, ViewPinned, ViewUnpinned
from steward.desk.models import SavedView, ViewChoice
from steward.desk.queries.sharing import usable_by
from steward.desk.queries.views import views_of
from steward.desk.rules.filters.reading import LONGEST, read_filter
from steward.desk.rules.filters.tree import Query
from steward.desk.rules.filters.writing import write_filter
from steward.desk.rules.views import COLUMNS, GROUPINGS, ORDER_NAMES
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.permissions import require

MOST_PINNED = 30


@dataclass(frozen=True)
class Layout:
    """How a list is laid out: its order, its columns (none: the usual ones), and what it is cut into."""

    order: str = "updated"
    columns: Sequence[str] = ()
    grouping: str = ""

    def read(self) -> dict[str, Any]:
        """Give the values as they are stored; raises `Invalid` for one that no list has."""
        columns = list(dict.fromkeys(self.columns))
        if self.order not in ORDER_NAMES:
            raise Invalid(_("A list has no such order."), field="order")
        if not set(columns) <= set(COLUMNS) or (columns and "subject" not in columns):
            raise Invalid(_("A list has no such columns."), field="columns", hint=_("The subject is always among them."))
        if self.grouping not in GROUPINGS:
            raise Invalid(_("A list has no such groups."), field="grouping")
        return {"order": self.order, "columns": columns, "grouping": self.grouping}


def create_view(*, about: About, query: Query, layout: Layout, by: Actor, at: datetime) -> SavedView:
    """Save a filter under a name, pinned to the maker's rail; raises `Conflict` for a name in use."""
    values = about.read(by) | layout.read() | {"text": _kept(query)}
    with transaction.atomic():
        view = SavedView(**values, created_at=at)
        save_kept(view)
        record(ViewCreated(view_id=view.pk, changes=told_of(view) | _layout_told({}, view)), by=by, at=at)
        if by.user_id is not None:
            _pin(view, by, is_pinned=True, at=at)
        return view


def change_view(
    *, view_id: int, about: About | None = None, query: Query | None = None, layout: Layout | None = None, by: Actor, at: datetime
) -> SavedView:
    """Rename or share a view, or have it ask for something else; what is not given stays."""
    values = (about.read(by) if about else {}) | (layout.read() if layout else {}) | ({"text": _kept(query)} if query else {})
    with transaction.atomic():
        view = lock_kept(SavedView, view_id, by)
        before, laid_out, text = values_of(view), _layout_of(view), view.text
        for name, value in values.items():
            setattr(view, name, value)
        save_kept(view)
        changes = told_of(view, before=before) | _layout_told(laid_out, view)
        personal = ("filter",) if view.text != text else ()
        if view.scope == SavedView.Scope.PRIVATE and before["name"] != view.name:
            personal = (*personal, "name")
        if changes or personal:
            record(ViewChanged(view_id=view.pk, changes=changes, personal=personal), by=by, at=at)
        return view


def put_away_view(*, view_id: int, is_active: bool, by: Actor, at: datetime) -> SavedView:
    """Put a view away, or take it into use again; raises `Conflict` when its name went to another one meanwhile."""
    with transaction.atomic():
        view = lock_kept(SavedView, view_id, by)
        if view.is_active != is_active:
            before = values_of(view)
            view.is_active = is_active
            save_kept(view)
            record(ViewChanged(view_id=view.pk, changes=told_of(view, before=before)), by=by, at=at)
        return view


def pin_view(*, view_id: int, is_pinned: bool, by: Actor, at: datetime) -> None:
    """Put a view into one's own rail, or take it out."""
    _person(by)
    with transaction.atomic():
        view = usable_by(by, SavedView).filter(pk=view_id).first()
        if view is None:
            raise NotFound(_("There is no such view, or it is not for you."), hint=_("Reload the page."))
        _pin(view, by, is_pinned=is_pinned, at=at)


def _pin(view: SavedView, by: Actor, *, is_pinned: bool, at: datetime) -> None:
    user_id = _person(by)
    mine = ViewChoice.objects.filter(user_id=user_id)
    last = mine.order_by("-position").values_list("position", flat=True).first() or 0
    if is_pinned and mine.filter(is_pinned=True).count() >= MOST_PINNED:
        raise Invalid(
            _("%(most)s views are in your rail already.") % {"most": MOST_PINNED}, hint=_("Take one out of the rail first.")
        )
    choice, _made = ViewChoice.objects.get_or_create(
        user_id=user_id, key=f"v{view.pk}", defaults={"view": view, "position": last + 1}
    )
    if choice.is_pinned is not is_pinned:
        choice.is_pinned = is_pinned
        choice.save(update_fields=["is_pinned"])
        fact = ViewPinned if is_pinned else ViewUnpinned
        record(fact(view_id=view.pk, user_id=user_id), by=by, at=at)


def move_view(*, view_id: int, up: bool, by: Actor, at: datetime) -> None:
    """Move a view one place up or down in one's own rail; at an end it stays."""
    user_id = _person(by)
    with transaction.atomic():
        # One person's moves come one after the other, whatever their rows.
        User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk").first()
        shown = [view.saved_id for view in views_of(by).rail]
        if view_id not in shown:
            raise NotFound(_("This view is not in your rail."), hint=_("Pin it first."))
        place = shown.index(view_id)
        other = place + (-1 if up else 1)
        if not 0 <= other < len(shown):
            return
        shown[place], shown[other] = shown[other], shown[place]
        for position, pk in enumerate(shown, 1):
            ViewChoice.objects.update_or_create(user_id=user_id, key=f"v{pk}", defaults={"position": position, "view_id": pk})
        record(RailReordered(user_id=user_id, view_ids=tuple(pk for pk in shown if pk)), by=by, at=at)


def lay_out_list(*, key: str, layout: Layout, by: Actor, at: datetime) -> None:
    """Choose, for oneself, the columns, order and groups of a view; raises `NotFound` for a view that is not for the actor."""
    user_id, values = _person(by), layout.read()
    with transaction.atomic():
        view = views_of(by).get(key)
        if view is None:
            raise NotFound(_("There is no such view, or it is not for you."), hint=_("Reload the page."))
        ViewChoice.objects.update_or_create(user_id=user_id, key=key, defaults=values | {"view_id": view.saved_id})
        told = {"columns": tuple(values["columns"]), "order": values["order"], "grouping": values["grouping"]}
        record(ListLaidOut(user_id=user_id, view_key=key, **told), by=by, at=at)


def _person(by: Actor) -> int:
    require(by.user_id is not None, _("Only people have lists of their own."))
    return by.user_id or 0


def _kept(query: Query) -> str:
    text = write_filter(query)
    if len(text) > LONGEST or read_filter(text, kept=True).query != query:
        raise Invalid(_("This filter is too long to be kept."), field="text", hint=_("Take something off it."))
    return text


def _layout_of(view: SavedView) -> dict[str, str]:
    return {"order": view.order, "columns": ",".join(view.columns), "grouping": view.grouping}


def _layout_told(before: dict[str, str], view: SavedView) -> dict[str, tuple[Any, Any]]:
    now = _layout_of(view)
    return {name: (before.get(name), value) for name, value in now.items() if (before.get(name) or "") != value}
