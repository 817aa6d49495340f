"""The first step of every verb: the ticket's row, locked, and seen to be the actor's to change."""

from datetime import datetime

from django.utils.translation import gettext as _

from steward.desk.models import Status, Ticket
from steward.desk.permissions import may_speak_as_requester, may_work
from steward.desk.queries.access import no_such_ticket, visible_queue_ids
from steward.desk.rules.states import State
from steward.people.actor import Actor, ActorKind
from steward.people.permissions import require


def lock(ticket_id: int) -> Ticket:
    """Lock a ticket's row for this transaction; raises `NotFound` when there is none."""
    # Two statements: a joined row read while waiting for the lock is the old one, and where queue or status
    # had changed meanwhile the join would find no ticket at all.
    if not Ticket.objects.select_for_update().filter(pk=ticket_id).values_list("pk"):
        raise no_such_ticket(ticket_id)
    return Ticket.objects.select_related("queue", "status", "requester").get(pk=ticket_id)


def lock_to_speak(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket whose requester is about to speak; to other requesters it seems not to exist."""
    ticket = lock(ticket_id)
    if by.kind == ActorKind.REQUESTER and by.requester_id != ticket.requester_id:
        raise no_such_ticket(ticket_id)
    require(may_speak_as_requester(by, ticket), _("Only the requester speaks here."))
    return ticket


def lock_in_sight(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket the actor sees from the agents' side; raises `NotFound` for any other."""
    ticket = lock(ticket_id)
    if ticket.queue_id not in visible_queue_ids(by):
        raise no_such_ticket(ticket_id)
    return ticket


def lock_for_work(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket that the actor is about to change; raises `NotFound` out of sight, `NotAllowed` without the right."""
    ticket = lock_in_sight(ticket_id, by)
    require(may_work(by, ticket), _("You may read this ticket but not change it."))
    return ticket


def default_status(state: State) -> Status:
    """Give the status that stands for a state when nobody chose one."""
    return Status.objects.get(state=state.value, is_default=True)


def touch(ticket: Ticket, at: datetime, *fields: str) -> None:
    """Save the named fields and the instant of the change."""
    ticket.updated_at = max(at, ticket.updated_at)
    ticket.save(update_fields=[*fields, "updated_at"])
