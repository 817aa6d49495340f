"""Replies that wait: said at once, or taken back into the box."""

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.macro_runs import can_undo
from steward.desk.actions.releasing import release_reply, send_now, take_back
from steward.desk.models import HeldReply, MacroRun
from steward.desk.queries.writing import writing_on
from steward.web.shared.asking import Request
from steward.web.shared.htmx import go, safe_next, wants_json
from steward.web.writing.asking import draft_told, for_either, for_scripts


@require_POST
@for_either
def send(request: Request, held_id: int) -> HttpResponse:
    message = send_now(held_id=held_id, by=request.actor, at=clock.now())
    if wants_json(request):
        return JsonResponse({"ticket": message.ticket_id, **_macro_done(held_id)})
    return go(request, safe_next(request, reverse("ticket:page", args=[message.ticket_id])))


@require_POST
@for_either
def back(request: Request, held_id: int) -> HttpResponse:
    draft = take_back(held_id=held_id, by=request.actor, at=clock.now())
    if not wants_json(request):
        return go(request, safe_next(request, reverse("ticket:page", args=[draft.ticket_id])))
    mine = draft.author_id == request.actor.user_id
    own = writing_on(request.actor, draft.ticket_id).own.get("reply") if mine else None
    return JsonResponse({"ticket": draft.ticket_id, "mine": mine, **draft_told(own)})


@require_POST
@for_scripts
def due(request: Request, held_id: int) -> HttpResponse:
    """Let one go whose time has come: the page that counted it down asks, the worker would a moment later."""
    held = HeldReply.objects.filter(pk=held_id, author_id=request.actor.user_id).first()
    if held is None:
        return JsonResponse({"ended": True, "said": False})
    release_reply(held_id=held.pk, at=clock.now())
    held.refresh_from_db(fields=["released_at", "taken_back_at"])
    said = held.released_at is not None
    return JsonResponse({"ended": not held.is_waiting, "said": said, **(_macro_done(held.pk) if said else {})})


def _macro_done(held_id: int) -> dict[str, str]:
    """Give what a page says of the macro that waited with a reply and was done with it: its name, and the way back."""
    run = MacroRun.objects.filter(pk__in=HeldReply.objects.filter(pk=held_id).values("macro_run")).select_related("macro").first()
    if run is None or not can_undo(run):
        return {}
    return {
        "done": _("Done: %(macro)s") % {"macro": run.macro.name},
        "undo": reverse("ticket:undo_macro", args=[run.ticket_id, run.pk]),
        "words": _("Undo"),
    }
