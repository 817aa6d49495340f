"""Automations hearing the ledger: each event is an occasion for those that are on, in their order."""

from steward.core.facts import Fact
from steward.core.remembering import forget, remembered
from steward.desk.actions.automations.acting import Chance, act
from steward.desk.actions.automations.occasions import Happening, add_happening, happenings_in
from steward.desk.queries.automations import running
from steward.desk.rules.chains import chain_of
from steward.ledger.models import Event
from steward.ledger.subscriptions import subscribe
from steward.people.actor import ActorKind

SUBSCRIBER = "desk.automations"
_RUNNING = "desk.automations.running"


def hear(event: Event, fact: Fact) -> None:
    """Let the automations that are on act on what has happened; history that was taken over sets none off."""
    ticket_id = getattr(fact, "ticket_id", None)
    if event.actor_kind == ActorKind.IMPORT or ticket_id is None:
        return
    names = set(happenings_in(event, fact))
    if not names:
        return
    chance = Chance(
        ticket_id=ticket_id,
        occasion=f"event:{event.id}",
        chain=chain_of(event.id, event.request_id),
        at=event.occurred_at,
        message_id=getattr(fact, "message_id", None),
    )
    for rule in remembered(_RUNNING, running):
        is_meant = any(when["when"] in names for when in rule.version.whens)
        if is_meant and rule.automation.on_since is not None and rule.automation.on_since <= event.occurred_at:
            act(rule, chance)
            # It may have been stopped.
            forget(_RUNNING)


def register_happening(happening: Happening) -> None:
    """Make an occasion known and have it heard; for packages above, at start."""
    add_happening(happening)
    subscribe(SUBSCRIBER, *happening.facts)(hear)
