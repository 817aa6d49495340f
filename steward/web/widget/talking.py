"""The conversation behind the widget: how it stands, saying something, having seen it, and answering what is asked."""

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from steward.channels.actions.delivering import mark_seen
from steward.channels.actions.taking_in import take_in
from steward.channels.actions.widget_opening import hold_pace
from steward.channels.queries import where_it_went
from steward.channels.queries.widget import reachable_ticket
from steward.channels.rules.kinds import ChannelKind
from steward.channels.widget.parse import said_from
from steward.core import clock
from steward.core.errors import Conflict, NotFound
from steward.desk.actions.answering import answer_question
from steward.desk.models import Question
from steward.web.shared.asking import number_in
from steward.web.widget.asking import Asked, from_pages, refusal
from steward.web.widget.drawing import drawn_state


@from_pages("GET")
def state(request: Asked) -> HttpResponseBase:
    """How things stand: a conversation asked for, or the one that goes on, and the list of all."""
    wanted = request.GET.get("ticket", "")
    before = number_in(request.GET.get("before", ""))
    ticket_id = _number(wanted) if wanted and wanted != "new" else None
    return JsonResponse(drawn_state(request.session_shown, ticket_id, fresh=wanted == "new", before=before))


@from_pages("POST")
def say(request: Asked) -> HttpResponseBase:
    session = request.session_shown
    hold_pace(session, clock.now())
    ticket_id = _number(request.POST["ticket"]) if request.POST.get("ticket") else None
    if ticket_id is not None:
        reachable_ticket(session, ticket_id)
    uploads = request.FILES.getlist("files")
    said = said_from(request.POST, uploads, site=session.site, origin=session.origin, ticket_id=ticket_id)
    message = take_in(kind=ChannelKind.WIDGET, said=said, by=session.actor, at=clock.now())
    went_to = message.ticket_id if ticket_id is None else where_it_went(session.actor, ticket_id, message)
    return JsonResponse({**drawn_state(session, went_to), "said": message.pk})


@from_pages("POST")
def seen(request: Asked) -> HttpResponseBase:
    ticket = reachable_ticket(request.session_shown, _number(request.POST.get("ticket", "")))
    newest = number_in(request.POST.get("message", "")) or 0
    mark_seen(ticket_id=ticket.pk, message_id=newest, by=request.session_shown.actor, at=clock.now())
    return HttpResponse(status=204)


@from_pages("POST")
def answer(request: Asked) -> HttpResponseBase:
    session = request.session_shown
    ticket_id = _number(request.POST.get("ticket", ""))
    question_id = _number(request.POST.get("question", ""))
    reachable_ticket(session, ticket_id)
    hold_pace(session, clock.now())
    if not Question.objects.filter(pk=question_id, ticket_id=ticket_id).exists():
        raise NotFound(_("There is no such question."))
    try:
        answer_question(
            question_id=question_id,
            answer=request.POST.get("answer", ""),
            comment=request.POST.get("comment", ""),
            by=session.actor,
            at=clock.now(),
        )
    except Conflict as error:
        return refusal(error)
    return JsonResponse(drawn_state(session, ticket_id))


def _number(raw: str) -> int:
    found = number_in(raw)
    if found is None:
        raise NotFound(_("There is no such conversation here."))
    return found
