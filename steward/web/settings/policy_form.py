"""A policy as a form: its conditions, promises and pauses read from what was sent, and written back."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.models import Queue
from steward.desk.rules.states import Priority
from steward.roster.models import BusinessCalendar
from steward.roster.queries import calendars
from steward.sla.models import PolicyVersion
from steward.sla.rules.kinds import ClockKind
from steward.sla.rules.posture import DEFAULT_PAUSE_ON
from steward.web.settings import choices
from steward.web.settings.promise_words import PAUSES
from steward.web.settings.spans import read_span, written_span
from steward.web.shared.asking import number, numbers, text
from steward.web.shared.labels import CHANNELS, PRIORITIES

WARN_AT = 75


def priorities() -> list[tuple[int, str | Promise]]:
    """List the priorities with their names, the most pressing first."""
    return [(priority.value, PRIORITIES[priority.value]) for priority in Priority]


def written(seconds: int | None) -> str:
    """Write a target as it is typed; nothing where nothing is promised."""
    return "" if seconds is None else written_span(seconds, days=False)


def read(request: HttpRequest) -> dict[str, Any]:
    """Read a policy's parts from what was sent, as the actions take them."""
    calendar = BusinessCalendar.objects.filter(pk=number(request, "calendar")).first()
    if calendar is None:
        raise Invalid(_("There is no such calendar."), field="calendar", hint=_("Choose one from the list."))
    return {
        "calendar": calendar,
        "targets": {kind.value: _targets(request, kind) for kind in ClockKind},
        "conditions": {
            "queue_ids": numbers(request, "queue_ids"),
            "priorities": numbers(request, "priorities"),
            "category_ids": numbers(request, "category_ids"),
            "channels": request.POST.getlist("channels"),
            "markets": _listed(text(request, "markets")),
            "teams": _listed(text(request, "teams")),
        },
        "warn_at": _share(request),
        "pause_on": {kind.value: request.POST.getlist(f"pause_{kind.value}") for kind in ClockKind},
    }


def blank() -> dict[str, Any]:
    """Give the inputs of an empty form."""
    return _inputs(PolicyVersion(version=0, conditions={}, targets={}, warn_at=WARN_AT / 100, pause_on=DEFAULT_PAUSE_ON))


def filled(version: PolicyVersion) -> dict[str, Any]:
    """Give the inputs of a form that starts from a version."""
    return _inputs(version)


def _inputs(version: PolicyVersion) -> dict[str, Any]:
    conditions = version.conditions
    usable = calendars(include_inactive=True)
    return {
        "version": version,
        "conditions": conditions,
        "markets": ", ".join(conditions.get("markets", ())),
        "requester_teams": ", ".join(conditions.get("teams", ())),
        "warn_at": "" if version.warn_at is None else f"{version.warn_at * 100:g}",
        "calendars": [(one.pk, one.name) for one in usable if one.is_active or one.pk == version.calendar_id],
        "queues": [(pk, name) for pk, name in Queue.objects.order_by("position", "name").values_list("id", "name")],
        "categories": choices.category_choices(),
        "channels": with_known(conditions.get("channels", ())),
        "priorities": priorities(),
        "kinds": list(ClockKind),
        "written": written,
        "pauses": _pauses(version),
    }


def with_known(used: list[str]) -> list[tuple[str, str | Promise]]:
    """List the channels, with those in use that this version does not name."""
    return [*CHANNELS.items(), *((one, one) for one in used if one not in CHANNELS)]


def _pauses(version: PolicyVersion) -> dict[str, list[tuple[str, str | Promise]]]:
    """List what each kind of clock may stand still on, with whatever it stands still on now."""
    return {
        kind.value: [
            (state, PAUSES.get(state, state))
            for state in dict.fromkeys([*PAUSES, *version.pause_on.get(kind.value, ())])
            # Solving ends a resolution clock, so it cannot make it stand still too.
            if not (kind == ClockKind.RESOLUTION and state == "solved")
        ]
        for kind in ClockKind
    }


def _targets(request: HttpRequest, kind: ClockKind) -> dict[str, int]:
    found = {}
    for priority in Priority:
        field = f"{kind.value}_{priority.value}"
        if typed := text(request, field).strip():
            found[str(priority.value)] = read_span(typed, field=field, days=False)
    return found


def _share(request: HttpRequest) -> float | None:
    typed = text(request, "warn_at").strip().removesuffix("%").replace(",", ".")
    if not typed:
        return None
    try:
        share = float(typed)
    except ValueError:
        share = 0.0
    if not 0 < share < 100:  # noqa: PLR2004 -- a percentage; not a number fails too
        raise Invalid(
            _("The warning comes at more than 0 and less than 100 percent."), field="warn_at", hint=_("Write it like 75.")
        )
    return round(share / 100, 4)


def _listed(typed: str) -> list[str]:
    return [word for part in typed.replace("，", ",").replace("\n", ",").split(",") if (word := " ".join(part.split()))]
