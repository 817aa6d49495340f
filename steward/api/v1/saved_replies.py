"""Texts written once and sent many times."""

from typing import Annotated

from ninja import Router
from pydantic import Field, StrictStr

from steward.api.operations import CREATED, get, post, put
from steward.api.shapes import Listed, PathId, Text
from steward.api.tokens import Asked
from steward.api.v1.finding import USUAL_ROWS, walk
from steward.api.v1.kept import ActiveIn, Cursor, KeptIn, KeptOut, Limit, kept_values, managed
from steward.core import clock
from steward.desk.actions.saved_replies import change_saved_reply, create_saved_reply, put_away_saved_reply
from steward.desk.models import SavedReply
from steward.people.rules import Scope

router = Router(tags=["Saved replies"])
KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE


class SavedReplyOut(KeptOut):
    """A saved reply with its texts by language; the empty language is for every other."""

    texts: dict[str, str]


class SavedReplyIn(KeptIn):
    """A saved reply."""

    texts: Annotated[dict[Annotated[StrictStr, Field(max_length=35)], Text], Field(max_length=30)]


def _saved_reply(row: SavedReply) -> SavedReplyOut:
    texts = sorted((one for one in row.texts.all() if one.retired_at is None), key=lambda one: one.language)
    return SavedReplyOut(**kept_values(row), texts={one.language: one.body for one in texts})


@get(router, "/saved-replies", scope=KEPT_READ, out=Listed[SavedReplyOut])
def list_saved_replies(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[SavedReplyOut]:
    """List the saved replies the user may use or looks after."""
    return walk(managed(request, SavedReply).prefetch_related("texts"), cursor=cursor, limit=limit, show=_saved_reply)


@post(router, "/saved-replies", scope=KEPT_WRITE, out=SavedReplyOut, status=CREATED)
def make_saved_reply(request: Asked, body: SavedReplyIn) -> SavedReplyOut:
    """Make a saved reply."""
    return _saved_reply(create_saved_reply(about=body.about(), texts=body.texts, by=request.actor, at=clock.now()))


@put(router, "/saved-replies/{int:saved_reply_id}", scope=KEPT_WRITE, out=SavedReplyOut)
def update_saved_reply(request: Asked, saved_reply_id: PathId, body: SavedReplyIn) -> SavedReplyOut:
    """Change a saved reply as a whole."""
    changed = change_saved_reply(
        saved_reply_id=saved_reply_id, about=body.about(), texts=body.texts, by=request.actor, at=clock.now()
    )
    return _saved_reply(changed)


@put(router, "/saved-replies/{int:saved_reply_id}/active", scope=KEPT_WRITE, out=SavedReplyOut)
def set_saved_reply_active(request: Asked, saved_reply_id: PathId, body: ActiveIn) -> SavedReplyOut:
    """Put a saved reply away, or take it into use again."""
    changed = put_away_saved_reply(saved_reply_id=saved_reply_id, is_active=body.is_active, by=request.actor, at=clock.now())
    return _saved_reply(changed)
