"""Handing out an attached file to whoever may see the message it hangs on."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steward.core.errors import NotFound
from steward.desk.actions.filing import open_file
from steward.desk.models import Attachment, Message
from steward.desk.queries.access import visible_queue_ids
from steward.desk.rules.files import SHOWN_INLINE
from steward.people.actor import Actor
from steward.web.shared.asking import Request

# Nothing in a file may run, load or submit anything, whatever a browser takes it for.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"


@require_safe
@login_required
def page(request: Request, attachment_id: int, name: str) -> FileResponse:  # noqa: ARG001 -- for people who read the address
    file = _file_for(request.actor, attachment_id)
    try:
        content = open_file(file.sha256)
    except FileNotFoundError as error:
        raise NotFound(
            _("The file %(name)s is no longer stored.") % {"name": file.name}, hint=_("Ask for it to be sent again.")
        ) from error
    inline = file.media_type in SHOWN_INLINE
    media_type = file.media_type if inline else "application/octet-stream"
    response = FileResponse(content, as_attachment=not inline, filename=file.name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # The bytes of an attachment never change, but who may see them can.
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _file_for(actor: Actor, attachment_id: int) -> Attachment:
    """Find a file by the sight of a queue, or by being the requester; raises `NotFound` alike for none and out of sight."""
    file = Attachment.objects.filter(pk=attachment_id).select_related("message__ticket").first()
    if file is not None:
        message = file.message
        own = actor.requester_id is not None and message.ticket.requester_id == actor.requester_id
        # An agent who once asked something is also a requester: their own ticket shows them no note.
        if own and message.kind == Message.Kind.MESSAGE:
            return file
        if message.ticket.queue_id in visible_queue_ids(actor):
            return file
    raise NotFound(_("There is no such file, or you may not see it."), hint=_("Ask whoever sent you here."))
