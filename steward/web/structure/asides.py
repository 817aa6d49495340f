"""Side conversations: beside a ticket for the desk, and the page on which a guest or a team answers."""

from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from steward.core import clock
from steward.core.errors import DomainError, Invalid
from steward.desk.actions.asides import answer_aside, end_aside, guest, renew_link, reopen_aside, say_aside, start_aside
from steward.desk.models import Conversation, Message
from steward.desk.permissions import may_work
from steward.desk.queries.access import is_of_the_desk, ticket_seen_by
from steward.desk.queries.asides import aside_by_token, aside_for_team, aside_on, asides_of, asked_of, token_of, words_of
from steward.desk.queries.family import family_with
from steward.people.models import Team
from steward.web.shared.asking import Request, optional_number, text
from steward.web.shared.errors import status_of
from steward.web.shared.htmx import go, trigger
from steward.web.structure.asking import LOOK_AGAIN, overlay

ACTS = {"end": end_aside, "reopen": reopen_aside, "renew": renew_link}


@require_safe
@login_required
def panel(request: Request, ticket_id: int) -> HttpResponse:
    ticket = ticket_seen_by(request.actor, ticket_id)
    context = {"ticket": ticket, "works": may_work(request.actor, ticket), "asides": asides_of(family_with(ticket))}
    return render(request, "structure/asides.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: Request, ticket_id: int) -> HttpResponse:
    """Ask somebody beside the ticket."""
    ticket = ticket_seen_by(request.actor, ticket_id)
    if request.method != "POST":
        teams = list(Team.objects.filter(is_active=True).order_by("name", "id"))
        context = {"title": _("Start a side conversation"), "ticket": ticket, "teams": teams, "token": str(uuid4())}
        return overlay(request, "structure/aside_new.html", context)
    team_id = optional_number(request, "team")
    team = Team.objects.filter(pk=team_id, is_active=True).first() if team_id else None
    if team_id and team is None:
        raise Invalid(_("There is no such team."), field="team", hint=_("Choose another one."))
    conversation = start_aside(
        ticket_id=ticket_id,
        topic=text(request, "topic"),
        body=text(request, "body"),
        party=text(request, "party"),
        address=text(request, "address"),
        team=team,
        client_token=text(request, "client_token"),
        by=request.actor,
        at=clock.now(),
    )
    return trigger(_show(request, ticket_id, conversation), steward__changed=LOOK_AGAIN)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thread(request: Request, ticket_id: int, conversation_id: int) -> HttpResponse:
    """Show a side conversation; posting writes in it, or ends it, takes it up, gives a new link."""
    conversation = aside_on(family_with(ticket_seen_by(request.actor, ticket_id)), conversation_id)
    if request.method != "POST":
        return _show(request, ticket_id, conversation)
    at, act = clock.now(), ACTS.get(text(request, "act"))
    if act is not None:
        act(conversation_id=conversation_id, by=request.actor, at=at)
    else:
        token = text(request, "client_token")
        say_aside(conversation_id=conversation_id, body=text(request, "body"), client_token=token, by=request.actor, at=at)
    return trigger(_show(request, ticket_id, conversation), steward__changed=LOOK_AGAIN)


def _show(request: Request, ticket_id: int, conversation: Conversation) -> HttpResponse:
    conversation.refresh_from_db()
    ticket = ticket_seen_by(request.actor, ticket_id)
    context = {
        "title": conversation.topic,
        "ticket": ticket,
        "talk_with": conversation,
        "words": words_of(conversation),
        "works": may_work(request.actor, ticket),
        "token": str(uuid4()),
        "link": "" if conversation.team_id else _link(conversation),
    }
    return overlay(request, "structure/aside.html", context)


def _link(conversation: Conversation) -> str:
    return str(settings.BASE_URL).rstrip("/") + reverse("aside:guest", args=[token_of(conversation)])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_by_link(request: Request, token: str) -> HttpResponse:
    """The page of a third party: their thread, and a box to answer in; nothing of the ticket around it."""
    conversation = aside_by_token(token)
    return _answer(request, conversation, reverse("aside:guest", args=[token]), is_guest=True)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def answer_as_team(request: Request, conversation_id: int) -> HttpResponse:
    """The same for a team of this desk, whose members may not see the ticket."""
    conversation = aside_for_team(request.actor, conversation_id)
    return _answer(request, conversation, reverse("aside:team", args=[conversation_id]), is_guest=False)


def _answer(request: Request, conversation: Conversation, here: str, *, is_guest: bool) -> HttpResponse:
    error: DomainError | None = None
    if request.method == "POST":
        by = guest(conversation, request_id=request.actor.request_id) if is_guest else request.actor
        body, token = text(request, "body"), text(request, "client_token")
        try:
            answer_aside(conversation_id=conversation.pk, body=body, client_token=token, by=by, at=clock.now())
            return go(request, here)
        except DomainError as problem:
            error = problem
    context = {
        "talk_with": conversation,
        "words": words_of(conversation),
        "is_guest": is_guest,
        "here": here,
        "token": text(request, "client_token") or str(uuid4()),
        "typed": text(request, "body") if error else "",
        "error": error,
        "side": Message.Kind.SIDE,
    }
    return render(request, "structure/answer.html", context, status=status_of(error) if error else 200)


@require_safe
@login_required
def asked(request: Request) -> HttpResponse:
    """List what one's teams are asked beside tickets."""
    if not is_of_the_desk(request.actor):
        raise Http404
    return render(request, "structure/asked.html", {"asides": asked_of(request.actor)})
