"""Promises to come back to a ticket."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.desk.actions.following_up import add_follow_up, finish_follow_up
from steward.desk.models import FollowUp
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.family import family_of
from steward.people.models import User
from steward.web.shared.asking import Request, one_of, optional_number, text
from steward.web.shared.htmx import is_htmx, safe_next
from steward.web.ticket.answer import changed, page_address
from steward.web.ticket.asking import instant


@require_POST
@login_required
def create(request: Request, ticket_id: int) -> HttpResponse:
    ticket_seen_by(request.actor, ticket_id)
    owner = User.objects.active().filter(pk=optional_number(request, "owner") or request.actor.user_id).first()
    if owner is None:
        raise Invalid(_("There is no such person."), field="owner", hint=_("Choose a colleague."))
    what, due_at = text(request, "what"), instant(request, "due_at")
    add_follow_up(ticket_id=ticket_id, owner=owner, what=what, due_at=due_at, by=request.actor, at=clock.now())
    return changed(request, ticket_id, fresh="follow_up")


@require_POST
@login_required
def update(request: Request, ticket_id: int, follow_up_id: int) -> HttpResponse:
    if not FollowUp.objects.filter(pk=follow_up_id, ticket_id__in=family_of(ticket_id)).exists():
        raise NotFound(_("There is no such follow-up."))
    outcome = FollowUp.Outcome(one_of(request, "outcome", FollowUp.Outcome.values))
    finish_follow_up(follow_up_id=follow_up_id, outcome=outcome, by=request.actor, at=clock.now())
    if not is_htmx(request):
        return HttpResponseRedirect(safe_next(request, page_address(request, ticket_id)), status=303)
    return changed(request, ticket_id)
