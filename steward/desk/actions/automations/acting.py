"""An automation acting on one ticket: looked at, decided, done whole or not at all, and kept once for each occasion."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from steward.core.errors import DomainError
from steward.desk.actions.automations.parking import LONGEST_DETAIL, Why, park, said
from steward.desk.actions.verbs.registry import Call, Step, prepared
from steward.desk.actions.verbs.running import perform_all
from steward.desk.models import AutomationRun
from steward.desk.queries.access import queues_in_sight
from steward.desk.queries.automations import Running, acted_lately, has_acted
from steward.desk.queries.conditions import Occasion, matches
from steward.desk.queries.filtering.reader import Reader, reader
from steward.desk.queries.snapshots import snapshots
from steward.desk.rules.chains import MOST_AN_HOUR, Chain
from steward.desk.rules.conditions import Condition
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor, ActorKind, system
from steward.people.models import User
from steward.people.queries import actor_for

log = logging.getLogger(__name__)
Outcome = AutomationRun.Outcome


@dataclass(frozen=True)
class Chance:
    """An automation's chance to act: on which ticket, on what occasion, in which chain, and with which message.

    `still` says of the ticket as it is now whether the occasion still stands.
    """

    ticket_id: int
    occasion: str
    chain: Chain
    at: datetime
    message_id: int | None = None
    still: Callable[[Snapshot], bool] | None = None


def act(rule: Running, chance: Chance) -> None:
    """Let an automation act on a ticket if its conditions hold; within the caller's transaction.

    Its own effects never set it off again; where others lead back to it, or it goes on and on, it is stopped. What it
    may not do on this ticket is kept as refused; what it cannot do at all, or an error of any kind, stops it, and only it.
    """
    if chance.chain.set_off_by(rule.automation.pk) or has_acted(rule.automation.pk, chance.ticket_id, chance.occasion):
        return
    try:
        with transaction.atomic():
            _act(rule, chance)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("desk.automation_failed", extra={"automation": rule.automation.pk, "ticket": chance.ticket_id})
        _park(rule, Why.ERROR, chance, detail=said(error))


def _act(rule: Running, chance: Chance) -> None:
    owner = User.objects.filter(pk=rule.automation.owner_id).first()
    if owner is None or not owner.is_active:
        _park(rule, Why.OWNER, chance)
        return
    sees = _reader(actor_for(owner), chance.at)
    ticket = snapshots([chance.ticket_id], queue_ids=sees.queue_ids).get(chance.ticket_id)
    try:
        if ticket is None or not _holds(rule, ticket, chance, sees):
            return
    except DomainError as error:
        _park(rule, Why.BROKEN, chance, detail=error.message)
        return
    calls = calls_of(rule)
    try:
        steps = [prepared(call) for call in calls]
    except DomainError as error:
        _park(rule, Why.BROKEN, chance, detail=error.message)
        return
    by = rule_actor(rule, chance.chain)
    if not _would_change(steps, ticket, by):
        _keep(rule, chance, Outcome.NOTHING)
    elif chance.chain.comes_round_to(rule.automation.pk) or chance.chain.is_deepest:
        _park(rule, Why.LOOP, chance)
    elif acted_lately(rule.automation.pk, chance.ticket_id, at=chance.at) >= MOST_AN_HOUR:
        _park(rule, Why.LIMIT, chance)
    else:
        _do(rule, chance, calls, by)


def _do(rule: Running, chance: Chance, calls: list[Call], by: Actor) -> None:
    try:
        perform_all(chance.ticket_id, calls, by=by, at=chance.at)
    except DomainError as error:
        _keep(rule, chance, Outcome.REFUSED, detail=error.message)
    else:
        _keep(rule, chance, Outcome.DONE)


def _would_change(steps: list[Step], ticket: Snapshot, by: Actor) -> bool:
    return any(not step.describe(ticket, by).is_nothing for step in steps)


def _holds(rule: Running, ticket: Snapshot, chance: Chance, sees: Reader) -> bool:
    if chance.still is not None and not chance.still(ticket):
        return False
    return matches(Occasion(ticket, chance.message_id, sees), *conditions_of(rule))


def _reader(owner: Actor, at: datetime) -> Reader:
    return reader(queues_in_sight(owner), user_id=owner.user_id, zone=owner.time_zone, at=at)


def conditions_of(rule: Running) -> tuple[list[Condition], list[Condition]]:
    """Give the conditions that must all hold, and those of which one must."""
    version = rule.version
    return [Condition.load(one) for one in version.conditions], [Condition.load(one) for one in version.any_conditions]


def calls_of(rule: Running) -> list[Call]:
    """Give what it does."""
    return [Call.load(one) for one in rule.version.calls]


def rule_actor(rule: Running, chain: Chain) -> Actor:
    """Give an automation as actor: its version is the cause, and its place in the chain goes with everything it does."""
    return system(rule.cause, kind=ActorKind.RULE, request_id=chain.then(rule.automation.pk).write())


def _keep(rule: Running, chance: Chance, outcome: Outcome, *, detail: str = "") -> None:
    AutomationRun.objects.create(
        automation=rule.automation,
        version=rule.version.version,
        ticket_id=chance.ticket_id,
        occasion=chance.occasion,
        outcome=outcome,
        detail=detail[:LONGEST_DETAIL],
        ran_at=chance.at,
    )


def _park(rule: Running, why: Why, chance: Chance, *, detail: str = "") -> None:
    park(rule, why, detail=detail, ticket_id=chance.ticket_id, occasion=chance.occasion, at=chance.at)
