"""The words for the report's figures, reasons and parts."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from steward.insight.queries.daily import DailyReport
from steward.insight.rules.report import Why
from steward.web.shared import labels


@dataclass(frozen=True)
class FigureWords:
    """How a figure is named, and whether a large number of it is good or bad."""

    label: str | Promise
    tone: str = ""


FIGURES: dict[str, FigureWords] = {
    "received": FigureWords(gettext_lazy("Received")),
    "answered": FigureWords(gettext_lazy("Answered")),
    "solved": FigureWords(gettext_lazy("Solved by agents")),
    "confirmed": FigureWords(gettext_lazy("Confirmed by requesters"), "good"),
    "closed_unconfirmed": FigureWords(gettext_lazy("Closed unconfirmed")),
    "closed_other": FigureWords(gettext_lazy("Closed otherwise")),
    "closed_merged": FigureWords(gettext_lazy("Merged into another")),
    "denied": FigureWords(gettext_lazy("Fix denied"), "bad"),
    "reopened": FigureWords(gettext_lazy("Reopened"), "warn"),
    "breached": FigureWords(gettext_lazy("Promises broken"), "bad"),
    "handed_on": FigureWords(gettext_lazy("Handed on")),
    "handled": FigureWords(gettext_lazy("Worked on")),
    "backlog": FigureWords(gettext_lazy("Backlog at the end")),
}
_AGES = (
    gettext_lazy("Under 4 hours"),
    gettext_lazy("4 to 24 hours"),
    gettext_lazy("1 to 3 days"),
    gettext_lazy("3 to 7 days"),
    gettext_lazy("Over 7 days"),
)
_HANDED = {"lead": gettext_lazy("To a lead"), "engineering": gettext_lazy("To engineering")}
HOUR, DAY = 3_600, 86_400


def figure_words(name: str) -> str:
    """Name a figure."""
    return str(FIGURES[name].label) if name in FIGURES else _("Tickets worth a look")


def bucket_words(place: int) -> str:
    """Name an age bucket."""
    return str(_AGES[place])


def reason_words(why: Why) -> tuple[str, str]:
    """Say why a ticket is worth a look, with the tone of it."""
    if why.code == "breached":
        return _("Promise broken: %(clock)s") % {"clock": labels.CLOCKS.get(str(why.detail), why.detail)}, "bad"
    if why.code == "denied":
        return _("Fix denied"), "bad"
    if why.code == "reopened_often":
        count = int(why.detail)
        return ngettext("Reopened %(count)s time", "Reopened %(count)s times", count) % {"count": count}, "warn"
    if why.code == "urgent":
        return _("Urgent"), "warn"
    return _("Among the longest waiting: %(span)s") % {"span": span_words(int(why.detail))}, "info"


def span_words(seconds: float) -> str:
    """Say a length of time roughly."""
    if seconds < 2 * HOUR:
        return ngettext("%(count)s minute", "%(count)s minutes", round(seconds / 60)) % {"count": round(seconds / 60)}
    if seconds < 2 * DAY:
        return ngettext("%(count)s hour", "%(count)s hours", round(seconds / HOUR)) % {"count": round(seconds / HOUR)}
    return ngettext("%(count)s day", "%(count)s days", round(seconds / DAY)) % {"count": round(seconds / DAY)}


def part_words(part: str, report: DailyReport) -> str:
    """Name the part a figure was narrowed down to."""
    kind, _colon, value = part.partition(":")
    if kind == "clock":
        return str(labels.CLOCKS.get(value, value))
    if kind == "handed":
        return str(_HANDED.get(value, value))
    if kind == "age":
        return bucket_words(int(value))
    if kind == "state":
        return str(labels.STATES.get(value.partition(".")[0], value))
    names = report.queue_names if kind == "queue" else report.category_names
    return names.get(int(value), _("Unknown")) if value != "none" else _("Without a category")
