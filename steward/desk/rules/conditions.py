"""Conditions on a ticket: small typed objects (field, operator, value), and the arithmetic that decides them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Read = str | int | None | frozenset[str]


class Operator(StrEnum):
    """How a field is compared with a value."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    HAS = "has"
    HAS_NOT = "has_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    FINDS = "finds"
    FINDS_NOT = "finds_not"


class FieldKind(StrEnum):
    """What kind of values a field has."""

    CHOICE = "choice"
    RANK = "rank"
    SET = "set"
    TEXT = "text"
    FILTER = "filter"


OPERATORS: Mapping[FieldKind, tuple[Operator, ...]] = {
    FieldKind.CHOICE: (Operator.IS, Operator.IS_NOT),
    FieldKind.RANK: (Operator.IS, Operator.IS_NOT, Operator.AT_LEAST, Operator.AT_MOST),
    FieldKind.SET: (Operator.HAS, Operator.HAS_NOT),
    FieldKind.TEXT: (Operator.CONTAINS, Operator.CONTAINS_NOT, Operator.IS, Operator.IS_NOT),
    FieldKind.FILTER: (Operator.FINDS, Operator.FINDS_NOT),
}
NEGATIVE = frozenset({Operator.IS_NOT, Operator.HAS_NOT, Operator.CONTAINS_NOT, Operator.FINDS_NOT})


@dataclass(frozen=True)
class Condition:
    """One condition: this field, compared so, with this value."""

    field: str
    operator: Operator
    value: str

    def dump(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {"field": self.field, "operator": self.operator.value, "value": self.value}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Condition":
        """Rebuild what `dump` gave."""
        return cls(str(stored["field"]), Operator(stored["operator"]), str(stored["value"]))


def holds(operator: Operator, found: Read, wanted: str) -> bool:
    """Tell whether a value stands to a wanted one as the operator says.

    A rank is compared as a number, of which the lower is the more urgent: at least high means high or urgent. Texts are
    compared without case, a comma between several of which one is enough; a set has what it holds.
    """
    match operator:
        case Operator.IS | Operator.HAS | Operator.FINDS:
            return _is(found, wanted)
        case Operator.IS_NOT | Operator.HAS_NOT | Operator.FINDS_NOT:
            return not _is(found, wanted)
        case Operator.AT_LEAST:
            return _number(found) is not None and _rank(found) <= _rank(wanted)
        case Operator.AT_MOST:
            return _number(found) is not None and _rank(found) >= _rank(wanted)
        case Operator.CONTAINS:
            return _contains(found, wanted)
        case Operator.CONTAINS_NOT:
            return not _contains(found, wanted)


def _is(found: Read, wanted: str) -> bool:
    if isinstance(found, frozenset):
        return wanted.casefold() in {one.casefold() for one in found}
    text = "" if found is None else str(found)
    return any(text.casefold() == one.casefold() for one in alternatives(wanted))


def _contains(found: Read, wanted: str) -> bool:
    texts = found if isinstance(found, frozenset) else {"" if found is None else str(found)}
    return any(one.casefold() in text.casefold() for text in texts for one in alternatives(wanted))


def alternatives(wanted: str) -> tuple[str, ...]:
    """Give the values of a list written with commas; a value without any is itself."""
    found = tuple(one.strip() for one in wanted.split(",") if one.strip())
    return found or (wanted,)


def _number(value: Read) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _rank(value: Read) -> int:
    return _number(value) or 0


def match(every: Collection[Condition], either: Collection[Condition], decide: Callable[[Condition], bool]) -> bool:
    """Tell whether all of the first hold and, where there are any of the second, one of those."""
    return all(map(decide, every)) and (not either or any(map(decide, either)))
