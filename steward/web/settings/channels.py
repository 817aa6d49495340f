"""The channels carried elsewhere: how each is connected, how it fares, what is stuck, and who is who there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.channels.actions.accounts import change_channel, create_channel, link_person
from steward.channels.adapters import account_of, carried_kinds, carrier_for, listener_for
from steward.channels.models import Channel
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.accounts import Standing, carried, failed_on, parked_on, people_of, standing_of
from steward.channels.rules.asked import Setting, split
from steward.core import clock
from steward.core.errors import Conflict, NotFound
from steward.people.queries.people import users_with_capability
from steward.people.rules import Capability
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, number, optional_number, text

# A process that listens says so every twenty seconds.
DEAF_AFTER = timedelta(seconds=90)


@dataclass(frozen=True)
class Shown:
    """A channel with how it fares, as the screens show it; `state` is well, off, failing or deaf."""

    standing: Standing
    state: str
    listens: bool
    address: str


@dataclass(frozen=True)
class Field:
    """One thing of the form: what is asked, and what stands in it; of a secret only whether there is one."""

    asked: Setting
    value: object
    is_set: bool


@require_safe
@only(may_manage_channels)
def page(request: Request) -> HttpResponse:
    at = clock.now()
    rows = [_shown(one, at) for one in carried()]
    return show(request, "settings/channels.html", "channels", {"channels": rows, "kinds": _kinds(), "at": at})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_channels)
def create(request: Request, kind: str) -> HttpResponse:
    asked = carrier_for(kind).asked
    if request.method == "POST":
        given, secrets = _given(request, asked)
        made = create_channel(
            kind=kind, name=text(request, "name"), settings=given, secrets=secrets, by=request.actor, at=clock.now()
        )
        return done(request, _("Created. Check whether the vendor knows it."), "settings:channel", made.pk)
    new = Channel(kind=kind)
    context = {"channel": new, "fields": _fields(new), "shown": None, "history": []}
    return show(request, "settings/channel.html", "channels", context)


@require_safe
@only(may_manage_channels)
def channel(request: Request, channel_id: int) -> HttpResponse:
    found, at = _found(channel_id), clock.now()
    agents = users_with_capability(Capability.WORK_TICKETS).order_by("name", "id")
    context: dict[str, Any] = {
        "channel": found,
        "fields": _fields(found),
        "shown": _shown(found, at),
        "parked": parked_on(channel_id),
        "failed": failed_on(channel_id),
        "people": people_of(channel_id),
        "agents": [(one.pk, one.name) for one in agents],
        "at": at,
        "history": history_of(f"channel:{channel_id}"),
    }
    return show(request, "settings/channel.html", "channels", context)


@require_POST
@only(may_manage_channels)
def update(request: Request, channel_id: int) -> HttpResponse:
    given, secrets = _given(request, carrier_for(_found(channel_id).kind).asked)
    change_channel(
        channel_id=channel_id, name=text(request, "name"), settings=given, secrets=secrets, by=request.actor, at=clock.now()
    )
    return done(request, _("Saved."), "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def active(request: Request, channel_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_channel(channel_id=channel_id, is_active=is_active, by=request.actor, at=clock.now())
    said = _("The channel is on again.") if is_active else _("The channel is off. What comes is kept until it is on again.")
    return done(request, said, "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def check(request: Request, channel_id: int) -> HttpResponse:
    """Ask the vendor whether it knows this desk; what is wrong is an answer like any refusal."""
    found = _found(channel_id)
    wrong = carrier_for(found.kind).check(account_of(found))
    if wrong:
        raise Conflict(wrong, hint=_("Set it right here or with the vendor, save, and check again."))
    return done(request, _("The vendor answers as it should."), "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def link(request: Request, channel_id: int) -> HttpResponse:
    """Say which agent somebody heard on a channel is, or that they are none."""
    person_id = number(request, "person")
    if person_id not in {one.pk for one in people_of(channel_id)}:
        raise NotFound(_("There is no such person."))
    link_person(person_id=person_id, user_id=optional_number(request, "user"), by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:channel", channel_id)


def _found(channel_id: int) -> Channel:
    found = carried().filter(pk=channel_id).first()
    if found is None:
        raise NotFound(_("There is no such channel."))
    return found


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, str(Channel.Kind(kind.value).label)) for kind in carried_kinds()]


def _shown(found: Channel, at: datetime) -> Shown:
    standing, listens = standing_of(found), listener_for(found) is not None
    state, health = "well", standing.health
    if not found.is_active:
        state = "off"
    elif health is not None and health.failing_since is not None:
        state = "failing"
    elif listens and (health is None or health.listened_at is None or at - health.listened_at > DEAF_AFTER):
        state = "deaf"
    # Nobody calls where letters are fetched, or brought by a pipe.
    calls = not carrier_for(found.kind).traits.letters
    address = "" if not calls else f"{str(settings.BASE_URL).rstrip('/')}/channels/{found.kind}/{found.pk}"
    return Shown(standing, state, listens, address)


def _fields(found: Channel) -> list[Field]:
    rows = []
    for one in carrier_for(found.kind).asked:
        value = "" if one.is_secret else found.settings.get(one.name, "" if found.pk else one.usual)
        rows.append(Field(one, value, bool(found.secrets.get(one.name)) if one.is_secret else value != ""))
    return rows


def _given(request: Request, asked: Sequence[Setting]) -> tuple[dict[str, object], dict[str, str]]:
    shown, hidden = split(asked)
    given: dict[str, object] = {one.name: text(request, one.name) for one in shown}
    given |= {one.name: bool(given[one.name]) for one in shown if one.form == "yes"}
    return given, {one.name: text(request, one.name) for one in hidden}
