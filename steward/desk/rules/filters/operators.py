"""The operators a filter may use; packages add their own at start, so that this one need not know them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType

from steward.desk.rules.filters.dates import read_day, write_day
from steward.desk.rules.filters.lexing import Raw
from steward.desk.rules.filters.tree import Ago, Choice, Day, Id, Named, Value

_NOTHING: Mapping[str, str] = MappingProxyType({})
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Operator:
    """How one operator is written: its words, whether names, row numbers (`#7`) or days may follow, and what it is for.

    `choices` maps each word to what it means, `synonyms` other spellings to a word. `help` and the meanings are
    sentences to be translated. With `takes_digits` plain digits are a row's number too.
    """

    name: str
    help: str
    example: str
    choices: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    synonyms: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    aliases: tuple[str, ...] = ()
    takes_names: bool = False
    takes_ids: bool = False
    takes_digits: bool = False
    takes_days: bool = False

    def read(self, raw: Raw) -> Value | None:
        """Read one value; None for what this operator does not know."""
        text, folded = raw.text, raw.text.lower().replace(" ", "-")
        if not text:
            return None
        if raw.quoted and self.takes_names:
            return Named(text)
        folded = self.synonyms.get(folded, folded)
        if folded in self.choices:
            return Choice(folded)
        return self._id(text) or (read_day(text) if self.takes_days else Named(text) if self.takes_names else None)

    def _id(self, text: str) -> Id | None:
        digits = text[1:] if self.takes_ids and text.startswith("#") else text if self.takes_digits else ""
        return Id(int(digits)) if _is_id(digits) else None

    def write(self, value: Value) -> str:
        """Write a value so that it is read back as the same one."""
        if isinstance(value, Choice):
            return value.key
        if isinstance(value, Id):
            return f"#{value.number}"
        if isinstance(value, Day | Ago):
            return write_day(value)
        bare = not any(one.isspace() or one in '",\\“”„«»：，' for one in value.text)
        return value.text if bare and self.read(Raw(value.text)) == value else quoted(value.text)


def quoted(text: str) -> str:
    """Write a text in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text) > 0


class Operators:
    """The operators known so far."""

    def __init__(self, known: Iterable[Operator] = ()) -> None:
        self._by_name: dict[str, Operator] = {}
        self._names: dict[str, str] = {}
        for operator in known:
            self.add(operator)

    def __iter__(self) -> Iterator[Operator]:
        return iter(self._by_name.values())

    def add(self, operator: Operator) -> None:
        """Add an operator; raises `ValueError` for a name that is taken."""
        for name in (operator.name, *operator.aliases):
            if name in self._names:
                raise ValueError(f"two operators are called {name}:")
        self._by_name[operator.name] = operator
        self._names |= dict.fromkeys((operator.name, *operator.aliases), operator.name)

    def add_choice(self, name: str, key: str, meaning: str) -> None:
        """Teach an operator one more word; raises `ValueError` for one it knows."""
        operator = self._by_name[name]
        if key in operator.choices:
            raise ValueError(f"{name}:{key} is there already")
        self._by_name[name] = replace(operator, choices=MappingProxyType({**operator.choices, key: meaning}))

    def get(self, name: str) -> Operator | None:
        """Find an operator by its name or another name of it."""
        return self._by_name.get(self._names.get(name.replace("_", "-"), ""))

    def nearest(self, name: str) -> str:
        """Give the name somebody may have meant, or nothing."""
        close = get_close_matches(name.replace("_", "-"), list(self._names), n=1, cutoff=0.6)
        return self._names[close[0]] if close else ""
