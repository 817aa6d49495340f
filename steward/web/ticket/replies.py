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
from steward.desk.actions.replies import NewerMessages
from steward.desk.actions.sending import Manner, send_reply
from steward.desk.models import HeldReply
from steward.desk.queries.access import ticket_seen_by
from steward.desk.rules.states import State
from steward.web.shared.asking import Request, is_on, optional_number, read_number, text
from steward.web.shared.htmx import is_htmx, trigger
from steward.web.ticket.answer import changed, counted_down, list_query, parts
from steward.web.ticket.asking import client_token, written
from steward.web.ticket.custom_fields import ask_for_missing, fill_on_the_way
from steward.web.ticket.reading import whole
from steward.web.ticket.written import send_at

SENDS = ("", State.OPEN, State.PENDING, State.ON_HOLD, State.SOLVED)


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket, at = ticket_seen_by(request.actor, ticket_id), clock.now()
    then, reason = _then(request)
    manner = Manner(
        then=then,
        reason=reason,
        to=_to(request),
        seen_message_id=optional_number(request, "seen_message_id"),
        anyway="1" in request.POST.getlist("anyway"),
        send_at=send_at(request, ticket, at=at),
        stop_if_newer=not is_on(request, "even_if_newer"),
    )
    said = written(request)
    try:
        with transaction.atomic():
            fill_on_the_way(request, ticket_id)
            sent = send_reply(ticket_id=ticket_id, written=said, manner=manner, by=request.actor, at=at)
    except NewerMessages as error:
        return _ask_again(request, ticket_id, error)
    except FieldsMissing as error:
        return ask_for_missing(request, ticket_id, error, by="reply")
    response = changed(request, ticket_id, fresh="newer")
    return counted_down(response, sent, at) if isinstance(sent, HeldReply) and is_htmx(request) else response


def _to(request: Request) -> tuple[int, ...]:
    """Read whom the reply goes to: a conversation, or several as in `5,7`."""
    return tuple(read_number(raw, "to") for raw in text(request, "to").split(",") if raw)


def _then(request: Request) -> tuple[State | None, str]:
    """Read what follows the reply: a state, and for on hold its reason, as in `on_hold:vendor`."""
    state, _colon, reason = text(request, "then").partition(":")
    if state not in SENDS:
        raise Invalid(_("That is not one of the choices."), field="then", hint=_("Reload the page: it may have changed."))
    return (State(state) if state else None), reason


def _ask_again(request: Request, ticket_id: int, error: NewerMessages) -> HttpResponse:
    """Show what was said meanwhile above what was typed, and let the person send anyway."""
    context = whole(request, ticket_id, at=clock.now())
    context |= {"newer": error, "kept": "", "conflict": None, "missing": None, "list_query": list_query(request)}
    if not is_htmx(request):
        # Without scripts the page is drawn anew: what was typed stands in a box of its own, with its token.
        context |= {"kept": text(request, "body"), "reply_token": client_token(request) or context["reply_token"]}
        return render(request, "ticket/page.html", context, status=409)
    response = parts(request, context | {"fresh": "newer"}, status=409)
    told = {"code": "conflict", "message": error.message, "hint": error.hint, "field": "body", "status": 409}
    return trigger(response, steward__refused=told)
