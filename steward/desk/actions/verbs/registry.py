"""The registry of verbs: each has a name, arguments that a form can be drawn from, and only calls the desk's own actions.

A package above registers its verbs at start (`apps.py`); the desk never names it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.text import clean
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor

Text = str | Promise
Args = dict[str, Any]


class Kind(StrEnum):
    """How an argument is asked for."""

    CHOICE = "choice"
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"


@dataclass(frozen=True)
class Argument:
    """One typed value a verb needs; `choices` gives (value, label) pairs for whoever fills the form.

    `with_variables` marks a text in which `{{requester.name}}` and the like are filled in for each ticket, `of` a value that
    is the number of such a row, or the name of a label: many steps can have theirs looked up at once.
    """

    name: str
    label: Text
    kind: Kind = Kind.CHOICE
    required: bool = True
    choices: Callable[[Actor], Sequence[tuple[str, Text]]] | None = None
    hint: Text = ""
    most: int = 200
    least: int = 0
    with_variables: bool = False
    of: type[Model] | None = None

    def read(self, raw: object, by: Actor) -> str | int:
        """Read a value as sent or stored; raises `Invalid` naming this argument."""
        text = clean("" if raw is None else str(raw), max_length=_LONGEST, field=self.name, required=False)
        if not text:
            if self.required:
                raise Invalid(_("“%(field)s” is missing.") % {"field": self.label}, field=self.name, hint=_("Choose or enter it."))
            return ""
        if self.kind == Kind.CHOICE:
            if self.choices is not None and text not in {str(value) for value, _label in self.choices(by)}:
                raise Invalid(
                    _("“%(field)s” has a value that cannot be chosen.") % {"field": self.label},
                    field=self.name,
                    hint=_("It may have been closed or removed: choose another."),
                )
            return text
        if self.kind == Kind.NUMBER:
            return self._number(text)
        return clean(text, max_length=self.most, field=self.name)

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and self.least <= int(text) <= self.most):  # noqa: PLR2004 -- digits of a number
            raise Invalid(
                _("“%(field)s” is a whole number from %(least)s to %(most)s.")
                % {"field": self.label, "least": self.least, "most": self.most},
                field=self.name,
            )
        return int(text)


_LONGEST = 1_000_000


@dataclass(frozen=True)
class Described:
    """What a verb would do to one ticket: its changes in words, none when it is so already, or why it may not."""

    changes: tuple[str, ...] = ()
    refused: str = ""

    @property
    def is_nothing(self) -> bool:
        """Tell whether the ticket is so already."""
        return not self.changes and not self.refused


@dataclass(frozen=True)
class Call:
    """A verb by name with its arguments, as it is stored in a macro, an automation or a run."""

    verb: str
    args: Args

    def dump(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {"verb": self.verb, "args": self.args}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Call":
        """Rebuild what `dump` gave."""
        return cls(verb=str(stored["verb"]), args=dict(stored["args"]))


class Step(Protocol):
    """A verb with its arguments looked up, ready for any number of tickets."""

    def words(self) -> str:
        """Say what it does, whatever the ticket."""

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change on this ticket."""

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Do it by the desk's actions, in the caller's transaction; give the calls that would take it back, if any do."""


@dataclass(frozen=True)
class Verb:
    """Something that can be done to a ticket by name.

    `prepare` looks the arguments up once and gives the step; it raises `Invalid` for what is gone. `undoes` says that
    performing gives the way back; `speaks` that the requester hears of it; `lasts` that a ticket shows whether it was done
    (a promise made twice is two); one not `offered` stands in no form.
    """

    name: str
    label: Text
    icon: str
    prepare: Callable[[Args], Step]
    arguments: tuple[Argument, ...] = ()
    undoes: bool = True
    speaks: bool = False
    lasts: bool = True
    offered: bool = True

    def read(self, raw: Mapping[str, object], by: Actor) -> Args:
        """Read the arguments as a form or a file gives them; raises `Invalid` naming the argument."""
        return {argument.name: argument.read(raw.get(argument.name), by) for argument in self.arguments}


_verbs: dict[str, Verb] = {}


def register_verb(verb: Verb) -> None:
    """Make a verb known, under a name of its own."""
    if _verbs.setdefault(verb.name, verb) is not verb:
        raise TypeError(f"two verbs are called {verb.name!r}")


def verbs() -> list[Verb]:
    """Give the verbs that forms offer, in the order they were registered."""
    return [verb for verb in _verbs.values() if verb.offered]


def verb_named(name: str) -> Verb:
    """Give a verb by name; raises `Invalid` for one that this version does not have."""
    if name not in _verbs:
        raise Invalid(
            _("There is no action “%(name)s”.") % {"name": name[:50]}, field="verb", hint=_("Take it out, or choose another.")
        )
    return _verbs[name]


def prepared(call: Call) -> Step:
    """Look a call's arguments up; raises `Invalid` when its verb or something it names is gone."""
    return verb_named(call.verb).prepare(call.args)
