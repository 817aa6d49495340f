"""How each operator is asked of the tables; packages above register theirs here at start."""

from collections.abc import Callable

from steward.desk.queries.filtering.conditions import Condition
from steward.desk.queries.filtering.reader import Reader
from steward.desk.rules.filters.known import OPERATORS
from steward.desk.rules.filters.operators import Operator
from steward.desk.rules.filters.tree import Choice, Value

# Raises `names.Unknown` for a value that stands for nothing.
Meaning = Callable[[Value, Reader], Condition]
Suggesting = Callable[[str, Reader], list[tuple[str, str]]]

_meanings: dict[str, Meaning] = {}
_choices: dict[tuple[str, str], Meaning] = {}
_suggestions: dict[str, Suggesting] = {}


def register_operator(operator: Operator, meaning: Meaning, *, suggesting: Suggesting | None = None) -> None:
    """Teach the language an operator: how it is written, and the condition each of its values stands for.

    `suggesting` gives, for what was typed so far, values with what they are called.
    """
    OPERATORS.add(operator)
    register_meaning(operator.name, meaning, suggesting=suggesting)


def register_choice(name: str, key: str, help_: str, meaning: Callable[[Reader], Condition]) -> None:
    """Teach an operator one more word, such as `snoozed` to `is:`."""
    OPERATORS.add_choice(name, key, help_)
    _choices[name, key] = lambda _value, reader: meaning(reader)


def register_meaning(name: str, meaning: Meaning, *, suggesting: Suggesting | None = None) -> None:
    """Say what an operator that can be written already stands for."""
    _meanings[name] = meaning
    if suggesting is not None:
        _suggestions[name] = suggesting


def meaning_of(name: str, value: Value, reader: Reader) -> Condition:
    """Give the condition an operator's value stands for."""
    special = _choices.get((name, value.key)) if isinstance(value, Choice) else None
    return (special or _meanings[name])(value, reader)


def is_known(name: str) -> bool:
    """Tell whether an operator can be asked."""
    return name in _meanings


def suggesting_of(name: str) -> Suggesting | None:
    """Give how values of an operator are suggested, if they can be."""
    return _suggestions.get(name)
