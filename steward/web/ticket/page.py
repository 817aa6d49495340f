"""The ticket's page, and the parts of it that refresh themselves."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from steward.channels.queries.letters import letters_behind
from steward.channels.rules.kinds import ChannelKind
from steward.core import clock
from steward.desk.permissions import may_work
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.family import family_with
from steward.desk.queries.mentions import mentions_of
from steward.desk.queries.timeline import MOST_MESSAGES, messages_of
from steward.web.shared.asking import Request, number_in
from steward.web.ticket.answer import list_query, parts
from steward.web.ticket.conversation import items_of_messages
from steward.web.ticket.reading import eyes_on, whole
from steward.web.ticket.written import writing


@require_safe
@login_required
def page(request: Request, ticket_id: int) -> HttpResponse:
    context = whole(request, ticket_id, at=clock.now())
    if context["goes_on_in"] and "alone" not in request.GET:
        # A merged ticket leads to where it goes on, which says so; `?alone` shows what stood on it by itself.
        query = request.GET.copy()
        query["from"] = str(ticket_id)
        return HttpResponseRedirect(f"{reverse('ticket:page', args=[context['goes_on_in']])}?{query.urlencode()}")
    context |= {"conflict": None, "newer": None, "missing": None, "kept": "", "list_query": list_query(request)}
    # Opened from the list beside it, a ticket takes the place of the one shown; the list stays as it is.
    beside_list = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "ticket/opened.html" if beside_list else "ticket/page.html", context)


@require_safe
@login_required
def live(request: Request, ticket_id: int) -> HttpResponse:
    return parts(request, whole(request, ticket_id, at=clock.now()))


@require_safe
@login_required
def drafts(request: Request, ticket_id: int) -> HttpResponse:
    """That colleagues have begun to write: marks that come and go while the page is open."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    context = {**writing(request.actor, ticket, at=clock.now()), "ticket": ticket, "works": may_work(request.actor, ticket)}
    return render(request, "ticket/foreign_drafts.html", context | {"list_query": list_query(request)})


@require_safe
@login_required
def earlier(request: Request, ticket_id: int) -> HttpResponse:
    """Messages before one, for tickets so long that their page begins in the middle."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    raw = request.GET.get("before", "")
    before = number_in(raw) or 0
    messages = messages_of(ticket, with_notes=True, before=before, family=family_with(ticket))
    context = {
        "ticket": ticket,
        "works": may_work(request.actor, ticket),
        "mentions": mentions_of(messages),
        "items": items_of_messages(messages, eyes_on(request.actor, ticket, messages)),
        "first_message_id": messages[0].pk if messages else 0,
        "has_earlier": len(messages) == MOST_MESSAGES,
        "letters": letters_behind([message.pk for message in messages]) if ticket.channel == ChannelKind.EMAIL else {},
        "list_query": list_query(request),
    }
    return render(request, "ticket/earlier.html", context)
