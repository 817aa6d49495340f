"""The form of an automation: occasions, conditions and steps, each drawn from what the desk and the packages above registered."""

from dataclasses import dataclass
from typing import Any

from steward.core import clock
from steward.desk.actions.automations.making import Content
from steward.desk.actions.automations.occasions import When, happenings, read_when, span_named, spans
from steward.desk.queries.conditions import (
    OPERATOR_WORDS,
    ConditionField,
    condition_field,
    condition_fields,
    read_condition,
)
from steward.desk.queries.variables import variables
from steward.desk.rules.conditions import Condition
from steward.people.actor import Actor
from steward.web.settings import step_form
from steward.web.settings.step_form import Input
from steward.web.shared.asking import Request

MOST_ROWS = 50


@dataclass(frozen=True)
class DrawnSpan:
    """An occasion that comes with time as it is drawn, under the key its fields share."""

    key: str
    name: str
    label: Any
    inputs: list[Input]


@dataclass(frozen=True)
class DrawnCondition:
    """A condition as it is drawn: its field with the ways to compare it, and the values to choose from."""

    key: str
    field: ConditionField
    operators: list[tuple[str, Any]]
    operator: str
    value: str
    choices: list[tuple[str, Any]]
    either: bool


def read(request: Request) -> Content:
    """Read what the automation is to do; raises `Invalid` naming the field of the part that cannot be."""
    post = request.POST
    whens = [read_when(str(name), {}, request.actor) for name in post.getlist("when")[:MOST_ROWS]]
    for key in post.getlist("span")[:MOST_ROWS]:
        name = str(post.get(f"{key}.name", ""))
        span = span_named(name)
        raw = {one.name: post.get(f"{key}.{one.name}") for one in span.arguments} if span else {}
        whens.append(read_when(name, raw, request.actor))
    every: list[Condition] = []
    either: list[Condition] = []
    for key in post.getlist("condition")[:MOST_ROWS]:
        parts = (str(post.get(f"{key}.{name}", "")) for name in ("field", "operator", "value"))
        (either if post.get(f"{key}.group") == "any" else every).append(read_condition(*parts))
    return Content(whens=whens, calls=step_form.read_steps(request), conditions=every, any_conditions=either)


def drawn(content: Content, actor: Actor) -> dict[str, Any]:
    """Give the form of a content, filled in."""
    known: dict[str, list[tuple[str, Any]]] = {}
    return {
        "happenings": [(one.name, one.label) for one in happenings()],
        "chosen": {when.name for when in content.whens},
        "spans": [_span(f"t{place}", when, actor) for place, when in enumerate(content.whens) if span_named(when.name)],
        "span_choices": [(one.name, one.label) for one in spans()],
        "conditions": [
            *(_condition(f"c{place}", one, known, either=False) for place, one in enumerate(content.conditions)),
            *(_condition(f"e{place}", one, known, either=True) for place, one in enumerate(content.any_conditions)),
        ],
        "field_choices": [(one.name, one.label) for one in condition_fields()],
        "steps": step_form.drawn(content.calls, actor),
        "verbs": step_form.offered(),
        "variables": [one for one in variables() if not one.of_agent],
    }


def fresh_span(name: str, actor: Actor) -> DrawnSpan:
    """Give an occasion that comes with time, to be filled in; raises `Invalid` for one that does not exist."""
    if span_named(name) is None:
        read_when(name, {}, actor)
    return _span(_key("t"), When(name, {}), actor)


def fresh_condition(name: str) -> DrawnCondition:
    """Give a condition on a field, to be filled in."""
    field = condition_field(name)
    return _draw(_key("c"), field, field.operators[0].value, "", {}, either=False)


def _key(kind: str) -> str:
    return f"{kind}{clock.now():%H%M%S%f}"


def _span(key: str, when: When, actor: Actor) -> DrawnSpan:
    span = span_named(when.name)
    assert span is not None
    inputs = [
        Input(one, f"{key}.{one.name}", when.args.get(one.name, ""), tuple(one.choices(actor)) if one.choices else ())
        for one in span.arguments
    ]
    return DrawnSpan(key, span.name, span.label, inputs)


# The values to choose from, by field: of several conditions on one field they are looked up once.
Known = dict[str, list[tuple[str, Any]]]


def _condition(key: str, condition: Condition, known: Known, *, either: bool) -> DrawnCondition:
    return _draw(key, condition_field(condition.field), condition.operator.value, condition.value, known, either=either)


def _draw(key: str, field: ConditionField, operator: str, value: str, known: Known, *, either: bool) -> DrawnCondition:
    operators = [(one.value, OPERATOR_WORDS[one]) for one in field.operators]
    if field.name not in known:
        known[field.name] = list(field.choices()) if field.choices else []
    return DrawnCondition(key, field, operators, operator, value, known[field.name], either)
