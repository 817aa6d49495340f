"""A policy's parts in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.web.settings.spans import written_span
from steward.web.shared.labels import CHANNELS, CLOCKS, priority_label

PAUSES: dict[str, str | Promise] = {
    "pending": gettext_lazy("pending (waiting for the requester)"),
    "on_hold": gettext_lazy("on hold, for whatever reason"),
    "on_hold:engineering": gettext_lazy("on hold: waiting for engineering"),
    "on_hold:vendor": gettext_lazy("on hold: waiting for a vendor"),
    "solved": gettext_lazy("solved"),
}


def targets_words(targets: Mapping[str, Mapping[str, int]]) -> str:
    """Say what is promised, by kind of clock and priority."""
    return "; ".join(
        f"{label}: "
        + ", ".join(f"{priority_label(int(priority))} {written_span(seconds, days=False)}" for priority, seconds in found)
        for kind, label in CLOCKS.items()
        if (found := sorted(targets.get(kind, {}).items()))
    )


def conditions_words(conditions: Mapping[str, Sequence[Any]], *, queues: Mapping[int, str], categories: Mapping[int, str]) -> str:
    """Say which tickets a policy applies to."""
    parts = [
        (_("queue"), [queues.get(pk, f"#{pk}") for pk in conditions.get("queue_ids", ())]),
        (_("priority"), [priority_label(value) for value in conditions.get("priorities", ())]),
        (_("category"), [categories.get(pk, f"#{pk}") for pk in conditions.get("category_ids", ())]),
        (_("channel"), [str(CHANNELS.get(value, value)) for value in conditions.get("channels", ())]),
        (_("market"), list(conditions.get("markets", ()))),
        (_("requester's team"), list(conditions.get("teams", ()))),
    ]
    return "; ".join(f"{label}: {', '.join(map(str, values))}" for label, values in parts if values) or _("every ticket")


def pause_words(pause_on: Mapping[str, Sequence[str]]) -> str:
    """Say in which states each kind of clock stands still."""
    return "; ".join(
        f"{label}: {', '.join(str(PAUSES.get(state, state)) for state in states)}"
        for kind, label in CLOCKS.items()
        if (states := pause_on.get(kind))
    ) or _("never")
