"""Macros on a ticket: chosen, shown before they are done, done, and taken back."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import DomainError
from steward.desk.actions.macro_runs import (
    MacroChangedMeanwhile,
    TakenBackMeanwhile,
    can_undo,
    run_macro,
    show_macro,
    undo_macro_run,
)
from steward.desk.actions.replies import NewerMessages
from steward.desk.actions.sending import hold_seconds
from steward.desk.models import MacroRun
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.macros import offered_to, waiting_reply_of
from steward.web.shared.asking import Request, is_on, number, optional_number
from steward.web.shared.htmx import Toast, is_htmx, trigger
from steward.web.ticket.answer import changed, counted_down, list_query
from steward.web.ticket.asking import client_token


@require_safe
@login_required
def page(request: Request, ticket_id: int) -> HttpResponse:
    """The macros one may run here, by words."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    words = request.GET.get("q", "")[:100]
    found = offered_to(request.actor, words=words)
    return render(request, "ticket/macro_list.html", {"ticket": ticket, "found": found, "words": words})


@require_safe
@login_required
def macro(request: Request, ticket_id: int, macro_id: int) -> HttpResponse:
    """What one would change."""
    return render(request, "ticket/macro.html", _shown(request, ticket_id, macro_id))


@require_POST
@login_required
def run(request: Request, ticket_id: int, macro_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    at = clock.now()
    try:
        made = run_macro(
            macro_id=macro_id,
            ticket_id=ticket_id,
            seen_version=number(request, "seen_version"),
            seen_message_id=optional_number(request, "seen_message_id"),
            anyway=is_on(request, "anyway"),
            client_token=client_token(request),
            by=request.actor,
            at=at,
        )
    except (MacroChangedMeanwhile, NewerMessages, TakenBackMeanwhile) as error:
        return _again(request, ticket_id, macro_id, error)
    held = waiting_reply_of(made.pk)
    response = changed(request, ticket_id, toast=_waits(made) if held else _toast(made))
    return counted_down(response, held, at) if held and is_htmx(request) else response


@require_POST
@login_required
def undo(request: Request, ticket_id: int, run_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    left = undo_macro_run(run_id=run_id, by=request.actor, at=clock.now())
    if left:
        words = "; ".join(one.words for one in left)
        text = _("Left as it is, since it was changed meanwhile: %(steps)s") % {"steps": words}
        return changed(request, ticket_id, toast=Toast(_("Taken back in part."), text=text, tone="warning"))
    return changed(request, ticket_id, toast=Toast(_("Taken back.")))


def _shown(request: Request, ticket_id: int, macro_id: int) -> dict[str, Any]:
    ticket = ticket_seen_by(request.actor, ticket_id)
    shown = show_macro(macro_id=macro_id, ticket_id=ticket_id, by=request.actor, at=clock.now())
    return {
        "ticket": ticket,
        "shown": shown,
        "token": str(uuid4()),
        "hold": hold_seconds(ticket.channel) if shown.replies else 0,
        "problem": None,
        "anyway": False,
        "list_query": list_query(request),
    }


def _again(request: Request, ticket_id: int, macro_id: int, error: DomainError) -> HttpResponse:
    """Show it anew with what stands in the way; nothing was done."""
    if not is_htmx(request):
        return redirect("ticket:macro", ticket_id, macro_id)
    context = {**_shown(request, ticket_id, macro_id), "problem": error, "anyway": isinstance(error, NewerMessages)}
    response = render(request, "ticket/macro_again.html", context, status=409)
    return trigger(response, steward__refused={"code": error.code, "message": error.message, "hint": error.hint, "field": ""})


def _waits(made: MacroRun) -> Toast:
    title = _("“%(macro)s” waits with its reply.") % {"macro": made.macro.name}
    return Toast(title, text=_("All it does comes when the reply goes out. Taken back, nothing was done."), tone="info")


def _toast(made: MacroRun) -> Toast:
    title = _("Done: %(macro)s") % {"macro": made.macro.name}
    if not can_undo(made):
        return Toast(title)
    return Toast(title, post=reverse("ticket:undo_macro", args=[made.ticket_id, made.pk]), link=_("Undo"))
