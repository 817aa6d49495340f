"""The webhook of the demo desk: set up, given a new secret, and off, since there is nobody at its address."""

from datetime import datetime, timedelta

from steward.channels.actions.webhooks import change_webhook, create_webhook, issue_webhook_secret
from steward.people.actor import Actor


def tell_the_tracker(*, by: Actor, now: datetime) -> None:
    """Set up what would tell an incident tracker of broken promises and of new tickets."""
    made, _secret = create_webhook(
        values={
            "name": "Incident tracker",
            "address": "https://tracker.example/hooks/steward",
            "kinds": ["sla.clock_breached", "desk.ticket_opened"],
        },
        by=by,
        at=now - timedelta(days=6),
    )
    change_webhook(webhook_id=made.pk, values={"is_active": False}, by=by, at=now - timedelta(days=6))
    issue_webhook_secret(webhook_id=made.pk, by=by, at=now - timedelta(days=1))
