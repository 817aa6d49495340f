"""A ticket's story, read from the ledger."""

from steward.core.prepared import Prepared
from steward.ledger.models import Event
from steward.sla.rules.story import TOLD_BY, Story, tell

KINDS = [fact.kind for fact in TOLD_BY]


_TOLD = Prepared(
    lambda stream, upto_seq: Event.objects.filter(stream=stream, seq__lte=upto_seq, kind__in=KINDS).order_by("seq"),
    stream=str,
    upto_seq=int,
)


def story_of(ticket_id: int, *, upto_seq: int) -> Story:
    """Tell a ticket's story up to and including one of its events."""
    events = _TOLD.all(stream=f"ticket:{ticket_id}", upto_seq=upto_seq)
    return tell((event.fact, event.occurred_at, event.actor_kind) for event in events if event.fact is not None)
