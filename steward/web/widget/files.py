"""Handing out a file of somebody's own conversation: as bytes to be kept, or drawn by the widget, never as a page of ours."""

from django.http import FileResponse, HttpResponseBase

from steward.channels.queries.widget import reachable_ticket
from steward.core.errors import NotFound
from steward.desk.actions.filing import open_file
from steward.desk.models import Attachment
from steward.desk.queries.family import is_said_with
from steward.desk.rules.files import SHOWN_INLINE
from steward.web.shared.asking import number_in
from steward.web.widget.asking import Asked, from_pages, no_file_there


@from_pages("GET")
def file(request: Asked, attachment_id: int) -> HttpResponseBase:
    session = request.session_shown
    ticket = reachable_ticket(session, number_in(request.GET.get("ticket", "")) or 0)
    found = (
        Attachment.objects.filter(pk=attachment_id, erased_at=None)
        .select_related("message__ticket", "message__shown_on", "message__conversation")
        .first()
    )
    if found is None or not is_said_with(found.message, session.requester.pk) or ticket.pk not in _homes(found):
        raise NotFound(no_file_there())
    try:
        content = open_file(found.sha256)
    except FileNotFoundError as error:
        raise NotFound(no_file_there()) from error
    response = FileResponse(content, as_attachment=True, filename=found.name)
    response["Content-Type"] = found.media_type if found.media_type in SHOWN_INLINE else "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _homes(found: Attachment) -> set[int | None]:
    message = found.message
    return {message.ticket_id, message.conversation.ticket_id, message.shown_on_id}
