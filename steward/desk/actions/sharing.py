"""What saved replies, macros and saved views have in common: for whom they are, what they are called, putting them away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, one_line
from steward.desk.models import Macro, SavedReply, SavedView
from steward.desk.permissions import may_change_kept, may_keep, may_share
from steward.desk.queries.sharing import managed_by
from steward.people.actor import Actor
from steward.people.models import Team
from steward.people.permissions import require

Kept = TypeVar("Kept", SavedReply, Macro, SavedView)
LONGEST_NAME, LONGEST_FOLDER = 80, 60
_TOLD = ("name", "folder", "scope", "team", "is_active")


@dataclass(frozen=True)
class About:
    """What a saved reply or macro is called, where it lies, and for whom it is."""

    name: str
    folder: str = ""
    scope: str = "private"
    team: Team | None = None

    def read(self, by: Actor) -> dict[str, Any]:
        """Give the values as they are stored; raises `Invalid`, or `NotAllowed` for a scope that is not the actor's."""
        if self.scope not in SavedReply.Scope.values:
            raise Invalid(_("Say for whom it is."), field="scope")
        private = self.scope == SavedReply.Scope.PRIVATE
        if self.scope == SavedReply.Scope.TEAM and self.team is None:
            raise Invalid(_("Say for which team it is."), field="team")
        team = self.team if self.scope == SavedReply.Scope.TEAM else None
        allowed = may_keep(by) if private else may_share(by, team_id=team.pk if team else None)
        require(allowed, _("Only leads and admins make what others use."), hint=_("Keep it for yourself, or ask your lead."))
        return {
            "name": one_line(clean(self.name, max_length=LONGEST_NAME, field="name"), max_length=LONGEST_NAME),
            "folder": one_line(
                clean(self.folder, max_length=LONGEST_FOLDER, field="folder", required=False), max_length=LONGEST_FOLDER
            ),
            "scope": self.scope,
            "owner_id": by.user_id if private else None,
            "team_id": team.pk if team else None,
        }


def lock_kept(kept: type[Kept], pk: int, by: Actor) -> Kept:
    """Lock one that the actor may change; raises `NotFound` for one out of sight, `NotAllowed` for one they may only use."""
    rows = managed_by(by, kept, shared=may_share(by, team_id=None)).filter(pk=pk)
    row = rows.select_for_update(no_key=True, of=("self",)).first()
    if row is None:
        raise NotFound(
            _("There is no such thing, or it is not yours to see."), hint=_("Reload the page: it may have been changed.")
        )
    require(may_change_kept(by, row), _("Only leads and admins change what others use."), hint=_("Make one of your own."))
    return row


def save_kept(row: models.Model) -> None:
    """Save a row; raises `Conflict` for a name in use by another one for the same people."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "_name" not in str(error):
            raise
        raise Conflict(_("That name is taken."), field="name", hint=_("Choose another name.")) from error


def told_of(row: Kept, *, before: Mapping[str, Any] | None = None) -> dict[str, tuple[Any, Any]]:
    """Give what changed as a fact tells it; the name of a private one is its owner's."""
    now = values_of(row)
    old = before or dict.fromkeys(now)
    changes = {name: (old[name], now[name]) for name in _TOLD if old[name] != now[name]}
    if row.scope == row.Scope.PRIVATE:
        changes.pop("name", None)
        changes.pop("folder", None)
    return changes


def values_of(row: Kept) -> dict[str, Any]:
    """Give the told values of a row as a fact keeps them."""
    return {"name": row.name, "folder": row.folder, "scope": row.scope, "team": row.team_id, "is_active": row.is_active}


def count_use(kept: type[Kept], pk: int, *, by: Actor) -> None:
    """Count that somebody used one; one that is gone meanwhile is not counted."""
    rows: models.QuerySet[Kept] = models.QuerySet(kept)
    if by.user_id is not None:
        rows.filter(pk=pk).update(times_used=F("times_used") + 1)
