"""What a filter means, as values: words, phrases, numbers and operators, each wanted or not wanted."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Choice:
    """One of the words an operator knows, such as the `open` of `is:open`."""

    key: str


@dataclass(frozen=True)
class Named:
    """A name that somebody has to look up, such as the `Appeals` of `in:Appeals`."""

    text: str


@dataclass(frozen=True)
class Id:
    """The number of a row, written `#7`: it stays right when the row is renamed."""

    number: int


@dataclass(frozen=True)
class Day:
    """A day, or with `whole_month` the month it begins, in the zone of whoever reads."""

    first: date
    whole_month: bool = False


@dataclass(frozen=True)
class Ago:
    """A length of time back from now: `7d`."""

    count: int
    unit: str


Value = Choice | Named | Id | Day | Ago


@dataclass(frozen=True)
class Word:
    """A word that must be there; as a `beginning` also what it begins."""

    text: str
    beginning: bool = False
    negated: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words that must be there one after the other, as written."""

    text: str
    negated: bool = False


@dataclass(frozen=True)
class Number:
    """A ticket by its number."""

    number: int
    negated: bool = False


@dataclass(frozen=True)
class Term:
    """An operator with the values of which one is enough."""

    operator: str
    values: tuple[Value, ...]
    negated: bool = False


Part = Word | Phrase | Number | Term


@dataclass(frozen=True)
class Problem:
    """Something that could not be read or found: a sentence to be translated, and what fills it."""

    message: str
    values: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Query:
    """Everything a ticket must be at once."""

    parts: tuple[Part, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Give the operators."""
        return tuple(part for part in self.parts if isinstance(part, Term))

    @property
    def texts(self) -> tuple[Word | Phrase, ...]:
        """Give the words and phrases."""
        return tuple(part for part in self.parts if isinstance(part, Word | Phrase))

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Give the tickets asked for by number."""
        return tuple(part for part in self.parts if isinstance(part, Number))

    def without(self, part: Part) -> "Query":
        """Give the same without one part."""
        return Query(tuple(one for one in self.parts if one != part))

    def also(self, *parts: Part) -> "Query":
        """Give the same with more parts, each once."""
        return Query(tuple(dict.fromkeys(self.parts + parts)))
