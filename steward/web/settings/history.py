"""What was changed in a setting, by whom and when: its stream of the ledger, told in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.ledger.models import Event
from steward.people.models import User
from steward.web.settings import history_values
from steward.web.settings.history_values import Names

MOST = 50
NOT_SHOWN = (
    "people.notice_given",
    "people.notices_read",
    "people.notice_preference_changed",
    "roster.break_started",
    "roster.break_ended",
)
SENTENCES: dict[str, str | Promise] = {
    "people.user_joined": gettext_lazy("Joined"),
    "people.user_changed": gettext_lazy("Changed"),
    "people.user_deactivated": gettext_lazy("Deactivated: every session ended"),
    "people.user_reactivated": gettext_lazy("Reactivated"),
    "people.roles_changed": gettext_lazy("Roles changed"),
    "people.password_link_made": gettext_lazy("A password link was made"),
    "people.password_changed": gettext_lazy("Password changed"),
    "people.team_created": gettext_lazy("Created"),
    "people.team_changed": gettext_lazy("Changed"),
    "people.membership_added": gettext_lazy("Member added"),
    "people.membership_removed": gettext_lazy("Member removed"),
    "people.requester_created": gettext_lazy("Became known"),
    "people.requester_changed": gettext_lazy("Changed"),
    "desk.agent_setting_changed": gettext_lazy("Takes other tickets"),
    "desk.queue_access_granted": gettext_lazy("May see this queue now"),
    "desk.queue_access_revoked": gettext_lazy("May no longer see this queue"),
    "desk.saved_reply_rewritten": gettext_lazy("Text written"),
    "desk.automation_version_published": gettext_lazy("Written anew"),
    "desk.automation_tried": gettext_lazy("Tried on last week"),
    "desk.automation_switched_on": gettext_lazy("Switched on"),
    "desk.automation_switched_off": gettext_lazy("Switched off"),
    "desk.automation_parked": gettext_lazy("Stopped by itself"),
    "desk.macro_version_published": gettext_lazy("Steps published"),
    "desk.field_option_added": gettext_lazy("Choice added"),
    "desk.field_option_changed": gettext_lazy("Choice changed"),
    "roster.calendar_version_published": gettext_lazy("Hours published"),
    "sla.policy_version_published": gettext_lazy("Promises published"),
}


@dataclass(frozen=True)
class Change:
    """A value that changed; without words for old and new it was personal and is not kept."""

    label: str
    old: str = ""
    new: str = ""
    personal: bool = False


@dataclass(frozen=True)
class Line:
    """One event: what happened, by whom, when, and the values it changed."""

    at: datetime
    who: str
    what: str
    changes: tuple[Change, ...]


def history_of(stream: str) -> list[Line]:
    """Give the newest events of a setting, newest first; at most one query more for each kind of thing they name."""
    events = list(Event.objects.filter(stream=stream).exclude(kind__in=NOT_SHOWN).order_by("-seq")[:MOST])
    names = history_values.names_in(event.payload for event in events)
    people = _people(events)
    return [_line(event, people, names) for event in events]


def _people(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.actor_id for event in events if event.actor_kind == "agent" and event.actor_id}
    return dict(User.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}


def _line(event: Event, people: dict[int, str], names: Names) -> Line:
    return Line(
        at=event.occurred_at,
        who=_who(event, people),
        what=_what(event, names),
        changes=tuple(_changes(event.payload, names)),
    )


def _who(event: Event, people: dict[int, str]) -> str:
    if event.actor_kind == "agent":
        return people.get(event.actor_id or 0, "") or _("Somebody")
    if event.actor_kind == "requester":
        return _("The requester")
    return _("An import") if event.actor_kind == "import" else _("Steward")


def _what(event: Event, names: Names) -> str:
    said = SENTENCES.get(event.kind)
    if said is None:
        said = _("Created") if event.kind.endswith("_created") else _("Changed")
    user_id = event.payload.get("user_id")
    if user_id and not event.stream.startswith("user:"):
        return f"{said}: {names.users.get(user_id, user_id)}"
    if "text_language" in event.payload:
        return f"{said} ({event.payload['text_language'] or _('every language')})"
    if version := event.payload.get("version"):
        return f"{said} ({_('version %(version)s') % {'version': version}})"
    return str(said)


def _changes(payload: dict[str, Any], names: Names) -> Iterable[Change]:
    if "old" in payload and "new" in payload:
        yield _change("roles", payload["old"], payload["new"], names)
    elif payload.get("roles"):
        yield _change("roles", None, payload["roles"], names)
    for field, (old, new) in payload.get("changes", {}).items():
        yield _change(field, old, new, names)
    for field in payload.get("personal", ()):
        yield Change(history_values.label(field), personal=True)


def _change(field: str, old: Any, new: Any, names: Names) -> Change:
    return Change(
        label=history_values.label(field),
        old=history_values.words(field, old, names),
        new=history_values.words(field, new, names),
    )
