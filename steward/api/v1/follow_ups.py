"""Promises to come back to a ticket."""

from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router

from steward.api.operations import CREATED, get, post
from steward.api.shapes import Id, Instant, Listed, PathId, Sent, Text
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, nothing_here, walk
from steward.api.v1.showing import TICKET, FollowUpOut, follow_up_out
from steward.api.v1.tickets import READ, WRITE
from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.following_up import add_follow_up, finish_follow_up
from steward.desk.models import FollowUp
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.family import family_with
from steward.people.models import User

router = Router(tags=["Follow-ups"])


@get(router, "/tickets/{int:ticket_id}/follow-ups", scope=READ, out=list[FollowUpOut])
def list_follow_ups(request: Asked, ticket_id: PathId) -> list[FollowUpOut]:
    """List what was promised on a ticket."""
    family = family_with(ticket_seen_by(request.actor, ticket_id))
    rows = FollowUp.objects.filter(ticket_id__in=family).select_related("owner").order_by("id")
    return [follow_up_out(one) for one in rows]


@get(router, "/follow-ups", scope=READ, out=Listed[FollowUpOut])
def list_own_follow_ups(
    request: Asked,
    cursor: Annotated[str, Query(max_length=2_000)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = USUAL_ROWS,
) -> Listed[FollowUpOut]:
    """List what the user of the token has promised and not done yet."""
    rows = FollowUp.objects.filter(
        owner_id=request.actor.user_id, done_at=None, ticket__queue_id__in=visible_queue_ids(request.actor)
    )
    return walk(rows.select_related("owner"), cursor=cursor, limit=limit, show=follow_up_out)


class FollowUpIn(Sent):
    """What is promised, by when, and by whom: the user of the token where nobody is named."""

    what: Text
    due_at: Instant
    owner_id: Id | None = None


@post(router, "/tickets/{int:ticket_id}/follow-ups", scope=WRITE, out=FollowUpOut, status=CREATED, versioned=TICKET)
def create_follow_up(request: Asked, ticket_id: PathId, body: FollowUpIn) -> FollowUpOut:
    """Promise to come back to a ticket by an instant in the future."""
    owner = User.objects.active().filter(pk=body.owner_id or request.actor.user_id).first()
    if owner is None:
        raise Invalid(_("There is no such person."), field="owner_id", hint=_("Choose a colleague."))
    made = add_follow_up(ticket_id=ticket_id, owner=owner, what=body.what, due_at=body.due_at, by=request.actor, at=clock.now())
    return follow_up_out(made)


class OutcomeIn(Sent):
    """How a follow-up ended."""

    outcome: FollowUp.Outcome


@post(router, "/follow-ups/{int:follow_up_id}/finish", scope=WRITE, out=FollowUpOut)
def end_follow_up(request: Asked, follow_up_id: PathId, body: OutcomeIn) -> FollowUpOut:
    """End a follow-up with its outcome."""
    found = FollowUp.objects.select_related("ticket").filter(pk=follow_up_id).first()
    if found is None or found.ticket.queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    ended = finish_follow_up(follow_up_id=follow_up_id, outcome=body.outcome, by=request.actor, at=clock.now())
    return follow_up_out(ended)
