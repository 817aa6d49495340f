"""The words the screens use for the values the tables hold, translated at the moment they are shown."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

STATES = {
    "new": pgettext_lazy("ticket state", "New"),
    "open": pgettext_lazy("ticket state", "Open"),
    "pending": pgettext_lazy("ticket state", "Pending"),
    "on_hold": pgettext_lazy("ticket state", "On hold"),
    "solved": pgettext_lazy("ticket state", "Solved"),
    "closed": pgettext_lazy("ticket state", "Closed"),
}
# A requester has no use for our six categories: what matters is whose turn it is.
STATES_FOR_REQUESTERS = {
    "new": gettext_lazy("Received"),
    "open": gettext_lazy("We are on it"),
    "pending": gettext_lazy("Waiting for your answer"),
    "on_hold": gettext_lazy("We are waiting for others"),
    "solved": gettext_lazy("Solved: please confirm"),
    "closed": gettext_lazy("Closed"),
}
STATE_ICONS = {
    "new": "circle-dashed",
    "open": "circle-dot",
    "pending": "hourglass",
    "on_hold": "circle-pause",
    "solved": "circle-check",
    "closed": "archive",
}
PRIORITIES = {
    1: pgettext_lazy("priority", "Urgent"),
    2: pgettext_lazy("priority", "High"),
    3: pgettext_lazy("priority", "Normal"),
    4: pgettext_lazy("priority", "Low"),
}
PRIORITY_NAMES = {1: "urgent", 2: "high", 3: "normal", 4: "low"}
PRIORITY_ICONS = {1: "priority-urgent", 2: "bars-3", 3: "bars-2", 4: "bars-1"}
REASONS = {
    "requester": gettext_lazy("waiting for the requester"),
    "engineering": gettext_lazy("waiting for engineering"),
    "vendor": gettext_lazy("waiting for a vendor"),
    "internal": gettext_lazy("waiting for somebody else here"),
    "scheduled": gettext_lazy("waiting for an agreed time"),
    "other": gettext_lazy("waiting for others"),
}
OUTCOMES = {
    "confirmed": gettext_lazy("Confirmed by the requester"),
    "unconfirmed": gettext_lazy("Closed without an answer"),
    "other": gettext_lazy("Closed"),
}
CLOCKS = {
    "first_response": gettext_lazy("First response"),
    "next_response": gettext_lazy("Next response"),
    "resolution": gettext_lazy("Resolution"),
}
CLOCKS_SHORT = {
    "first_response": pgettext_lazy("short for first response", "First reply"),
    "next_response": pgettext_lazy("short for next response", "Next reply"),
    "resolution": pgettext_lazy("short for resolution", "Resolution"),
}
# By what a rule chose a ticket or a person; each ends the sentence "first by …".
BECAUSE = {
    "own_queue": gettext_lazy("your team's queues before others"),
    "other_queue": gettext_lazy("nothing waits in your team's queues"),
    "language": gettext_lazy("its language"),
    "earliest_promise": gettext_lazy("the earliest promise"),
    "priority": gettext_lazy("its priority"),
    "longest_wait": gettext_lazy("the longest wait"),
    "least_loaded": gettext_lazy("who has the least in hand"),
    "idle_longest": gettext_lazy("who has been idle longest"),
}
CHANNELS = {
    "chat": gettext_lazy("Web chat"),
    "portal": gettext_lazy("Portal"),
    "widget": gettext_lazy("Widget"),
    "email": gettext_lazy("E-mail"),
    "import": gettext_lazy("Import"),
    "agent": gettext_lazy("Entered by an agent"),
}
CHANNEL_ICONS = {
    "chat": "message-circle",
    "portal": "globe",
    "widget": "app-window",
    "email": "mail",
    "import": "file-input",
    "agent": "headset",
}
# What an act looks like, so that a button, a menu and the timeline show the same sign.
ACTION_ICONS = {
    "get_next": "arrow-down-to-line",
    "assign": "user-round-plus",
    "assigned": "user-round-check",
    "solve": "circle-check",
    "confirm": "badge-check",
    "deny": "rotate-ccw",
    "reopen": "rotate-ccw",
    "close": "archive",
    "transfer": "arrow-right-left",
    "escalate": "arrow-up-right",
    "priority": "signal",
    "category": "folder-tree",
    "subject": "pencil",
    "tag": "tag",
    "link": "link",
    "unlink": "unlink",
    "follow_up": "list-todo",
    "pause": "circle-pause",
    "resume": "circle-play",
    "warned": "alarm-clock",
    "breached": "flame",
    "panel": "panel-right",
    "more": "ellipsis",
    "back": "arrow-left",
    "edit": "pencil",
    "add": "plus",
    "remove": "trash-2",
    "filter": "list-filter",
    "export": "download",
    "import": "upload",
    "help": "circle-question-mark",
}


def state_label(state: str, *, requester: bool = False) -> str:
    """Name a state, in the words of the desk or of the requester."""
    names = STATES_FOR_REQUESTERS if requester else STATES
    return str(names.get(str(state), state))


def priority_label(priority: int) -> str:
    """Name a priority."""
    return str(PRIORITIES.get(int(priority), priority))


def reason_label(reason: str) -> str:
    """Say why a ticket waits; a reason of the desk's own is shown as written."""
    return str(REASONS.get(str(reason), reason))


def because_words(because: Iterable[str]) -> str:
    """Say by what a rule chose, in its order; nothing gives an empty text."""
    return ", ".join(str(BECAUSE.get(one, one.replace("_", " "))) for one in because)


def unassigned() -> str:
    """Name the absence of an assignee."""
    return _("Unassigned")
