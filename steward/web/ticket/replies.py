"""Answering the requester."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.field_values import FieldsMissing
from steward.desk.actions.replies import NewerMessages, reply
from steward.desk.queries.access import ticket_seen_by
from steward.desk.rules.states import State
from steward.web.shared.asking import Request, optional_number, text
from steward.web.shared.htmx import is_htmx, trigger
from steward.web.ticket.answer import changed, list_query, parts
from steward.web.ticket.asking import client_token, files
from steward.web.ticket.custom_fields import ask_for_missing, fill_on_the_way
from steward.web.ticket.reading import whole

SENDS = ("", State.OPEN, State.PENDING, State.ON_HOLD, State.SOLVED)


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    then, reason = _then(request)
    uploads = files(request)
    try:
        with transaction.atomic():
            fill_on_the_way(request, ticket_id)
            reply(
                ticket_id=ticket_id,
                body=text(request, "body"),
                then=then,
                reason=reason,
                files=uploads,
                client_token=client_token(request),
                seen_message_id=optional_number(request, "seen_message_id"),
                anyway="1" in request.POST.getlist("anyway"),
                by=request.actor,
                at=clock.now(),
            )
    except NewerMessages as error:
        return _ask_again(request, ticket_id, error)
    except FieldsMissing as error:
        return ask_for_missing(request, ticket_id, error, by="reply")
    return changed(request, ticket_id, fresh="newer")


def _then(request: Request) -> tuple[State | None, str]:
    """Read what follows the reply: a state, and for on hold its reason, as in `on_hold:vendor`."""
    state, _colon, reason = text(request, "then").partition(":")
    if state not in SENDS:
        raise Invalid(_("That is not one of the choices."), field="then", hint=_("Reload the page: it may have changed."))
    return (State(state) if state else None), reason


def _ask_again(request: Request, ticket_id: int, error: NewerMessages) -> HttpResponse:
    """Show what was said meanwhile above what was typed, and let the person send anyway."""
    context = whole(request.actor, ticket_id, at=clock.now())
    context |= {"newer": error, "kept": "", "conflict": None, "missing": None, "list_query": list_query(request)}
    if not is_htmx(request):
        # Without scripts the page is drawn anew: what was typed stands in a box of its own, with its token.
        context |= {"kept": text(request, "body"), "reply_token": client_token(request) or context["reply_token"]}
        return render(request, "ticket/page.html", context, status=409)
    response = parts(request, context | {"fresh": "newer"}, status=409)
    told = {"code": "conflict", "message": error.message, "hint": error.hint, "field": "body", "status": 409}
    return trigger(response, steward__refused=told)
