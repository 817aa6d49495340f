"""Forms made of steps: every verb the desk and the packages above it have registered, with its arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from steward.core import clock
from steward.desk.actions.verbs.registry import Argument, Call, Verb, verb_named, verbs
from steward.people.actor import Actor
from steward.web.shared.asking import Request

MOST_STEPS = 40


@dataclass(frozen=True)
class Input:
    """One argument as it is asked for: with its value, and its choices looked up."""

    argument: Argument
    name: str
    value: object
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Drawn:
    """One step as it is drawn: the key that its fields share, its verb and their values."""

    key: str
    verb: Verb
    inputs: list[Input] = field(default_factory=list)


def read_steps(request: Request) -> list[Call]:
    """Read the steps in the order they stand; raises `Invalid` naming the field of the one that cannot be."""
    calls = []
    for key in request.POST.getlist("step")[:MOST_STEPS]:
        verb = verb_named(str(request.POST.get(f"{key}.verb", "")))
        raw = {argument.name: request.POST.get(f"{key}.{argument.name}") for argument in verb.arguments}
        calls.append(Call(verb.name, verb.read(raw, request.actor)))
    return calls


def drawn(calls: Iterable[Call], actor: Actor) -> list[Drawn]:
    """Give steps as they are drawn; choices that several steps share are looked up once."""
    known: dict[Argument, tuple[tuple[str, Any], ...]] = {}
    return [_draw(f"s{place}", verb_named(call.verb), call.args, actor, known) for place, call in enumerate(calls)]


def fresh(verb_name: str, actor: Actor) -> Drawn:
    """Give an empty step for a verb, under a key of its own."""
    return _draw(f"n{clock.now():%H%M%S%f}", verb_named(verb_name), {}, actor, {})


def offered() -> list[Verb]:
    """Give the verbs a step can be of."""
    return verbs()


def _draw(key: str, verb: Verb, args: Mapping[str, Any], actor: Actor, known: dict[Argument, tuple[tuple[str, Any], ...]]) -> Drawn:
    inputs = []
    for argument in verb.arguments:
        if argument not in known:
            known[argument] = tuple(argument.choices(actor)) if argument.choices else ()
        inputs.append(Input(argument, f"{key}.{argument.name}", args.get(argument.name, ""), known[argument]))
    return Drawn(key, verb, inputs)
