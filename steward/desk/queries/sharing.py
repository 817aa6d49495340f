"""Which saved replies, macros and views an actor may use: their own, their teams', everybody's."""

from typing import TypeVar

from django.db.models import Q, QuerySet

from steward.desk.models import Macro, SavedReply, SavedView
from steward.people.actor import Actor

Kept = TypeVar("Kept", SavedReply, Macro, SavedView)


def usable_by(actor: Actor, kept: type[Kept]) -> QuerySet[Kept]:
    """Give the active ones an actor may use."""
    rows: QuerySet[Kept] = QuerySet(kept)
    return rows.filter(_is_for(actor), is_active=True)


def managed_by(actor: Actor, kept: type[Kept], *, shared: bool) -> QuerySet[Kept]:
    """Give those an actor sees in the settings: what they may use, and every shared one when they look after those."""
    rows: QuerySet[Kept] = QuerySet(kept)
    return rows.filter(_is_for(actor) | ~Q(scope="private") if shared else _is_for(actor))


def _is_for(actor: Actor) -> Q:
    own = Q(owner_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    return Q(scope="all") | own | Q(scope="team", team_id__in=actor.team_ids)
