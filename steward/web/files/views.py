"""Asking for covered files: one, or all of a ticket; saying that they are in sight, and covering them again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.actions.filing import veil_of
from steward.desk.actions.viewing import Counted, ExposureLimit, beat, cover_again, view_files
from steward.desk.models import Attachment, MediaView
from steward.desk.permissions import may_work
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.care import is_covered, strictness_of
from steward.desk.queries.timeline import messages_of
from steward.desk.rules.care import Verdict
from steward.desk.rules.files import PLAYED, SHOWN_INLINE
from steward.web.files.page import answer, covered, file_in_sight
from steward.web.shared import htmx
from steward.web.shared.asking import Request, numbers
from steward.web.shared.environment import url
from steward.web.shared.media import address_of, file_of

MOST_AT_ONCE = 50


@require_POST
@login_required
def views(request: Request, attachment_id: int) -> HttpResponse:
    """Show one covered file to whoever asks for it."""
    file, _own = file_in_sight(request.actor, attachment_id)
    try:
        view = view_files(attachment_ids=[file.pk], by=request.actor, at=clock.now())[0]
    except ExposureLimit as error:
        return _stopped(request, file, error)
    if not htmx.is_htmx(request):
        return htmx.go(request, f"{address_of(file)}?view={view.pk}")
    return render(request, "files/shown.html", _shown(request, [(file, view)]) | {"alone": True})


@require_POST
@login_required
def views_of_ticket(request: Request, ticket_id: int) -> HttpResponse:
    """Show every covered file of one ticket."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    strict = strictness_of(request.actor.user_id).cover_all
    files = []
    for message in messages_of(ticket, with_notes=True):
        for file in message.files:
            shows = file.media_type in SHOWN_INLINE | PLAYED and file.erased_at is None
            if shows and ticket.carefulness.covers(file.media_type, from_requester=message.from_requester, strict=strict):
                file.message = message
                message.ticket = ticket
                files.append(file)
    if not files:
        raise NotFound(_("No file of this ticket is covered."), hint=_("Reload the page."))
    files = files[:MOST_AT_ONCE]
    views = view_files(attachment_ids=[file.pk for file in files], by=request.actor, at=clock.now())
    return render(request, "files/shown.html", _shown(request, list(zip(files, views, strict=True))) | {"alone": False})


@require_POST
@login_required
def download(request: Request, attachment_id: int) -> HttpResponseBase:
    """Hand a covered file over to be kept; logged like looking at it."""
    file, own = file_in_sight(request.actor, attachment_id)
    if not own and is_covered(file, strict=False):
        view_files(attachment_ids=[file.pk], how=MediaView.How.DOWNLOADED, by=request.actor, at=clock.now())
    return answer(request, file, kept=False, download=True)


@require_POST
@login_required
def beats(request: Request) -> HttpResponse:
    """Count that files are still in sight, and say whether to go on, rest or stop."""
    return _told(beat(view_ids=numbers(request, "view"), by=request.actor, at=clock.now()))


@require_POST
@login_required
def ends(request: Request) -> HttpResponse:
    """Cover files again whose page goes away."""
    return _told(cover_again(view_ids=numbers(request, "view"), by=request.actor, at=clock.now()))


@require_POST
@login_required
def end(request: Request, view_id: int) -> HttpResponse:
    """Cover one file again, and draw its plate; or the stop, where the limit is reached."""
    view = MediaView.objects.filter(pk=view_id, user_id=request.actor.user_id or 0).first()
    if view is None:
        raise NotFound(_("There is no such view."), hint=_("Reload the page."))
    counted = cover_again(view_ids=[view_id], by=request.actor, at=clock.now())
    file, _own = file_in_sight(request.actor, view.attachment_id)
    if counted.verdict == Verdict.STOP:
        return _stopped(request, file, ExposureLimit(stop_words(counted), hint=_("Take a break. A lead can let you go on.")))
    return render(request, "files/plate.html", {"file": covered(file)})


@require_safe
@login_required
@never_cache
def veiled(request: Request, attachment_id: int) -> HttpResponse:
    """Give the few gray pixels that stand for a covered picture; made once and kept beside it."""
    file, _own = file_in_sight(request.actor, attachment_id)
    drawn = veil_of(file.sha256)
    if drawn is None:
        return HttpResponse(status=404)
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400"
    return response


def stop_words(counted: Counted) -> str:
    """Say that the limit is reached."""
    minutes = counted.seconds // 60
    return ngettext(
        "You have looked at harmful content for %(count)s minute in this shift. That is enough.",
        "You have looked at harmful content for %(count)s minutes in this shift. That is enough.",
        minutes,
    ) % {"count": minutes}


def _shown(request: Request, seen: list[tuple[Attachment, MediaView]]) -> dict[str, object]:
    strictness = strictness_of(request.actor.user_id)
    rows = []
    for file, view in seen:
        drawn = file_of(file)
        works = may_work(request.actor, file.message.ticket)
        redact = url("files:redacted", file.pk) if works and file.media_type in SHOWN_INLINE else ""
        rows.append({"file": drawn, "view_id": view.pk, "src": f"{address_of(file)}?view={view.pk}", "redact": redact})
    return {"rows": rows, "in_gray": strictness.in_gray}


def _stopped(request: Request, file: Attachment, error: ExposureLimit) -> HttpResponse:
    if not htmx.is_htmx(request):
        raise error
    return render(request, "files/stopped.html", {"file_id": file.pk, "error": error})


def _told(counted: Counted) -> HttpResponse:
    return JsonResponse({"verdict": counted.verdict.value, "seconds": counted.seconds, "limit": counted.limit})
