"""Stopping an automation that cannot go on: visibly, with the reason, and its owner told; nothing else stops."""

from datetime import datetime

from django.utils.translation import gettext as _

from steward.desk.facts.automations import AutomationParked
from steward.desk.models import Automation, AutomationRun, Ticket
from steward.desk.notice_kinds import RULE_PARKED
from steward.desk.queries.access import only_those_who_see
from steward.desk.queries.automations import Running
from steward.ledger.actions.recording import record
from steward.people.actions import notify
from steward.people.actor import ActorKind, system

LONGEST_DETAIL = 500
PARKING = system("automations", kind=ActorKind.RULE)
Why = Automation.Parked


def park(rule: Running, why: Why, *, detail: str = "", ticket_id: int | None, occasion: str = "", at: datetime) -> None:
    """Stop an automation, keep why, and tell its owner; one stopped meanwhile stays as it is."""
    stopped = Automation.objects.filter(pk=rule.automation.pk, running_version=rule.version.version).update(
        running_version=None,
        on_since=None,
        parked_at=at,
        parked_why=why,
        parked_detail=detail[:LONGEST_DETAIL],
    )
    if not stopped:
        return
    fact = AutomationParked(automation_id=rule.automation.pk, version=rule.version.version, why=str(why), ticket_id=ticket_id)
    record(fact, by=PARKING, at=at)
    if ticket_id is not None and occasion:
        AutomationRun.objects.get_or_create(
            automation=rule.automation,
            ticket_id=ticket_id,
            occasion=occasion,
            defaults={
                "version": rule.version.version,
                "outcome": AutomationRun.Outcome.PARKED,
                "detail": (detail or str(why.label))[:LONGEST_DETAIL],
                "ran_at": at,
            },
        )
    _tell(rule, why, ticket_id, at=at)


def _tell(rule: Running, why: Why, ticket_id: int | None, *, at: datetime) -> None:
    owner_id = rule.automation.owner_id
    ticket = Ticket.objects.filter(pk=ticket_id).select_related("queue").first() if ticket_id is not None else None
    seen = ticket is not None and bool(only_those_who_see([owner_id], queue=ticket.queue))
    notify(
        user_ids=[owner_id],
        kind=RULE_PARKED,
        ticket_id=ticket.pk if ticket is not None and seen else None,
        queue_id=ticket.queue_id if ticket is not None and seen else None,
        data={"automation_id": rule.automation.pk, "why": str(why)},
        by=PARKING,
        at=at,
    )


def said(error: BaseException) -> str:
    """Put an unforeseen error into a line for whoever looks after the automation."""
    return _("%(kind)s: %(message)s") % {"kind": type(error).__name__, "message": str(error)[:LONGEST_DETAIL]}
