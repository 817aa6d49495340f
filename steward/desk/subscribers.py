"""What the desk does on hearing facts: handing out tickets in the queues that give them, telling owners, following the roster."""

from datetime import timedelta

from steward.core import clock
from steward.desk.actions.assignment import route_ticket
from steward.desk.actions.leaving import offer_what_was_left
from steward.desk.actions.snoozing import follow_shifts
from steward.desk.actions.telling import tell_of_assignment, tell_of_message
from steward.desk.actions.telling_watchers import Watched, tell_watchers
from steward.desk.actions.wholes import solve_along
from steward.desk.facts.ticket import (
    MessageReceived,
    NoteAdded,
    ReplySent,
    TicketAssigned,
    TicketClosed,
    TicketOpened,
    TicketReopened,
    TicketSolved,
    TicketTransferred,
)
from steward.desk.queries.routing import is_handed_out
from steward.ledger.models import Event
from steward.ledger.subscriptions import subscribe
from steward.people.facts import UserDeactivated
from steward.roster.facts import ShiftAdded, ShiftCancelled, ShiftChanged

# After a standstill the shift an event fell into may be over: what is that late is left to the sweep, which asks who is there now.
LATE = timedelta(minutes=1)
_HANDED_BACK = frozenset({"handback", "handover"})


def is_live(event: Event) -> bool:
    """Tell whether an event is heard as it happens; imported history and what was written long ago is not."""
    return event.actor_kind != "import" and clock.now() - event.recorded_at < LATE


@subscribe("desk.routing", TicketOpened, TicketReopened, TicketTransferred)
def route_when_it_waits(event: Event, fact: TicketOpened | TicketReopened | TicketTransferred) -> None:
    """Give a ticket that has come to wait to an agent on shift, where its queue does so."""
    if is_live(event) and is_handed_out(fact.ticket_id):
        route_ticket(ticket_id=fact.ticket_id, at=event.occurred_at)


@subscribe("desk.routing", TicketAssigned)
def route_when_handed_back(event: Event, fact: TicketAssigned) -> None:
    """Give a ticket that lost its owner to somebody else on shift."""
    if is_live(event) and fact.new_assignee_id is None and fact.how in _HANDED_BACK and is_handed_out(fact.ticket_id):
        route_ticket(ticket_id=fact.ticket_id, at=event.occurred_at)


@subscribe("desk.snoozes", ShiftAdded, ShiftChanged, ShiftCancelled)
def follow_the_roster(event: Event, fact: ShiftAdded | ShiftChanged | ShiftCancelled) -> None:
    """Let what sleeps until somebody's next shift wake when that shift begins now."""
    users = {fact.user_id}
    if isinstance(fact, ShiftChanged) and "user_id" in fact.changes:
        users |= {int(user_id) for user_id in fact.changes["user_id"] if user_id is not None}
    for user_id in sorted(users):
        follow_shifts(user_id=user_id, at=event.occurred_at)


@subscribe("desk.writing", UserDeactivated)
def offer_drafts(event: Event, fact: UserDeactivated) -> None:
    """Offer what somebody who left was writing to the leads of its queues."""
    offer_what_was_left(user_id=fact.user_id, at=event.occurred_at)


@subscribe("desk.notices", TicketAssigned)
def tell_new_owner(event: Event, fact: TicketAssigned) -> None:
    """Tell somebody that a ticket is theirs now, unless they took it themself."""
    took = event.actor_kind == "agent" and event.actor_id == fact.new_assignee_id
    if is_live(event) and fact.new_assignee_id is not None and not took:
        tell_of_assignment(ticket_id=fact.ticket_id, user_id=fact.new_assignee_id, cause=f"event:{event.pk}", at=event.occurred_at)


@subscribe("desk.notices", MessageReceived)
def tell_owner_of_message(event: Event, fact: MessageReceived) -> None:
    """Tell the owner of a ticket that its requester wrote."""
    if is_live(event):
        tell_of_message(ticket_id=fact.ticket_id, message_id=fact.message_id, cause=f"event:{event.pk}", at=event.occurred_at)


@subscribe("desk.wholes", TicketSolved)
def solve_parts_along(event: Event, fact: TicketSolved) -> None:
    """Solve the parts of a whole that follow it."""
    if event.actor_kind != "import":
        solve_along(whole_id=fact.ticket_id, at=event.occurred_at)


@subscribe("desk.watching", MessageReceived, ReplySent, NoteAdded, TicketSolved, TicketReopened, TicketClosed)
def tell_those_who_watch(event: Event, fact: Watched) -> None:
    """Tell the watchers of a ticket what somebody else did on it."""
    if is_live(event):
        tell_watchers(fact, actor_kind=event.actor_kind, actor_id=event.actor_id, at=event.occurred_at)
