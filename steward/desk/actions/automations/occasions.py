"""The occasions on which automations act: facts as they happen, and spans that have passed. Packages above add theirs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.facts import Fact
from steward.desk.actions.verbs.registry import Argument
from steward.desk.rules.snapshot import Snapshot
from steward.ledger.models import Event
from steward.people.actor import Actor

Text = str | Promise


def _always(_event: Event, _fact: Any) -> bool:
    return True


@dataclass(frozen=True)
class Happening:
    """An occasion that is a fact on a ticket's stream; `is_one` says whether an event of these facts is it."""

    name: str
    label: Text
    facts: tuple[type[Fact], ...]
    is_one: Callable[[Event, Any], bool] = _always


@dataclass(frozen=True)
class Passed:
    """A ticket for which a span has passed: at which instant, and what makes it this time and no other."""

    ticket_id: int
    at: datetime
    mark: str


def _yes(_args: Mapping[str, Any], _passed: Passed, _ticket: Snapshot) -> bool:
    return True


Look = Callable[[Mapping[str, Any], datetime, datetime, int], Iterable[Passed]]


@dataclass(frozen=True)
class Span:
    """An occasion that comes with time. `look` finds where its instant came within `(after, until]`, the earliest first.

    It reads by an index, at most so many; it is used by the sweep, moment by moment, and for a whole week's dry run where
    `past` does not look in its stead;
    so it says only what was so at that instant; `still` is asked by the sweep, which comes a little later.
    """

    name: str
    label: Text
    arguments: tuple[Argument, ...]
    words: Callable[[Mapping[str, Any]], str]
    look: Look
    still: Callable[[Mapping[str, Any], Passed, Snapshot], bool] = _yes
    past: Look | None = None


@dataclass(frozen=True)
class When:
    """An occasion as an automation names it, with its arguments."""

    name: str
    args: Mapping[str, Any]

    def dump(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {"when": self.name, "args": dict(self.args)}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "When":
        """Rebuild what `dump` gave."""
        return cls(str(stored["when"]), dict(stored["args"]))


_happenings: dict[str, Happening] = {}
_spans: dict[str, Span] = {}


def add_happening(happening: Happening) -> None:
    """Make an occasion known; `listening.register_happening` also has it heard."""
    if _happenings.setdefault(happening.name, happening) is not happening or happening.name in _spans:
        raise TypeError(f"two occasions are called {happening.name!r}")


def register_span(span: Span) -> None:
    """Make an occasion known that comes with time; for packages above, at start."""
    if _spans.setdefault(span.name, span) is not span or span.name in _happenings:
        raise TypeError(f"two occasions are called {span.name!r}")


def happenings() -> list[Happening]:
    """Give the occasions that are facts, in the order they were registered."""
    return list(_happenings.values())


def spans() -> list[Span]:
    """Give the occasions that come with time, in the order they were registered."""
    return list(_spans.values())


def span_named(name: str) -> Span | None:
    """Give an occasion that comes with time, or None for another one."""
    return _spans.get(name)


def happening_named(name: str) -> Happening | None:
    """Give an occasion that is a fact, or None for another one."""
    return _happenings.get(name)


def happenings_in(event: Event, fact: Fact) -> list[str]:
    """Give the names of the occasions an event is."""
    return [one.name for one in _happenings.values() if isinstance(fact, one.facts) and one.is_one(event, fact)]


def read_when(name: str, raw: Mapping[str, object], by: Actor) -> When:
    """Read an occasion with its arguments; raises `Invalid` for one that this version does not have."""
    if name in _happenings:
        return When(name, {})
    if name not in _spans:
        raise Invalid(_("There is no occasion “%(name)s”.") % {"name": name[:50]}, field="when", hint=_("Choose another one."))
    return When(name, {argument.name: argument.read(raw.get(argument.name), by) for argument in _spans[name].arguments})


def when_words(when: When) -> str:
    """Say an occasion; one that is gone says so."""
    if when.name in _happenings:
        return str(_happenings[when.name].label)
    if when.name in _spans:
        return _spans[when.name].words(when.args)
    return _("an occasion that no longer exists (%(name)s)") % {"name": when.name}
