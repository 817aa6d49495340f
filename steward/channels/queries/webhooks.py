"""What webhooks may hear, what is on its way to them, and how it went."""

import json
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from steward.channels.models import Webhook, WebhookAttempt, WebhookSecret, WebhookSending
from steward.core.facts import Fact, fact_classes
from steward.ledger.models import Event

LOG_ROWS = 50
_OF_TICKETS = "ticket"


def facts_of_tickets() -> list[type[Fact]]:
    """Give the facts that tell of a ticket, as far as they are known when a process starts."""
    return [fact for kind, fact in sorted(fact_classes().items()) if fact.subject == _OF_TICKETS and not kind.startswith("test.")]


def kinds_to_hear() -> list[str]:
    """Give the kinds of facts a webhook can hear: all that happens to tickets."""
    return [fact.kind for fact in facts_of_tickets()]


def good_secrets(webhook: Webhook, *, at: datetime) -> list[str]:
    """Give what a webhook is signed with, the newest first."""
    good = WebhookSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), webhook=webhook)
    return list(good.order_by("-id").values_list("secret", flat=True))


def body_of(event: Event) -> bytes:
    """Write an event as a webhook's body: its kind, its instant, its places in the ledger, and its ids; words of nobody."""
    data = {
        "sequence": event.id,
        "stream": event.stream,
        "stream_sequence": event.seq,
        "actor": {"kind": event.actor_kind, "id": event.actor_id},
        "fact": event.payload,
        "ticket_url": f"{settings.BASE_URL.rstrip('/')}/tickets/{event.subject_id}/",
    }
    whole = {"type": event.kind, "timestamp": event.occurred_at.isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def log_of(webhook: Webhook, *, before: int | None = None) -> QuerySet[WebhookSending]:
    """Give the newest sendings of a webhook, each with its last attempt and the kind of its event, in one query."""
    last = WebhookAttempt.objects.filter(sending=OuterRef("pk")).order_by("-id")
    found = WebhookSending.objects.filter(webhook=webhook).annotate(
        kind=Subquery(Event.objects.filter(id=OuterRef("event_id")).values("kind")[:1]),
        status=Subquery(last.values("status")[:1]),
        problem=Subquery(last.values("problem")[:1]),
        answer=Subquery(last.values("answer")[:1]),
        milliseconds=Subquery(last.values("milliseconds")[:1]),
        tried_at=Subquery(last.values("tried_at")[:1]),
    )
    return (found.filter(pk__lt=before) if before else found).order_by("-id")[:LOG_ROWS]
