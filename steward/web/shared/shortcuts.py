"""The one list of keys: the help sheet shows it, and the elements that answer carry the same keys as `data-hotkey`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Shortcut:
    """A key or a sequence of keys, and what it does."""

    keys: str
    label: str | Promise
    group: str | Promise


LIST, TICKET, EVERYWHERE = _("Lists"), _("Ticket"), _("Everywhere")

SHORTCUTS = (
    Shortcut("Mod+k", _("Search and commands"), EVERYWHERE),
    Shortcut("/", _("Search"), EVERYWHERE),
    Shortcut("?", _("This sheet"), EVERYWHERE),
    Shortcut("j", _("Next row"), LIST),
    Shortcut("k", _("Previous row"), LIST),
    Shortcut("o", _("Open the row"), LIST),
    Shortcut("x", _("Select the row"), LIST),
    Shortcut("g n", _("Get the next ticket"), LIST),
    Shortcut("r", _("Write a reply"), TICKET),
    Shortcut("n", _("Write an internal note"), TICKET),
    Shortcut("Mod+Enter", _("Send what is written"), TICKET),
    Shortcut("e", _("Solve"), TICKET),
    Shortcut("a", _("Assign"), TICKET),
    Shortcut("t", _("Transfer to another queue"), TICKET),
    Shortcut("i", _("Show or hide the side panel"), TICKET),
    Shortcut("u", _("Back to the list"), TICKET),
)


def sheet() -> dict[str, list[Shortcut]]:
    """Give the shortcuts by group, in the order of the table."""
    groups: dict[str, list[Shortcut]] = {}
    for shortcut in SHORTCUTS:
        groups.setdefault(str(shortcut.group), []).append(shortcut)
    return groups
