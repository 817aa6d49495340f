"""Tapping an answer: fixed or not, and how it went."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.channels.queries import as_requester
from steward.core import clock
from steward.core.errors import Conflict, NotFound
from steward.desk.actions.answering import answer_question
from steward.desk.models import Question
from steward.desk.queries.access import own_ticket
from steward.web.shared.errors import refuse
from steward.web.shared.htmx import go, is_htmx, safe_next, trigger

REFRESH = {"target": "[data-thread]"}


@login_required
@require_POST
def create(request: HttpRequest, ticket_id: int, question_id: int) -> HttpResponse:
    actor = as_requester(request.actor)  # type: ignore[attr-defined]
    own_ticket(actor, ticket_id)
    if not Question.objects.filter(pk=question_id, ticket_id=ticket_id).exists():
        raise NotFound(_("There is no such question."))
    try:
        question = answer_question(
            question_id=question_id,
            answer=request.POST.get("answer", ""),
            comment=request.POST.get("comment", ""),
            by=actor,
            at=clock.now(),
        )
    except Conflict as error:
        # The page is older than the answer: it is told so, and looks again.
        return trigger(refuse(request, error), steward__answered=REFRESH)
    if not is_htmx(request):
        return go(request, safe_next(request, fallback=_page_of(ticket_id)))
    return trigger(render(request, "portal/question.html", {"question": question}), steward__answered=REFRESH)


def _page_of(ticket_id: int) -> str:
    return reverse("portal:request", args=[ticket_id])
