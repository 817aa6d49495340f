"""What the clocks do on hearing of a ticket."""

from steward.core.facts import Fact
from steward.desk.facts.ticket import MessageReceived, TicketFact, TicketOpened
from steward.ledger.models import Event
from steward.ledger.subscriptions import skip_covered, subscribe
from steward.sla.actions.attending import attend
from steward.sla.rules.following import MOVING, REMATCHING, SUBSCRIBER
from steward.sla.rules.story import IMPORT


@subscribe(SUBSCRIBER, *MOVING)
def follow_ticket(event: Event, fact: Fact) -> None:
    """Bring the clocks to what the ticket's story asks for."""
    _attend(event, fact, rematch=False)


@subscribe(SUBSCRIBER, *REMATCHING)
def follow_change(event: Event, fact: Fact) -> None:
    """Bring the clocks under the policy that matches now."""
    _attend(event, fact, rematch=True)


def _is_covered(event: Event, after: Event) -> bool:
    """Tell whether the clocks need only hear the second: it happened at the same instant, and the first changes no promise."""
    same_instant = event.occurred_at == after.occurred_at and event.actor_kind == after.actor_kind
    return same_instant and event.kind in _MOVING and after.kind in _MOVING


_MOVING = frozenset(fact.kind for fact in MOVING)
skip_covered(SUBSCRIBER, _is_covered)


def _attend(event: Event, fact: Fact, *, rematch: bool) -> None:
    # What an import brings is promised nothing: thousands of events need no look at a ticket each.
    is_taken_over = event.actor_kind == IMPORT and isinstance(fact, TicketOpened | MessageReceived)
    if isinstance(fact, TicketFact) and not is_taken_over:
        attend(
            ticket_id=fact.ticket_id,
            seq=event.seq,
            rematch=rematch,
            cause=f"event:{event.pk}",
            request_id=event.request_id,
            at=event.occurred_at,
        )
