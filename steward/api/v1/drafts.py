"""What the user of a token is writing: drafts, with their files and the copies of other devices."""

from datetime import datetime

from ninja import File, Router
from ninja.files import UploadedFile

from steward.api.operations import CREATED, delete, get, post, put
from steward.api.shapes import Done, Given, Line, PathId, Sent, Small, Text, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import nothing_here
from steward.api.v1.tickets import READ, WRITE
from steward.core import clock
from steward.desk.actions.drafts import (
    Typed,
    attach_to_draft,
    detach_from_draft,
    discard_draft,
    drop_copy,
    save_draft,
    share_draft,
    take_over_draft,
    use_copy,
)
from steward.desk.actions.filing import store_file
from steward.desk.models import Draft
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.writing import writing_on

router = Router(tags=["Drafts"])


class KeptFileOut(Given):
    """A file on a draft."""

    id: int
    name: str
    size: int


class CopyOut(Given):
    """The text of another device that a newer one took the place of."""

    id: int
    body: str
    saved_at: datetime


class DraftOut(Given):
    """What the user of the token is writing on a ticket."""

    id: int
    kind: str
    body: str
    version: int
    is_shared: bool
    saved_at: datetime
    files: list[KeptFileOut]
    copies: list[CopyOut]


class ForeignOut(Given):
    """That a colleague is writing."""

    id: int
    kind: str
    author: str
    is_shared: bool
    saved_at: datetime


class WritingOut(Given):
    """All that is being written on a ticket."""

    own: list[DraftOut]
    foreign: list[ForeignOut]


def _writing(request: Asked, ticket_id: int) -> WritingOut:
    ticket_seen_by(request.actor, ticket_id)
    told = writing_on(request.actor, ticket_id)
    return WritingOut(
        own=[DraftOut.model_validate(one) for one in told.own.values()],
        foreign=[ForeignOut.model_validate(one) for one in told.foreign],
    )


@get(router, "/tickets/{int:ticket_id}/drafts", scope=READ, out=WritingOut)
def list_drafts(request: Asked, ticket_id: PathId) -> WritingOut:
    """List what is being written on a ticket: one's own drafts with their text, those of others without."""
    return _writing(request, ticket_id)


class DraftIn(Sent):
    """What is typed so far; `version` is the one it goes on from."""

    body: Text
    version: Small = 0
    device: Line = "api"


@put(router, "/tickets/{int:ticket_id}/drafts/{kind}", scope=WRITE, out=WritingOut)
def keep_draft(request: Asked, ticket_id: PathId, kind: Draft.Kind, body: DraftIn) -> WritingOut:
    """Keep what was typed so far; nothing left to keep ends the draft."""
    ticket_seen_by(request.actor, ticket_id)
    typed = Typed(body=body.body, version=body.version, device=body.device[:60])
    save_draft(ticket_id=ticket_id, kind=kind, typed=typed, by=request.actor, at=clock.now())
    return _writing(request, ticket_id)


@post(router, "/tickets/{int:ticket_id}/drafts/{kind}/files", scope=WRITE, out=KeptFileOut, status=CREATED)
def add_draft_file(request: Asked, ticket_id: PathId, kind: Draft.Kind, file: File[UploadedFile]) -> KeptFileOut:
    """Keep a file with a draft, which begins with it if need be."""
    ticket_seen_by(request.actor, ticket_id)
    kept = attach_to_draft(ticket_id=ticket_id, kind=kind, file=store_file(file), by=request.actor, at=clock.now())
    return KeptFileOut(id=kept.pk, name=kept.name, size=kept.size)


@delete(router, "/draft-files/{int:file_id}", scope=WRITE, out=Done)
def remove_draft_file(request: Asked, file_id: PathId) -> Done:
    """Take a file off one's draft."""
    detach_from_draft(file_id=file_id, by=request.actor)
    return Done()


@delete(router, "/drafts/{int:draft_id}", scope=WRITE, out=Done)
def throw_draft_away(request: Asked, draft_id: PathId) -> Done:
    """Throw one's own draft away, with its files and copies."""
    discard_draft(draft_id=draft_id, by=request.actor)
    return Done()


class ShareIn(Sent):
    """Whether colleagues may take it over."""

    is_shared: Yes


def _seen(request: Asked, draft_id: int) -> Draft:
    found = Draft.objects.select_related("ticket").filter(pk=draft_id).first()
    if found is None or found.ticket.queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    return found


@put(router, "/drafts/{int:draft_id}/shared", scope=WRITE, out=WritingOut)
def share(request: Asked, draft_id: PathId, body: ShareIn) -> WritingOut:
    """Let colleagues who work the ticket take one's draft over, or no longer."""
    ticket_id = _seen(request, draft_id).ticket_id
    share_draft(draft_id=draft_id, is_shared=body.is_shared, by=request.actor)
    return _writing(request, ticket_id)


@post(router, "/drafts/{int:draft_id}/take-over", scope=WRITE, out=WritingOut)
def take_over(request: Asked, draft_id: PathId) -> WritingOut:
    """Make somebody's draft one's own; the one who wrote it is told."""
    ticket_id = _seen(request, draft_id).ticket_id
    take_over_draft(draft_id=draft_id, by=request.actor, at=clock.now())
    return _writing(request, ticket_id)


@post(router, "/draft-copies/{int:copy_id}/use", scope=WRITE, out=WritingOut)
def use_draft_copy(request: Asked, copy_id: PathId) -> WritingOut:
    """Put the kept text of another device into one's draft, and keep the draft's in its place."""
    changed = use_copy(copy_id=copy_id, by=request.actor, at=clock.now())
    return _writing(request, changed.ticket_id)


@delete(router, "/draft-copies/{int:copy_id}", scope=WRITE, out=Done)
def drop_draft_copy(request: Asked, copy_id: PathId) -> Done:
    """Let the kept text of another device go."""
    drop_copy(copy_id=copy_id, by=request.actor)
    return Done()
