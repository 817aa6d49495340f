"""Where a request of a requester is to be found after merges."""

from steward.desk.models import Message, Ticket
from steward.desk.queries.family import root_of
from steward.people.actor import Actor


def where_it_goes_on(actor: Actor, ticket: Ticket) -> int:
    """Give the request in which one of a requester's own goes on: another of their own after a merge, else itself.

    Merged into somebody else's it stays where it is, with that one's state: nobody reads another person's request.
    """
    if ticket.merged_into_id is None or ticket.requester_id != actor.requester_id:
        return ticket.pk
    root_id = root_of(ticket.pk)
    return root_id if _is_own(actor, root_id) else ticket.pk


def where_it_went(actor: Actor, ticket_id: int, message: Message) -> int:
    """Give the request on which the writer finds what was just written on a request of theirs."""
    return message.ticket_id if message.ticket_id == ticket_id or _is_own(actor, message.ticket_id) else ticket_id


def _is_own(actor: Actor, ticket_id: int) -> bool:
    return Ticket.objects.filter(pk=ticket_id, requester_id=actor.requester_id or 0).exists()
