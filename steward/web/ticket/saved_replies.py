"""Saved replies for the box: found by words, filled in for the ticket, counted when they are used."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from steward.desk.actions.sharing import count_use
from steward.desk.models import SavedReply
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.saved_replies import suggestions
from steward.desk.queries.sharing import usable_by
from steward.web.shared.asking import Request


@require_safe
@login_required
def page(request: Request, ticket_id: int) -> HttpResponse:
    ticket = ticket_seen_by(request.actor, ticket_id)
    language = ticket.requester.language or ticket.language
    words = request.GET.get("q", "")[:100]
    found = suggestions(request.actor, ticket_id=ticket_id, language=language, words=words)
    return render(request, "ticket/saved_replies.html", {"found": found, "words": words})


@require_POST
@login_required
def used(request: Request, ticket_id: int, saved_reply_id: int) -> HttpResponse:
    """Count that one was put into the box."""
    ticket_seen_by(request.actor, ticket_id)
    if usable_by(request.actor, SavedReply).filter(pk=saved_reply_id).exists():
        count_use(SavedReply, saved_reply_id, by=request.actor)
    return HttpResponse(status=204)
