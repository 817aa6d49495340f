"""The history of a setting: its stream of the ledger, with the values that only settings have in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import ngettext

from steward.desk.models import CustomField, Queue
from steward.web.settings.choices import role_words
from steward.web.settings.hours_text import week_words
from steward.web.settings.promise_words import conditions_words, pause_words, targets_words
from steward.web.settings.spans import written_span
from steward.web.shared import history
from steward.web.shared.history import Line
from steward.web.shared.history_values import TOLD, Names, Told, said_as

HOLIDAYS_NAMED = 5


def history_of(stream: str) -> list[Line]:
    """Give the newest events of a setting, newest first; at most one query more for each kind of thing they name."""
    return history.history_of(stream, _TOLD)


def _holidays(value: Any, _names: Names) -> str:
    if not value:
        return ""
    days = ", ".join(str(day.get("date", "")) for day in value[:HOLIDAYS_NAMED])
    said = ngettext("%(count)s holiday", "%(count)s holidays", len(value)) % {"count": len(value)}
    return f"{said}: {days}{' …' if len(value) > HOLIDAYS_NAMED else ''}"


_OF_SETTINGS: Mapping[str, Any] = {
    "roles": lambda value, _names: role_words(value),
    "kind": said_as(CustomField.Kind.choices),
    "purpose": said_as(Queue.Purpose.choices),
    "care": said_as(Queue.Care.choices),
    "routing": said_as(Queue.Routing.choices),
    "remind_after": lambda value, _names: written_span(value),
    "close_after": lambda value, _names: written_span(value),
    "reopen_for": lambda value, _names: written_span(value),
    "slots": lambda value, _names: week_words(value),
    "weight": lambda value, _names: f"{value / 100:g}",
    "percent": lambda value, _names: f"{value / 100:g}",
    "holidays": _holidays,
    "targets": lambda value, _names: targets_words(value),
    "pause_on": lambda value, _names: pause_words(value),
    "conditions": lambda value, names: conditions_words(value, queues=names.queues, categories=names.categories),
}
_TOLD: Told = MappingProxyType({**TOLD, **_OF_SETTINGS})
