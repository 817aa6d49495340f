"""Handing out an attached file to whoever may see the message it hangs on; a covered one only to whoever has asked for it."""

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steward.core.errors import NotFound
from steward.desk.actions.filing import open_file
from steward.desk.models import Attachment
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.care import is_covered, open_view, strictness_of
from steward.desk.queries.family import is_said_with
from steward.desk.rules.files import PLAYED, SHOWN_INLINE
from steward.people.actor import Actor
from steward.web.shared.asking import Request, number_in
from steward.web.shared.media import cover_of, file_of

# Nothing in a file may run, load or submit anything, whatever a browser takes it for.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox"
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


@require_safe
@login_required
def page(request: Request, attachment_id: int, name: str) -> HttpResponseBase:  # noqa: ARG001 -- for people who read the address
    file, own = file_in_sight(request.actor, attachment_id)
    if own or not is_covered(file, strict=strictness_of(request.actor.user_id).cover_all):
        return answer(request, file)
    view = open_view(view_id=number_in(request.GET.get("view", "")) or 0, attachment_id=file.pk, user_id=request.actor.user_id or 0)
    if view is None:
        return render(request, "files/covered.html", {"file": covered(file), "ticket_id": file.message.ticket_id}, status=403)
    return answer(request, file, kept=False)


def answer(request: Request, file: Attachment, *, kept: bool = True, download: bool = False) -> HttpResponseBase:
    """Give a file's bytes, all of them or the stretch a player asks for; what is covered is `kept` by no browser."""
    try:
        content = open_file(file.sha256)
    except FileNotFoundError as error:
        raise NotFound(
            _("The file %(name)s is no longer stored.") % {"name": file.name}, hint=_("Ask for it to be sent again.")
        ) from error
    inline = not download and file.media_type in SHOWN_INLINE | PLAYED
    media_type = file.media_type if inline else "application/octet-stream"
    part = _part(request, content, file.size) if inline and file.media_type in PLAYED else None
    response: HttpResponse | FileResponse
    if part is not None:
        response = part
    else:
        response = FileResponse(content, as_attachment=not inline, filename=file.name)
        response["Accept-Ranges"] = "bytes" if file.media_type in PLAYED else "none"
    response["Content-Type"] = media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # The bytes of an attachment never change, but who may see them can.
    response["Cache-Control"] = "private, max-age=3600" if kept else "private, no-store"
    return response


def _part(request: Request, content: Any, size: int) -> HttpResponse | None:
    """Give the stretch of bytes asked for: some browsers play nothing they cannot ask for in parts."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return None
    first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    last = min(last, first + MOST_IN_A_PART - 1)
    with content:
        content.seek(first)
        part = content.read(last - first + 1)
    return HttpResponse(part, status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"})


MOST_IN_A_PART = 4_000_000


def covered(file: Attachment) -> Any:
    """Draw a file behind its cover; message and ticket were read along."""
    message = file.message
    who = str(message.author_user or message.requester or "Steward")
    return file_of(file, cover=cover_of(file, who=who, harm=message.ticket.harm))


def file_in_sight(actor: Actor, attachment_id: int) -> tuple[Attachment, bool]:
    """Find a file by the sight of a queue, or by being the requester, and say whether it is that.

    Raises `NotFound` alike for none, for one out of sight and for one that was erased.
    """
    found = Attachment.objects.filter(pk=attachment_id, erased_at=None)
    file = found.select_related(
        "message__ticket__queue", "message__shown_on__queue", "message__conversation", "message__author_user", "message__requester"
    ).first()
    if file is not None:
        message = file.message
        # An agent who once asked something is also a requester: their own ticket shows them no note.
        if actor.requester_id is not None and is_said_with(message, actor.requester_id):
            return file, True
        if (message.shown_on or message.ticket).queue_id in visible_queue_ids(actor):
            return file, False
    raise NotFound(_("There is no such file, or you may not see it."), hint=_("Ask whoever sent you here."))
