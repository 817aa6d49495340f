"""Automations that act when time has passed: a sweep looks at what came due since the last one."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, transaction

from steward.desk.actions.automations.acting import Chance, act
from steward.desk.actions.automations.occasions import Passed, When, span_named
from steward.desk.models import Automation
from steward.desk.queries.automations import Running, running
from steward.desk.rules.chains import Chain

log = logging.getLogger(__name__)
MOST = 1_000
_A_MOMENT = timedelta(microseconds=1)


def sweep_automations(*, at: datetime) -> int:
    """Let every automation act on the tickets whose time came since it was last looked; give how many chances there were.

    Each ticket is a transaction of its own, once for each time; it may run late, twice at once, or be killed half-way.
    """
    return sum(_sweep(rule, at=at) for rule in running())


def _sweep(rule: Running, *, at: datetime) -> int:
    whens = [When.load(one) for one in rule.version.whens if span_named(str(one["when"]))]
    after = max(filter(None, (rule.automation.on_since, rule.automation.swept_at)), default=at)
    if not whens or after >= at:
        return 0
    found = [(when, one) for when in whens for one in _passed(when, after, at)]
    reached = at
    for when in whens:
        ours = [one.at for name, one in found if name is when]
        if len(ours) >= MOST:
            # More than one sweep's worth: the next goes on from the last one looked at, and what is done is known.
            reached = min(reached, max(max(ours) - _A_MOMENT, after + _A_MOMENT))
    done = sum(_try(rule, when, one, at=at) for when, one in found)
    Automation.objects.filter(pk=rule.automation.pk, running_version=rule.version.version).update(swept_at=reached)
    return done


def _passed(when: When, after: datetime, until: datetime) -> list[Passed]:
    span = span_named(when.name)
    return list(span.look(when.args, after, until, MOST)) if span else []


def _try(rule: Running, when: When, one: Passed, *, at: datetime) -> bool:
    span = span_named(when.name)
    still = partial(span.still, when.args, one) if span else None
    chance = Chance(ticket_id=one.ticket_id, occasion=f"{when.name}:{one.mark}", chain=Chain(0), at=at, still=still)
    try:
        with transaction.atomic():
            # Switched off, parked or changed since the list was read: then it no longer acts.
            is_on = Automation.objects.select_for_update(no_key=True).filter(
                pk=rule.automation.pk, running_version=rule.version.version
            )
            if not is_on.values_list("pk"):
                return False
            act(rule, chance)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("desk.automation_sweep_failed", extra={"automation": rule.automation.pk, "ticket": one.ticket_id})
        return False
    return True
