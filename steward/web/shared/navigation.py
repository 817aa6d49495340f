"""The one table of places a person can go; what does not exist or is not permitted is not shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Who(Protocol):
    """The part of an actor that navigation asks."""

    @property
    def capabilities(self) -> Iterable[str]:
        """Give what the actor may do."""
        ...


@dataclass(frozen=True)
class Entry:
    """A place: its label, address name, icon, the capabilities of which one is enough (none: everybody), and its keys."""

    label: str | Promise
    url_name: str
    icon: str
    capabilities: tuple[str, ...] = ()
    keys: str = ""
    group: str = "work"


@dataclass(frozen=True)
class Place:
    """An entry as drawn: with its address, and whether the page shown belongs to it."""

    label: str
    url: str
    icon: str
    keys: str
    group: str
    current: bool = False


DESK = (
    Entry(_("My shift"), "shift:page", "sun", ("work_tickets", "answer_engineering"), "g h"),
    Entry(_("Tickets"), "inbox:page", "inbox", ("work_tickets", "answer_engineering"), "g i"),
    Entry(_("Follow-ups"), "inbox:follow_ups", "list-todo", ("work_tickets",), "g f"),
    Entry(_("Drafts"), "writing:page", "pencil", ("work_tickets", "answer_engineering"), "g d"),
    Entry(_("Shifts"), "roster:page", "calendar-clock", ("work_tickets", "manage_shifts", "answer_engineering"), "g s"),
    Entry(_("Daily report"), "insight:daily", "chart-column", ("see_reports",), "g r", "know"),
    Entry(_("People"), "settings:people", "users", ("manage_people",), "g p", "manage"),
    Entry(
        _("Settings"),
        "settings:page",
        "settings",
        ("manage_settings", "manage_people", "work_tickets", "answer_engineering"),
        "g ,",
        "manage",
    ),
)
PORTAL = (
    Entry(_("My requests"), "portal:page", "messages-square", (), "g i"),
    Entry(_("Ask for help"), "portal:ask", "circle-plus", (), "g n"),
    Entry(_("Chat"), "chat:page", "message-circle", (), "g c"),
)


def places(who: Who | None, *, path: str = "", table: tuple[Entry, ...] = DESK) -> list[Place]:
    """Give the places this person may go to, with the one they are at marked."""
    held = frozenset(who.capabilities) if who else frozenset[str]()
    found = _places(table, held, get_language() or "", settings.ROOT_URLCONF)
    # The longest address that the path starts with: /settings/people is People, not Settings.
    here = max((place.url for place in found if path.startswith(place.url)), key=len, default="")
    return [replace(place, current=True) if here and place.url == here else place for place in found]


@lru_cache(maxsize=512)
def _places(table: tuple[Entry, ...], held: frozenset[str], _language: str, _urlconf: str) -> tuple[Place, ...]:
    return tuple(
        Place(str(entry.label), url, entry.icon, entry.keys, entry.group)
        for entry in table
        if (url := address(entry.url_name)) and (not entry.capabilities or held.intersection(entry.capabilities))
    )


def address(url_name: str) -> str:
    """Give the address of a screen, or nothing while that screen does not exist."""
    return _address(url_name, settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def _address(url_name: str, _urlconf: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
