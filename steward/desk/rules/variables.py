"""Variables in texts that are written once and sent many times: `{{requester.name}}` and the like.

The whole grammar: two braces, a known name, two braces. Nothing is reckoned, nothing is nested, and what stands in a
value is never read as a variable again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PLACE = re.compile(r"\{\{([^{}\n]{0,80})\}\}")
# In what a requester wrote, two braces are no place to be filled.
_OPENING = re.compile(r"\{(?=\{)")


@dataclass(frozen=True)
class Filled:
    """A text with its variables filled in; the empty ones still stand there, and are named."""

    text: str
    missing: tuple[str, ...] = ()


def places(text: str) -> tuple[str, ...]:
    """Give what stands between double braces, in order, each once."""
    return tuple(dict.fromkeys(match.group(1).strip() for match in _PLACE.finditer(text)))


def unknown(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give what stands between double braces and is no variable."""
    names = frozenset(known)
    return tuple(name for name in places(text) if name not in names)


def left_over(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give the variables that nobody filled in: a text that holds one is not ready to be sent."""
    names = frozenset(known)
    return tuple(name for name in places(text) if name in names)


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Fill in every variable that has a value; an empty one stays in sight as its placeholder."""
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name not in values:
            return match.group(0)
        found = values[name].strip()
        if not found:
            missing.append(name)
            return "{{" + name + "}}"
        return _OPENING.sub("{ ", found)

    return Filled(_PLACE.sub(value, text), tuple(dict.fromkeys(missing)))
