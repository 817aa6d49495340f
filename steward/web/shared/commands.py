"""The one registry of what a person can do by key or by name: keys, palette and help sheet are all drawn from it.

A screen registers its commands in a file `commands.py` of its folder, found at start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from steward.people.actor import Actor
from steward.web.shared.navigation import DESK, address


class Place(StrEnum):
    """Where a command applies: `page` where its element is; beside a ticket stands the list, so both their keys are live."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    ROW = "row"
    PAGE = "page"
    TICKET = "ticket"
    COMPOSER = "composer"


PLACE_LABELS = {
    Place.EVERYWHERE: gettext_lazy("Everywhere"),
    Place.LIST: gettext_lazy("Lists"),
    Place.ROW: gettext_lazy("The row, or what is selected"),
    Place.PAGE: gettext_lazy("This page"),
    Place.TICKET: gettext_lazy("Ticket"),
    Place.COMPOSER: gettext_lazy("Writing"),
}
GO_TO = gettext_lazy("Go to")


@dataclass(frozen=True)
class Run:
    """How a command runs: what kind of act, and on what. Made by the functions below."""

    kind: str
    target: str = ""
    query: str = ""


def go(url_name: str, query: str = "") -> Run:
    """Go to a screen; the command is not shown while the screen does not exist."""
    return Run("go", url_name, query)


def click(selector: str = "") -> Run:
    """Click an element; without a selector the one that carries the command's id as `data-command`."""
    return Run("click", selector)


def focus(selector: str) -> Run:
    """Put the cursor into an element."""
    return Run("focus", selector)


def open_dialog(dialog_id: str) -> Run:
    """Open a dialog of the page."""
    return Run("open", dialog_id)


def post(url_name: str) -> Run:
    """Send a form with nothing in it but the token, such as for the next ticket."""
    return Run("post", url_name)


def step(name: str) -> Run:
    """Choose a value in a second step of the palette; its choices come from the screen that changes tickets."""
    return Run("step", name)


def by_itself() -> Run:
    """Say that the element answers to its keys itself, in every shell; the sheet shows them."""
    return Run("own")


def behavior(name: str) -> Run:
    """Run a behavior that a script registered under this name."""
    return Run("do", name)


@dataclass(frozen=True)
class Command:
    """Something to do: its id, words, sign, keys, where it applies, who may, and how it runs.

    `keys` are single keys, sequences such as `g i`, or keys with `Mod` (Ctrl, on a Mac Command); the first are shown.
    `capabilities` are those of which one is enough; none means everybody of the desk. `words` find it besides its label.
    """

    id: str
    label: str | Promise
    run: Run
    icon: str = "chevron-right"
    keys: tuple[str, ...] = ()
    places: tuple[Place, ...] = (Place.EVERYWHERE,)
    capabilities: tuple[str, ...] = ()
    words: str | Promise = ""
    group: str | Promise = ""
    in_palette: bool = True


@dataclass(frozen=True)
class Drawn:
    """A command in the words of the reader, with the address it leads to."""

    id: str
    label: str
    kind: str
    target: str
    icon: str
    keys: tuple[str, ...]
    places: tuple[str, ...]
    words: str
    group: str
    in_palette: bool


@dataclass(frozen=True)
class Found:
    """Something the palette found: a ticket, a person, a view."""

    group: str
    label: str
    href: str
    icon: str
    detail: str = ""
    id: str = ""


Finder = Callable[[Actor, str], Iterable[Found]]
RecentFinder = Callable[[Actor, list[int]], Iterable[Found]]
_commands: dict[str, Command] = {}
_finders: dict[str, Finder] = {}
_recent: list[RecentFinder] = []


def register(*commands: Command) -> None:
    """Make commands known; an id that is taken by another command is refused."""
    for command in commands:
        if _commands.setdefault(command.id, command) != command:
            raise ValueError(f"Two commands are called {command.id}.")
    drawn.cache_clear()


def register_finder(name: str, find: Finder) -> None:
    """Let the palette find more: `find` is given the actor and what was typed, and gives few, the best first.

    It gives nothing the actor may not see; the palette asks nobody else.
    """
    _finders[name] = find


def register_recent(find: RecentFinder) -> None:
    """Say who names the tickets that somebody last had open, by their numbers, leaving out those out of sight."""
    _recent.append(find)


def recent_finder() -> RecentFinder | None:
    """Give who names them."""
    return _recent[-1] if _recent else None


def discover() -> None:
    """Register the shell's own commands and import the `commands` of every screen, once, at start."""
    web = import_module("steward.web")
    register(*import_module("steward.web.shared.shell_commands").COMMANDS)
    for screen in iter_modules(web.__path__):
        name = f"steward.web.{screen.name}.commands"
        if screen.ispkg and screen.name != "shared" and find_spec(name):
            import_module(name)


def every_command() -> list[Command]:
    """Give all commands, those of the table of places first."""
    return [*_places(), *_commands.values()]


def finders() -> dict[str, Finder]:
    """Give what the palette asks for more than commands, by name."""
    return dict(_finders)


@lru_cache(maxsize=256)
def drawn(capabilities: frozenset[str], _language: str, _urlconf: str) -> tuple[Drawn, ...]:
    """Draw the commands that somebody with these capabilities may run."""
    found = (_draw(one) for one in every_command() if not one.capabilities or capabilities.intersection(one.capabilities))
    return tuple(one for one in found if one is not None)


def commands_for(capabilities: Iterable[str] | None) -> tuple[Drawn, ...]:
    """Draw the commands for somebody who may do these things, in the language that is active; nobody has none."""
    held = frozenset(str(one) for one in capabilities or ())
    return drawn(held, translation.get_language() or "", settings.ROOT_URLCONF) if held else ()


def _draw(command: Command) -> Drawn | None:
    target = command.run.target
    if command.run.kind in {"go", "post"}:
        target = address(target)
        if not target:
            return None
        target += f"?{command.run.query}" if command.run.query else ""
    return Drawn(
        id=command.id,
        label=str(command.label),
        kind=command.run.kind,
        target=target,
        icon=command.icon,
        keys=command.keys,
        places=tuple(str(place) for place in command.places),
        words=str(command.words),
        group=str(command.group or PLACE_LABELS[command.places[0]]),
        in_palette=command.in_palette,
    )


def _places() -> list[Command]:
    return [
        Command(
            id=f"go.{entry.url_name}",
            label=entry.label,
            run=go(entry.url_name),
            icon=entry.icon,
            keys=(entry.keys,) if entry.keys else (),
            capabilities=entry.capabilities,
            group=GO_TO,
        )
        for entry in DESK
    ]
