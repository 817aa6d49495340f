"""The views somebody may open, as they have them: pinned or not, in their order, laid out as they chose."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from steward.core.rows import rows
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Query
from steward.desk.rules.views import BUILT_IN
from steward.people.actor import Actor

_VIEWS = """
SELECT v.id, v.name, v.folder, v.scope, v.team_id, v.team, v.owner_id, v.text, v."order", v.columns, v.grouping,
       c.key, c.is_pinned, c.position, c."order", c.columns, c.grouping
  FROM (SELECT * FROM desk_viewchoice WHERE user_id = %s) c
  FULL JOIN (SELECT s.*, t.name AS team FROM desk_savedview s LEFT JOIN people_team t ON t.id = s.team_id
              WHERE s.is_active AND (s.scope = 'all' OR s.owner_id = %s OR s.scope = 'team' AND s.team_id = ANY(%s))) v
    ON c.view_id = v.id
"""


@lru_cache(maxsize=1_024)
def _query(text: str) -> Query:
    # A page reads the filter of every view in its rail; each is read once.
    return read_filter(text, kept=True).query


@dataclass(frozen=True)
class View:
    """A view as one person has it; `saved_id` is None for one of the desk's own."""

    key: str
    name: str
    text: str
    order: str
    columns: Sequence[str] = ()
    grouping: str = ""
    saved_id: int | None = None
    scope: str = ""
    folder: str = ""
    team_id: int | None = None
    team: str = ""
    is_pinned: bool = False
    position: int = 0
    is_laid_out: bool = False

    @property
    def query(self) -> Query:
        """Give what it asks for."""
        return _query(self.text)


@dataclass(frozen=True)
class Views:
    """All views of one person: the desk's own by key, and the saved ones in the order of their rail."""

    own: dict[str, View] = field(default_factory=dict)
    saved: tuple[View, ...] = ()

    @property
    def rail(self) -> list[View]:
        """Give the saved views in the side rail."""
        return [view for view in self.saved if view.is_pinned]

    def get(self, key: str) -> View | None:
        """Find a view by its key."""
        return self.own.get(key) or next((view for view in self.saved if view.key == key), None)


def views_of(actor: Actor) -> Views:
    """Give the views an actor may open, in one query."""
    found = rows(_VIEWS, [actor.user_id, actor.user_id, sorted(actor.team_ids)])
    chosen = {row[11]: row for row in found if row[0] is None}
    own = {view.key: _own(view.key, view.text, view.order, chosen.get(view.key)) for view in BUILT_IN}
    saved = sorted((_saved(row) for row in found if row[0] is not None), key=_place)
    return Views(own, tuple(saved))


def _place(view: View) -> tuple[int, str, int]:
    # One that nobody placed yet comes after those that were.
    return (view.position or 10**6, view.name.casefold(), view.saved_id or 0)


def _own(key: str, text: str, order: str, choice: tuple[Any, ...] | None) -> View:
    if choice is None:
        return View(key, key, text, order)
    _key, _pinned, _position, own_order, columns, grouping = choice[11:]
    return View(key, key, text, str(own_order or order), columns or (), str(grouping or ""), is_laid_out=True)


def _saved(row: tuple[Any, ...]) -> View:
    pk, name, folder, scope, team_id, team, _owner_id, text, order, columns, grouping = row[:11]
    key, pinned, position, own_order, own_columns, own_grouping = row[11:]
    is_laid_out = bool(key and own_order)
    return View(
        key=f"v{pk}",
        name=str(name),
        text=str(text),
        order=str(own_order or order),
        columns=(own_columns if is_laid_out else columns) or (),
        grouping=str((own_grouping if is_laid_out else grouping) or ""),
        saved_id=pk,
        scope=str(scope),
        folder=str(folder),
        team_id=team_id,
        team=str(team or ""),
        # What a team or everybody shares comes into the rail by itself, until it is taken out.
        is_pinned=pinned if isinstance(pinned, bool) else scope != "private",
        position=position or 0,
        is_laid_out=is_laid_out,
    )
