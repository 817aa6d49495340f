"""The first step of every verb: the ticket's row, locked, and seen to be the actor's to change."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from steward.core.errors import Conflict
from steward.core.prepared import Prepared
from steward.core.rows import first_row, rows
from steward.desk.models import Status, Ticket
from steward.desk.permissions import may_speak_as_requester, may_work
from steward.desk.queries.access import no_such_ticket, own_ticket, visible_queue_ids
from steward.desk.queries.family import root_of
from steward.desk.rules.states import State
from steward.people.actor import Actor, ActorKind
from steward.people.permissions import require

_WHOLE = Prepared(
    lambda ticket_id: Ticket.objects.select_related("queue", "status", "requester").filter(pk=ticket_id), ticket_id=int
)
_DEFAULT = Prepared(lambda state: Status.objects.filter(state=state, is_default=True), state=str)


class Merged(Conflict):
    """The ticket goes on in another one, where whatever was wanted of it is to be done."""

    code = "merged"


@dataclass
class _Held:
    """Tickets that this transaction has locked and read already, and what the actor of each sees, asked once."""

    tickets: dict[int, Ticket]
    sight: dict[int | None, list[int]] = field(default_factory=dict)


_HELD: ContextVar[_Held | None] = ContextVar("held", default=None)


@contextmanager
def holding(ticket_ids: Sequence[int]) -> Iterator[Callable[[int], object]]:
    """Lock and read many tickets at once, in the order of their numbers, for the actions of this short transaction.

    An action inside that locks one of them is given it as it was read. After something was done to a ticket, call what
    is given with its number: the next action reads it anew.
    """
    rows("SELECT id FROM desk_ticket WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(ticket_ids)])
    read = Ticket.objects.select_related("queue", "status", "requester").filter(pk__in=ticket_ids)
    held = _Held({ticket.pk: ticket for ticket in read})
    token = _HELD.set(held)
    try:
        yield lambda ticket_id: held.tickets.pop(ticket_id, None)
    finally:
        _HELD.reset(token)


def lock(ticket_id: int) -> Ticket:
    """Lock a ticket's row for this transaction; raises `NotFound` when there is none."""
    held = _HELD.get()
    if held is not None and ticket_id in held.tickets:
        return held.tickets[ticket_id]
    # Two statements: a joined row read while waiting for the lock is the old one, and where queue or status
    # had changed meanwhile the join would find no ticket at all.
    if first_row("SELECT 1 FROM desk_ticket WHERE id = %s FOR UPDATE", [ticket_id]) is None:
        raise no_such_ticket(ticket_id)
    return _WHOLE.all(ticket_id=ticket_id)[0]


def lock_to_speak(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket whose requester is about to speak; to other requesters it seems not to exist."""
    ticket = lock(ticket_id)
    if by.kind == ActorKind.REQUESTER and by.requester_id != ticket.requester_id:
        raise no_such_ticket(ticket_id)
    require(may_speak_as_requester(by, ticket), _("Only the requester speaks here."))
    return ticket


def lock_where_it_goes_on(ticket_id: int, by: Actor) -> tuple[Ticket, Ticket]:
    """Lock the ticket in which a requester's ticket goes on; give it, and the ticket that was spoken on, as it was read.

    Only one row is ever locked, so that two who follow merges from different ends cannot wait for each other.
    """
    if by.kind == ActorKind.REQUESTER:
        spoken_on = own_ticket(by, ticket_id)
    else:
        found = Ticket.objects.select_related("requester").filter(pk=ticket_id).first()
        if found is None:
            raise no_such_ticket(ticket_id)
        spoken_on = found
        require(may_speak_as_requester(by, spoken_on), _("Only the requester speaks here."))
    while True:
        root = lock(root_of(ticket_id))
        if root.merged_into_id is None:
            return root, spoken_on


def lock_in_sight(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket the actor sees from the agents' side; raises `NotFound` for any other."""
    ticket = lock(ticket_id)
    if ticket.queue_id not in _sight(by):
        raise no_such_ticket(ticket_id)
    return ticket


def _sight(by: Actor) -> list[int]:
    held = _HELD.get()
    if held is None:
        return visible_queue_ids(by)
    if by.user_id not in held.sight:
        held.sight[by.user_id] = visible_queue_ids(by)
    return held.sight[by.user_id]


def lock_for_work(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket that the actor is about to change.

    Raises `NotFound` out of sight, `NotAllowed` without the right, `Merged` for one that goes on in another.
    """
    ticket = lock_merged_or_not(ticket_id, by)
    refuse_merged(ticket)
    return ticket


def refuse_merged(ticket: Ticket) -> None:
    """Raise `Merged` for a locked ticket that goes on in another."""
    if ticket.merged_into_id is not None:
        root = root_of(ticket.pk)
        raise Merged(
            _("#%(number)s was merged into #%(target)s. Nothing was changed.") % {"number": ticket.pk, "target": root},
            hint=_("Go on in #%(target)s.") % {"target": root},
        )


def lock_merged_or_not(ticket_id: int, by: Actor) -> Ticket:
    """Lock a ticket for a change that is its own even after a merge, such as ending a follow-up promised on it."""
    ticket = lock_in_sight(ticket_id, by)
    require(may_work(by, ticket), _("You may read this ticket but not change it."))
    return ticket


def default_status(state: State) -> Status:
    """Give the status that stands for a state when nobody chose one."""
    return _DEFAULT.all(state=state.value)[0]


def touch(ticket: Ticket, at: datetime, *fields: str) -> None:
    """Save the named fields and the instant of the change."""
    ticket.updated_at = max(at, ticket.updated_at)
    if fields:
        ticket.save(update_fields=[*fields, "updated_at"])
    else:
        first_row(_TOUCHED, [ticket.updated_at, ticket.pk])


_TOUCHED = "UPDATE desk_ticket SET updated_at = %s WHERE id = %s RETURNING id"
