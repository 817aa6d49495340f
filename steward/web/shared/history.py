"""What was changed in something that is set up, by whom and when: its stream of the ledger, told in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.ledger.models import Event
from steward.people.models import User
from steward.web.shared import history_values
from steward.web.shared.history_values import Names, Told

MOST = 50
NOT_SHOWN = (
    "people.notice_given",
    "people.notices_read",
    "people.notice_preference_changed",
    "roster.break_started",
    "roster.break_ended",
    # Whose rail a view stands in is each person's own affair.
    "desk.view_pinned",
    "desk.view_unpinned",
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
    "channels.webhook_created": gettext_lazy("Set up"),
    "channels.webhook_changed": gettext_lazy("Changed"),
    "channels.webhook_secret_issued": gettext_lazy("New secret"),
    "channels.webhook_given_up": gettext_lazy("Switched off after failing for days"),
    "channels.webhook_replayed": gettext_lazy("Sent again"),
    "channels.widget_secret_issued": gettext_lazy("New secret"),
    "channels.widget_secret_revoked": gettext_lazy("An old secret is believed no longer"),
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
    "roster.shift_added": gettext_lazy("Entered"),
    "roster.shift_cancelled": gettext_lazy("Cancelled"),
    "roster.shift_ended": gettext_lazy("Ended by its worker"),
    "roster.calendar_version_published": gettext_lazy("Hours published"),
    "sla.policy_version_published": gettext_lazy("Promises published"),
}


# What is told of the beginning of a thing whose first values are no changes.
FIRST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "roster.shift_added": ("starts_at", "ends_at", "time_zone", "team_id"),
        "roster.shift_ended": ("ends_at",),
    }
)


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


def history_of(stream: str, told: Told = history_values.TOLD) -> list[Line]:
    """Give the newest events of a stream, newest first; at most one query more for each kind of thing they name.

    `told` says values of fields in words.
    """
    events = list(Event.objects.filter(stream=stream).exclude(kind__in=NOT_SHOWN).order_by("-seq")[:MOST])
    names = history_values.names_in(event.payload for event in events)
    people = _people(events)
    return [_line(event, people, names, told) for event in events]


def _people(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.actor_id for event in events if event.actor_kind == "agent" and event.actor_id}
    return dict(User.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}


def _line(event: Event, people: dict[int, str], names: Names, told: Told) -> Line:
    return Line(
        at=event.occurred_at,
        who=_who(event, people),
        what=_what(event, names),
        changes=tuple(_changes(event, names, told)),
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


def _changes(event: Event, names: Names, told: Told) -> Iterable[Change]:
    payload = event.payload
    if "old" in payload and "new" in payload:
        yield _change("roles", payload["old"], payload["new"], names, told)
    elif payload.get("roles"):
        yield _change("roles", None, payload["roles"], names, told)
    for field in FIRST.get(event.kind, ()):
        if payload.get(field):
            yield _change(field, None, payload[field], names, told)
    for field, (old, new) in payload.get("changes", {}).items():
        yield _change(field, old, new, names, told)
    for field in payload.get("personal", ()):
        yield Change(history_values.label(field), personal=True)


def _change(field: str, old: Any, new: Any, names: Names, told: Told) -> Change:
    return Change(
        label=history_values.label(field),
        old=history_values.words(field, old, names, told),
        new=history_values.words(field, new, names, told),
    )
