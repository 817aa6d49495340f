"""The values in the ledger's old and new, in words: ids as names, seconds as lengths of time, lists as sentences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.desk.models import Category, Macro, Queue
from steward.people.models import Team, User
from steward.roster.models import BusinessCalendar
from steward.web.shared.labels import state_label
from steward.web.shared.texts import percent
from steward.web.shared.times import day_and_time

LABELS: dict[str, str | Promise] = {
    "roles": gettext_lazy("Roles"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "is_active": gettext_lazy("In use"),
    "team": gettext_lazy("Team"),
    "purpose": gettext_lazy("Purpose"),
    "routing": gettext_lazy("Routing"),
    "restricted": gettext_lazy("Restricted"),
    "care": gettext_lazy("What its tickets may carry"),
    "capacity": gettext_lazy("Tickets an agent"),
    "languages": gettext_lazy("Languages"),
    "weight": gettext_lazy("Weight"),
    "percent": gettext_lazy("Weight"),
    "remind_after": gettext_lazy("Reminder after"),
    "close_after": gettext_lazy("Closes after"),
    "reopen_for": gettext_lazy("Reopens for"),
    "position": gettext_lazy("Position"),
    "parent": gettext_lazy("Below"),
    "folder": gettext_lazy("Folder"),
    "scope": gettext_lazy("For whom"),
    "state": gettext_lazy("State"),
    "is_default": gettext_lazy("Default of its state"),
    "kind": gettext_lazy("Kind"),
    "help": gettext_lazy("Help"),
    "default": gettext_lazy("Default"),
    "pattern": gettext_lazy("Pattern"),
    "lowest": gettext_lazy("Lowest"),
    "highest": gettext_lazy("Highest"),
    "everywhere": gettext_lazy("Asked everywhere"),
    "category_ids": gettext_lazy("Categories"),
    "asks_requester": gettext_lazy("Asked of the requester"),
    "required_at_open": gettext_lazy("Needed to open a ticket"),
    "required_at_solve": gettext_lazy("Needed before a ticket is solved"),
    "slots": gettext_lazy("Weekly hours"),
    "holidays": gettext_lazy("Holidays"),
    "conditions": gettext_lazy("Applies to"),
    "calendar_id": gettext_lazy("Calendar"),
    "targets": gettext_lazy("Promises"),
    "warn_at": gettext_lazy("Warns at"),
    "pause_on": gettext_lazy("Stands still while"),
    "platform_role": gettext_lazy("Platform role"),
    "market": gettext_lazy("Market"),
    "client_version": gettext_lazy("Client version"),
    "source": gettext_lazy("Source"),
    "external_id": gettext_lazy("Id at its source"),
    "user_id": gettext_lazy("Account"),
    "seconds": gettext_lazy("Seconds"),
    "filter": gettext_lazy("What it asks for"),
    "order": gettext_lazy("Order"),
    "columns": gettext_lazy("Columns"),
    "grouping": gettext_lazy("Groups"),
    "team_id": gettext_lazy("Team"),
    "starts_at": gettext_lazy("From"),
    "ends_at": gettext_lazy("To"),
    "note": gettext_lazy("Note"),
    "origins": gettext_lazy("Pages it stands on"),
    "kept_params": gettext_lazy("Kept of the address"),
    "key": gettext_lazy("Key"),
    "created_at": gettext_lazy("Created"),
}


@dataclass
class Names:
    """The names of the things that values point at, by id."""

    users: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    calendars: dict[int, str] = field(default_factory=dict)
    queues: dict[int, str] = field(default_factory=dict)


# How values of a field are said, with the names of what they point at.
Told = Mapping[str, Callable[[Any, Names], str]]


def names_in(payloads: Iterable[Mapping[str, Any]]) -> Names:
    """Look up the names of everything that these payloads point at; kinds that do not occur cost nothing."""
    users, wanted = set[int](), {"team": set[int](), "team_id": set[int](), "parent": set[int](), "calendar_id": set[int]()}
    queues, categories = set[int](), set[int]()
    for payload in payloads:
        users |= _ids([payload.get("user_id")])
        changes = payload.get("changes", {})
        wanted["team_id"] |= _ids([payload.get("team_id")])
        for name, ids in wanted.items():
            ids.update(_ids(changes.get(name, ())))
        users |= _ids(changes.get("user_id", ()))
        for under in changes.get("category_ids", ()):
            categories |= _ids(under or ())
        for conditions in changes.get("conditions", ()):
            queues |= _ids((conditions or {}).get("queue_ids", ()))
            categories |= _ids((conditions or {}).get("category_ids", ()))
    return Names(
        users=_named(User, users),
        teams=_named(Team, wanted["team"] | wanted["team_id"]),
        categories=_named(Category, wanted["parent"] | categories),
        calendars=_named(BusinessCalendar, wanted["calendar_id"]),
        queues=_named(Queue, queues),
    )


def label(name: str) -> str:
    """Name a field."""
    return str(LABELS.get(name, name.replace("_", " ")))


def words(name: str, value: Any, names: Names, told: Told) -> str:
    """Say a value of a field; nothing gives an empty text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return told[name](value, names) if name in told else str(value)


def said_as(choices: Iterable[tuple[Any, Any]]) -> Callable[[Any, Names], str]:
    """Say a value by its label among choices."""
    labels = dict(choices)
    return lambda value, _names: str(labels.get(value, value))


def _instant(value: Any, _names: Names) -> str:
    return day_and_time(datetime.fromisoformat(str(value)))


TOLD: Told = MappingProxyType(
    {
        "team": lambda value, names: names.teams.get(value, str(value)),
        "team_id": lambda value, names: names.teams.get(value, str(value)),
        "parent": lambda value, names: names.categories.get(value, str(value)),
        "calendar_id": lambda value, names: names.calendars.get(value, str(value)),
        "user_id": lambda value, names: names.users.get(value, str(value)),
        "category_ids": lambda value, names: ", ".join(names.categories.get(one, str(one)) for one in value),
        "scope": said_as(Macro.Scope.choices),
        "state": lambda value, _names: state_label(value),
        "warn_at": lambda value, _names: percent(value),
        "starts_at": _instant,
        "created_at": _instant,
        "origins": lambda value, _names: ", ".join(value),
        "kept_params": lambda value, _names: ", ".join(value),
        "ends_at": _instant,
    }
)


def _ids(values: Iterable[Any]) -> set[int]:
    return {value for value in values if isinstance(value, int) and not isinstance(value, bool)}


def _named(model: Any, ids: set[int]) -> dict[int, str]:
    return dict(model.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}
