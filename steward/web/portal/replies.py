"""Writing on a request of one's own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from steward.channels.actions.taking_in import take_in
from steward.channels.queries import where_it_went
from steward.channels.rules.kinds import ChannelKind
from steward.channels.webchat.parse import said_from
from steward.core import clock
from steward.core.errors import DomainError, NotFound
from steward.web.portal.requests import show
from steward.web.shared.errors import status_of
from steward.web.shared.htmx import go, is_htmx


@login_required
@require_POST
def create(request: HttpRequest, ticket_id: int) -> HttpResponse:
    said = said_from(request.POST, request.FILES.getlist("files"), ticket_id=ticket_id)
    try:
        message = take_in(kind=ChannelKind.PORTAL, said=said, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except DomainError as error:
        if is_htmx(request) or isinstance(error, NotFound):
            raise
        context = {"error": error, "said": said, "url": request.path, "back": reverse("portal:request", args=[ticket_id])}
        return render(request, "portal/not_sent.html", context, status=status_of(error))
    went_to = where_it_went(request.actor, ticket_id, message)  # type: ignore[attr-defined]
    if is_htmx(request) and went_to == ticket_id:
        return show(request, ticket_id, "portal/live.html")
    # Closed too long ago, the request goes on as a new one: there the words are.
    return go(request, reverse("portal:request", args=[went_to]) + f"#message-{message.pk}")
