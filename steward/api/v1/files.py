"""Files: uploaded first, then put on a message by the handle that the upload gave; and downloaded again."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router
from ninja.files import UploadedFile

from steward.api.operations import CREATED, get, post
from steward.api.shapes import Given, PathId
from steward.api.tokens import Asked
from steward.api.v1.finding import nothing_here
from steward.api.v1.showing import FileOut, file_out
from steward.channels.actions.originals import bytes_of
from steward.channels.queries.letters import letter_behind
from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.desk.actions.filing import StoredFile, open_file, store_file
from steward.desk.actions.redacting import keep_redacted
from steward.desk.actions.viewing import view_files
from steward.desk.models import Attachment, MediaView, Message
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.care import is_covered
from steward.people.actor import Actor
from steward.people.rules import Scope

router = Router(tags=["Files"])
_SALT, _GOOD_FOR = "steward.api.files", 24 * 3600


class UploadOut(Given):
    """An uploaded file that is on no message yet; name its `handle` in `files` within a day."""

    handle: str
    name: str
    media_type: str
    size: int


@post(router, "/files", scope=Scope.TICKETS_WRITE, out=UploadOut, status=CREATED)
def upload_file(request: Asked, file: File[UploadedFile]) -> UploadOut:
    """Upload a file. It is put on a message by naming its handle there."""
    stored = store_file(file)
    handle = signing.dumps([stored.name, stored.media_type, stored.size, stored.sha256, request.actor.user_id], salt=_SALT)
    return UploadOut(handle=handle, name=stored.name, media_type=stored.media_type, size=stored.size)


def uploaded(handles: Sequence[str], by: Actor) -> list[StoredFile]:
    """Give the files that handles stand for; raises `Invalid` for one made up, too old, or given to somebody else."""
    found = []
    for handle in handles:
        try:
            name, media_type, size, sha256, user_id = signing.loads(handle, salt=_SALT, max_age=_GOOD_FOR)
        except (signing.BadSignature, ValueError, TypeError):
            user_id = None
        if user_id is None or user_id != by.user_id:
            raise Invalid(_("This is no handle of an uploaded file."), field="files", hint=_("Upload the file again."))
        found.append(StoredFile(name=name, media_type=media_type, size=size, sha256=sha256))
    return found


@get(router, "/attachments/{int:attachment_id}/about", scope=Scope.TICKETS_READ, out=FileOut)
def get_attachment(request: Asked, attachment_id: PathId) -> FileOut:
    """Give what is known of a file on a message, without its bytes."""
    return file_out(file_in_sight(request.actor, attachment_id))


@get(router, "/attachments/{int:attachment_id}", scope=Scope.TICKETS_READ, out=bytes)
def download_attachment(request: Asked, attachment_id: PathId) -> Any:
    """Download a file. One that may be harmful counts as looked at by the user of the token, as on the screens."""
    file = file_in_sight(request.actor, attachment_id)
    if is_covered(file, strict=False):
        view_files(attachment_ids=[file.pk], how=MediaView.How.DOWNLOADED, by=request.actor, at=clock.now())
    try:
        content = open_file(file.sha256)
    except FileNotFoundError as error:
        raise NotFound(_("The file %(name)s is no longer stored.") % {"name": file.name}) from error
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Media-Type"] = file.media_type
    return response


@get(router, "/messages/{int:message_id}/original", scope=Scope.TICKETS_READ, out=bytes)
def download_original(request: Asked, message_id: PathId) -> Any:
    """Download a message that came as a letter, as it came; where its pictures are covered, only its files are given."""
    message = Message.objects.select_related("ticket").filter(pk=message_id, erased_at=None).first()
    if message is None:
        raise nothing_here()
    ticket = ticket_seen_by(request.actor, message.ticket_id)
    came = letter_behind(message_id)
    raw = bytes_of(came.sha256) if came is not None else b""
    if not raw or ticket.carefulness.covers("image/png", from_requester=True):
        raise nothing_here()
    response = HttpResponse(raw, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{message_id}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@post(router, "/attachments/{int:attachment_id}/redacted", scope=Scope.TICKETS_WRITE, out=FileOut, status=CREATED)
def redact_attachment(request: Asked, attachment_id: PathId, file: File[UploadedFile]) -> FileOut:
    """Put a redacted copy of a picture beside it. The same copy again is the one that is there."""
    found = file_in_sight(request.actor, attachment_id)
    return file_out(keep_redacted(attachment_id=found.pk, upload=file, by=request.actor, at=clock.now()))


def file_in_sight(actor: Actor, attachment_id: int) -> Attachment:
    """Find a file by the sight of its ticket's queue; raises `NotFound` alike for none, out of sight and erased."""
    found = Attachment.objects.filter(pk=attachment_id, erased_at=None)
    file = found.select_related("message__ticket__queue", "message__shown_on__queue").first()
    if file is None or (file.message.shown_on or file.message.ticket).queue_id not in visible_queue_ids(actor):
        raise nothing_here()
    return file
