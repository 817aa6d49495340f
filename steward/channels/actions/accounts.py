"""Setting channels up: what an admin does, each with its fact, never with a secret in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.channels.actions.arriving import wake
from steward.channels.adapters import carried_kinds, carrier_for
from steward.channels.facts import Changes, ChannelChanged, ChannelCreated, ChannelPersonLinked
from steward.channels.models import Channel, ChannelPerson
from steward.channels.permissions import may_manage_channels
from steward.channels.rules.asked import Value, checked, missing, split
from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.permissions import require

LONGEST_NAME = 80


def create_channel(
    *, kind: str, name: str, settings: Mapping[str, Any], secrets: Mapping[str, str], by: Actor, at: datetime
) -> Channel:
    """Set a channel up; it takes in what comes from now on. Raises `Invalid` where something needed is missing."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    if kind not in {one.value for one in carried_kinds()}:
        raise Invalid(_("There is no such kind of channel."), field="kind")
    shown, hidden = _checked(kind, settings, secrets)
    _refuse_missing(kind, shown, hidden)
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                kind=kind,
                name=clean(name, max_length=LONGEST_NAME, field="name"),
                settings={key: value for key, value in shown.items() if value != ""},
                secrets=hidden,
            )
            told: Changes = {"kind": (None, kind), "name": (None, channel.name)}
            record(ChannelCreated(channel_id=channel.pk, changes=told), by=by, at=at)
            return channel
    except IntegrityError as error:
        raise Conflict(_("There is a channel of this name."), field="name") from error


def change_channel(
    *,
    channel_id: int,
    name: str | None = None,
    is_active: bool | None = None,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> Channel:
    """Set a channel up otherwise; what is not given stays, and an empty secret leaves the one there is.

    One that is switched on again takes in what came meanwhile.
    """
    require(may_manage_channels(by), _("Only admins set up channels."))
    try:
        with transaction.atomic():
            channel = Channel.objects.select_for_update().filter(pk=channel_id).first()
            if channel is None:
                raise NotFound(_("There is no such channel."))
            shown, new = _checked(channel.kind, settings or {}, secrets or {})
            changes = _change(channel, name=name, is_active=is_active, settings=shown)
            changed = sorted(key for key, value in new.items() if channel.secrets.get(key) != value)
            if not changes and not changed:
                return channel
            channel.secrets = {**channel.secrets, **new}
            _refuse_missing(channel.kind, channel.settings, channel.secrets)
            channel.save()
            record(ChannelChanged(channel_id=channel.pk, changes=changes, secrets=changed), by=by, at=at)
            wake(channel.pk)
            return channel
    except IntegrityError as error:
        raise Conflict(_("There is a channel of this name."), field="name") from error


def _change(channel: Channel, *, name: str | None, is_active: bool | None, settings: Mapping[str, Value]) -> Changes:
    wanted: dict[str, Any] = {
        "name": None if name is None else clean(name, max_length=LONGEST_NAME, field="name"),
        "is_active": is_active,
    }
    changes: Changes = {}
    for field, value in wanted.items():
        if value is not None and getattr(channel, field) != value:
            changes[field] = (getattr(channel, field), value)
            setattr(channel, field, value)
    for key, value in settings.items():
        if channel.settings.get(key) != value and (key in channel.settings or value != ""):
            changes[key] = (_told(channel.settings.get(key)), _told(value))
            channel.settings = {**channel.settings, key: value}
    return changes


def _told(value: object) -> str | int | bool | None:
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _checked(kind: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, str]]:
    shown, hidden = split(carrier_for(kind).asked)
    new = checked(hidden, {key: value for key, value in secrets.items() if value})
    return checked(shown, settings), {key: str(value) for key, value in new.items()}


def _refuse_missing(kind: str, settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> None:
    lacking = missing(carrier_for(kind).asked, {**settings, **secrets})
    if lacking is not None:
        raise Invalid(_("%(label)s is needed.") % {"label": lacking.label}, field=lacking.name)


def link_person(*, person_id: int, user_id: int | None, by: Actor, at: datetime) -> ChannelPerson:
    """Say which user of the desk somebody heard on a channel is: from then on they may work there; None takes it back."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    with transaction.atomic():
        person = ChannelPerson.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
        if person is None:
            raise NotFound(_("There is no such person."))
        if user_id is not None and not User.objects.active().filter(pk=user_id).exists():
            raise Invalid(_("There is no such user."), field="user_id", hint=_("Choose somebody from the list."))
        if person.user_id == user_id:
            return person
        person.user_id = user_id
        person.save(update_fields=["user_id"])
        record(ChannelPersonLinked(channel_id=person.channel_id, person_id=person.pk, user_id=user_id), by=by, at=at)
        return person


def link_vendor_id(*, channel_id: int, vendor_id: str, user_id: int | None, by: Actor, at: datetime) -> ChannelPerson:
    """Say which user somebody is who may not have been heard yet."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    vendor_id = clean(vendor_id, max_length=LONGEST_NAME * 4, field="vendor_id")
    with transaction.atomic():
        person, _made = ChannelPerson.objects.get_or_create(
            channel_id=channel_id, vendor_id=vendor_id, defaults={"name": vendor_id, "created_at": at}
        )
        return link_person(person_id=person.pk, user_id=user_id, by=by, at=at)
