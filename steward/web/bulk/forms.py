"""The form of a run: some verbs, each with the inputs of its arguments, as the registry describes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steward.core.errors import Invalid
from steward.desk.actions.bulk import MOST_STEPS
from steward.desk.actions.verbs.registry import Argument, Call, Verb, verb_named, verbs
from steward.people.actor import Actor
from steward.web.shared.asking import Request

# Several replies in one run would be several messages to each requester.
ONCE = frozenset({"reply"})


@dataclass(frozen=True)
class Input:
    """One argument as it is asked for."""

    argument: Argument
    name: str
    value: str
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Step:
    """One verb as it is drawn, with its inputs."""

    place: int
    verb: Verb
    inputs: tuple[Input, ...]


def drawn(by: Actor, names: Sequence[str], typed: Mapping[str, str]) -> list[Step]:
    """Draw the verbs named, each with what was typed into it; an unknown one is left out."""
    known = {verb.name: verb for verb in verbs()}
    found = [known[name] for name in names[:MOST_STEPS] if name in known]
    return [Step(place, verb, tuple(_input(by, typed, place, one) for one in verb.arguments)) for place, verb in enumerate(found)]


def _input(by: Actor, typed: Mapping[str, str], place: int, argument: Argument) -> Input:
    name = f"{place}.{argument.name}"
    choices = tuple(argument.choices(by)) if argument.choices else ()
    return Input(argument, name, str(typed.get(name, "")), choices)


def typed_before(run_calls: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Give what was typed into a run that went back to being prepared."""
    return {f"{place}.{name}": str(value) for place, call in enumerate(run_calls) for name, value in call["args"].items()}


def kept_names(request: Request) -> list[str]:
    """Give the verbs of the form as sent, without the one taken off and with the one added."""
    names = request.POST.getlist("verb")
    removed, added = str(request.POST.get("remove", "")), str(request.POST.get("add", ""))
    if removed.isascii() and removed.isdigit() and int(removed) < len(names):
        names.pop(int(removed))
    return [*names, added] if added else names


def calls(request: Request) -> list[Call]:
    """Read the form as calls; raises `Invalid` naming the input that cannot be read."""
    found = []
    for place, name in enumerate(request.POST.getlist("verb")[:MOST_STEPS]):
        verb = verb_named(name)
        raw = {argument.name: request.POST.get(f"{place}.{argument.name}") for argument in verb.arguments}
        try:
            found.append(Call(verb.name, verb.read(raw, request.actor)))
        except Invalid as error:
            raise Invalid(error.message, field=f"{place}.{error.field}", hint=error.hint) from error
    return found


def offered(_by: Actor, names: Sequence[str]) -> list[Verb]:
    """Give the verbs that may be added to those there are."""
    return [verb for verb in verbs() if verb.name not in ONCE or verb.name not in names]
