"""What the demo desk says and does by routine: saved replies, macros, and automations that were tried before they act."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from steward.core.errors import DomainError
from steward.desk.actions.automations.making import Content, create_automation, switch_on
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.macro_runs import run_macro, show_macro
from steward.desk.actions.macros import create_macro
from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Automation, Macro, Status, Ticket
from steward.desk.rules.conditions import Condition, Operator
from steward.people.actor import Actor

_FILE = Path(__file__).with_name("routines.yaml")


@cache
def read_routines() -> dict[str, Any]:
    """Read what is said and done by routine."""
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read


def make_routines(*, by: Actor, at: datetime) -> None:
    """Write the saved replies, macros and automations; those that are to act are tried and switched on."""
    told = read_routines()
    for one in told["replies"]:
        create_saved_reply(about=About(one["name"], one["folder"], "all"), texts=one["texts"], by=by, at=at)
    for one in told["macros"]:
        create_macro(about=About(one["name"], one["folder"], "all"), calls=_calls(one["steps"]), by=by, at=at)
    for one in told["automations"]:
        made = create_automation(name=one["name"], content=_content(one), by=by, at=at)
        if one.get("is_on", True):
            try_automation(automation_id=made.pk, by=by, at=at)
            switch_on(automation_id=made.pk, version=1, by=by, at=at)


def use_routines(*, by: Actor, lead: Actor, now: datetime) -> None:
    """Run a macro on one of an agent's tickets, and try what is written but not switched on on the week that was."""
    macro = Macro.objects.order_by("id")[:1].get()
    for ticket in Ticket.objects.filter(assignee_id=by.user_id, state="open").order_by("-id")[:5]:
        at = now - timedelta(minutes=1)
        try:
            shown = show_macro(macro_id=macro.pk, ticket_id=ticket.pk, by=by, at=at)
            if shown.may_run:
                run_macro(macro_id=macro.pk, ticket_id=ticket.pk, seen_version=shown.version.version, by=by, at=at)
                break
        except DomainError:
            continue
    for automation in Automation.objects.filter(running_version=None).order_by("id"):
        try_automation(automation_id=automation.pk, by=lead, at=now)


def _content(one: dict[str, Any]) -> Content:
    whens = [When(name, {}) for name in one.get("when", ())]
    if span := one.get("span"):
        whens.append(When(span["when"], span["args"]))
    return Content(
        whens=whens,
        calls=_calls(one["steps"]),
        conditions=[Condition(field, Operator(operator), value) for field, operator, value in one.get("all", ())],
        any_conditions=[Condition(field, Operator(operator), value) for field, operator, value in one.get("any", ())],
    )


def _calls(steps: list[dict[str, Any]]) -> list[Call]:
    return [Call(step["verb"], step["args"] if "args" in step else _status(step)) for step in steps]


def _status(step: dict[str, Any]) -> dict[str, Any]:
    status = Status.objects.get(state=step["state"], is_default=True)
    return {"status": str(status.pk), "reason": step.get("reason", ""), "why": ""}
