"""Saving what somebody types, with its files, and taking up what was kept."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.drafts import (
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
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.writing import KeptFile, writing_on
from steward.web.shared.asking import Request, is_on, text
from steward.web.shared.htmx import go, safe_next
from steward.web.writing.asking import LONGEST_TOKEN, draft_told, file_told, for_scripts, kind_of, typed


@require_http_methods(["GET", "POST"])
@for_scripts
def draft(request: Request, ticket_id: int, kind: str) -> HttpResponse:
    """Give the kept draft, or keep what is typed and say what stands beside it."""
    wanted = kind_of(kind)
    if request.method == "GET":
        ticket_seen_by(request.actor, ticket_id)
        return JsonResponse(draft_told(writing_on(request.actor, ticket_id).own.get(wanted)))
    kept = save_draft(ticket_id=ticket_id, kind=wanted, typed=typed(request), by=request.actor, at=clock.now())
    if kept is None:
        return JsonResponse({"version": 0, "copies": []})
    copies = draft_told(writing_on(request.actor, ticket_id).own.get(wanted))["copies"] if kept.version > 1 else []
    return JsonResponse({"id": kept.pk, "version": kept.version, "copies": copies})


@require_POST
@for_scripts
def attach(request: Request, ticket_id: int, kind: str) -> HttpResponse:
    wanted = kind_of(kind)
    ticket_seen_by(request.actor, ticket_id)
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("No file came along."), field="files", hint=_("Choose it again."))
    token = text(request, "client_token")[:LONGEST_TOKEN]
    file = attach_to_draft(
        ticket_id=ticket_id, kind=wanted, file=store_file(upload), client_token=token, by=request.actor, at=clock.now()
    )
    return JsonResponse(file_told(KeptFile(file.pk, file.name, file.size)))


@require_POST
@for_scripts
def detach(request: Request, file_id: int) -> HttpResponse:
    detach_from_draft(file_id=file_id, by=request.actor)
    return JsonResponse({})


@require_POST
@for_scripts
def use(request: Request, copy_id: int) -> HttpResponse:
    """Put the text of another device into the box; the one that stood there is kept in its place."""
    changed = use_copy(copy_id=copy_id, by=request.actor, at=clock.now())
    return JsonResponse(draft_told(writing_on(request.actor, changed.ticket_id).own.get(changed.kind)))


@require_POST
@for_scripts
def drop(request: Request, copy_id: int) -> HttpResponse:
    drop_copy(copy_id=copy_id, by=request.actor)
    return JsonResponse({})


@require_POST
@login_required
def discard(request: Request, draft_id: int) -> HttpResponse:
    discard_draft(draft_id=draft_id, by=request.actor)
    return go(request, safe_next(request, reverse("writing:page")))


@require_POST
@login_required
def share(request: Request, draft_id: int) -> HttpResponse:
    shared = share_draft(draft_id=draft_id, is_shared=is_on(request, "shared"), by=request.actor)
    return go(request, _to_ticket(request, shared))


@require_POST
@login_required
def take(request: Request, draft_id: int) -> HttpResponse:
    mine = take_over_draft(draft_id=draft_id, by=request.actor, at=clock.now())
    return go(request, _to_ticket(request, mine))


def _to_ticket(request: Request, found: Draft) -> str:
    return safe_next(request, reverse("ticket:page", args=[found.ticket_id]))
