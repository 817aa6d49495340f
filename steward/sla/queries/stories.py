"""A ticket's story, read from the ledger."""

from steward.ledger.models import Event
from steward.sla.rules.story import TOLD_BY, Story, tell

KINDS = [fact.kind for fact in TOLD_BY]


def story_of(ticket_id: int, *, upto_seq: int) -> Story:
    """Tell a ticket's story up to and including one of its events."""
    events = Event.objects.filter(stream=f"ticket:{ticket_id}", seq__lte=upto_seq, kind__in=KINDS).order_by("seq")
    return tell((event.fact, event.occurred_at, event.actor_kind) for event in events if event.fact is not None)
