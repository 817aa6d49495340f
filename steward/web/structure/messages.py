"""What can be done with one message: split it off into a ticket of its own, or move it to the ticket it belongs to."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.core.text import one_line
from steward.desk.actions.moving import move_message, split_ticket
from steward.desk.models import Message, Ticket
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.family import family_of, shown_on
from steward.web.shared.asking import Request, is_on, number, text
from steward.web.shared.htmx import go
from steward.web.structure.asking import done, overlay

LONGEST_TITLE = 120


@require_safe
@login_required
def page(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    """Offer what can be done with a message."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    message = _message(ticket, message_id)
    writer = message.conversation.requester if message.from_requester else None
    others = Ticket.objects.filter(requester_id=writer.pk if writer else ticket.requester_id, merged_into=None)
    others = others.filter(queue_id__in=visible_queue_ids(request.actor)).exclude(pk=ticket.pk).exclude(state="closed")
    context = {
        "title": _("Split off or move"),
        "ticket": ticket,
        "message": message,
        "writer": writer,
        "proposed": one_line(message.body, max_length=LONGEST_TITLE),
        "others": list(others.select_related("status").order_by("-id")[:8]),
        "token": str(uuid4()),
    }
    return overlay(request, "structure/message.html", context)


def _message(ticket: Ticket, message_id: int) -> Message:
    here = Message.objects.filter(shown_on(family_of(ticket.pk)), pk=message_id).exclude(kind=Message.Kind.SIDE)
    message = here.select_related("conversation__requester", "author_user").first()
    if message is None:
        raise NotFound(_("There is no such message on #%(number)s.") % {"number": ticket.pk})
    return message


@require_POST
@login_required
def split(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    new = split_ticket(
        ticket_id=ticket_id,
        message_id=message_id,
        and_after=is_on(request, "and_after"),
        subject=text(request, "subject"),
        client_token=text(request, "client_token"),
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("Split off from #%(number)s, with a link on both.") % {"number": ticket_id})
    return go(request, reverse("ticket:page", args=[new.pk]))


@require_POST
@login_required
def move(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    _message(ticket_seen_by(request.actor, ticket_id), message_id)
    to_id = number(request, "to")
    move_message(message_id=message_id, to_id=to_id, by=request.actor, at=clock.now())
    return done(request, _("The message stands on #%(number)s now.") % {"number": to_id})
