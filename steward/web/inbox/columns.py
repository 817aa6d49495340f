"""The columns a list of tickets may have, and what it may be cut into."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steward.desk.rules.views import COLUMNS

LABELS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "priority": _("Priority"),
        "state": _("Status"),
        "number": _("No."),
        "subject": _("Subject"),
        "requester": _("Requester"),
        "queue": _("Queue"),
        "assignee": _("Assignee"),
        "clock": _("Time left"),
        "updated": _("Changed"),
        "category": _("Category"),
        "waiting": _("Waits for"),
        "channel": _("Channel"),
        "language": _("Language"),
        "created": _("Created"),
        "due": _("Due"),
        "last_message": _("Last message"),
    }
)
NUMBERS = frozenset({"number", "updated", "created", "due", "last_message"})
GROUPS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "us": _("Waits for us"),
        "requester": _("Waits for the requester"),
        "engineering": _("Waits for engineering"),
        "vendor": _("Waits for a vendor"),
        "internal": _("Waits for somebody else here"),
        "scheduled": _("Waits for an agreed time"),
        "other": _("Waits for others"),
    }
)


@lru_cache(maxsize=512)
def choices(chosen: tuple[str, ...], _language: str) -> tuple[tuple[str, str, bool], ...]:
    """Give every column with its name and whether it is shown, the shown ones first in their order."""
    rest = [name for name in COLUMNS if name not in chosen]
    return tuple((name, str(LABELS[name]), name in chosen) for name in (*chosen, *rest))
