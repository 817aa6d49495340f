"""Channels carried elsewhere: how each is connected, how it fares, what is stuck, and who is who there."""

from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import Field, StrictFloat, StrictInt, StrictStr

from steward.api.operations import CREATED, get, patch, post
from steward.api.shapes import Given, Id, Instant, Line, Listed, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, nothing_here, walk
from steward.api.versions import Versioned
from steward.channels.actions.accounts import change_channel, create_channel, link_person, link_vendor_id
from steward.channels.actions.hearing import drop_envelope, retry_envelope
from steward.channels.actions.resending import drop_failed, retry_failed, send_again
from steward.channels.adapters import account_of, carried_kinds, carrier_for
from steward.channels.models import Channel, ChannelPerson, InboundEnvelope
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.accounts import carried, failed_on, parked_on, standing_of
from steward.core import clock
from steward.desk.models import Message
from steward.desk.queries.access import ticket_seen_by
from steward.people.permissions import require
from steward.people.rules import Scope

router = Router(tags=["Channels"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Value = StrictStr | Yes | StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]
Settings = Annotated[dict[str, Value], Field(max_length=50)]
Secrets = Annotated[dict[str, Line], Field(max_length=20)]


class ChannelOut(Given):
    """A channel; of its secrets only the names of those that are set."""

    id: int
    kind: str
    name: str
    is_active: bool
    settings: dict[str, Any]
    secrets: list[str]


class SettingOut(Given):
    """One thing a kind of channel is asked for."""

    name: str
    label: str
    hint: str
    form: Literal["line", "address", "number", "yes", "choice"]
    choices: list[str]
    usual: str
    is_secret: bool
    is_needed: bool


class KindOut(Given):
    """A kind of channel that can be set up."""

    kind: str
    settings: list[SettingOut]


class ChannelIn(Sent):
    """What a channel is to be."""

    kind: Line
    name: Line
    settings: Settings = {}
    secrets: Secrets = {}


class ChannelChange(Sent):
    """What of a channel is to change; what is not given stays, and so does a secret that is empty."""

    name: Line = ""
    is_active: Yes = True
    settings: Settings = {}
    secrets: Secrets = {}


class StandingOut(Given):
    """How a channel fares: what waits, and since when; what is stuck; since when the vendor fails, and how."""

    waiting: int
    oldest: Instant | None
    queued: int
    parked: int
    failed: int
    heard_at: Instant | None
    sent_at: Instant | None
    listened_at: Instant | None
    failing_since: Instant | None
    problem: str


class CheckOut(Given):
    """What the vendor does not answer as it should; empty where all is well."""

    problem: str


class ParkedOut(Given):
    """What came in and could not be taken in."""

    id: int
    vendor_event_id: str
    received_at: Instant
    problem: str


class FailedOut(Given):
    """What could not be carried out; a line of the desk itself has no message."""

    id: int
    message_id: int | None
    kind: str
    created_at: Instant
    problem: str


class Count(Given):
    """How many."""

    count: int


class PersonOut(Given):
    """Somebody as a vendor knows them, and who they are on this desk."""

    id: int
    vendor_id: str
    name: str
    user_id: int | None
    requester_id: int | None


class PersonIn(Sent):
    """Somebody who may not have been heard yet, and which user they are."""

    vendor_id: Line
    user_id: Id | None = None


class PersonChange(Sent):
    """Which user somebody is, or none."""

    user_id: Id | None


def _out(channel: Channel) -> ChannelOut:
    shown = {name: getattr(channel, name) for name in ("kind", "name", "is_active", "settings")}
    return ChannelOut(id=channel.pk, secrets=sorted(channel.secrets), **shown)


def _seen(request: Asked, channel_id: int) -> ChannelOut:
    return _out(_found(request, channel_id))


def _found(request: Asked, channel_id: int) -> Channel:
    found = carried().filter(pk=channel_id).first() if may_manage_channels(request.actor) else None
    if found is None:
        raise nothing_here()
    return found


CHANNEL = Versioned("channel", Channel, "channel_id", _seen)


@get(router, "/channels", scope=READ, out=Listed[ChannelOut])
def list_channels(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[ChannelOut]:
    """List the channels that are carried elsewhere."""
    require(may_manage_channels(request.actor))
    return walk(carried(), cursor=cursor, limit=limit, show=_out)


@get(router, "/channel-kinds", scope=READ, out=list[KindOut])
def list_channel_kinds(request: Asked) -> list[KindOut]:
    """List the kinds of channels that can be set up, and what each is asked for."""
    require(may_manage_channels(request.actor))
    return [KindOut(kind=kind.value, settings=_asked_of(kind.value)) for kind in carried_kinds()]


@get(router, "/channels/{int:channel_id}", scope=READ, out=ChannelOut, versioned=CHANNEL)
def get_channel(request: Asked, channel_id: PathId) -> ChannelOut:
    """Give a channel."""
    return _seen(request, channel_id)


@post(router, "/channels", scope=WRITE, out=ChannelOut, status=CREATED)
def make_channel(request: Asked, body: ChannelIn) -> ChannelOut:
    """Set a channel up; it takes in what comes from now on."""
    made = create_channel(
        kind=body.kind, name=body.name, settings=body.settings, secrets=body.secrets, by=request.actor, at=clock.now()
    )
    return _out(made)


@patch(router, "/channels/{int:channel_id}", scope=WRITE, out=ChannelOut, versioned=CHANNEL)
def update_channel(request: Asked, channel_id: PathId, body: ChannelChange) -> ChannelOut:
    """Change a channel, or switch it off or on; what comes while it is off is kept until it is on again."""
    _found(request, channel_id)
    return _out(change_channel(channel_id=channel_id, **body.given(), by=request.actor, at=clock.now()))


@get(router, "/channels/{int:channel_id}/standing", scope=READ, out=StandingOut)
def get_standing(request: Asked, channel_id: PathId) -> StandingOut:
    """Say how a channel fares."""
    standing = standing_of(_found(request, channel_id))
    health = {name: getattr(standing.health, name, None) for name in ("heard_at", "sent_at", "listened_at", "failing_since")}
    counts = {name: getattr(standing, name) for name in ("waiting", "oldest", "queued", "parked", "failed")}
    return StandingOut(**counts, **health, problem=standing.health.problem if standing.health else "")


@post(router, "/channels/{int:channel_id}/check", scope=WRITE, out=CheckOut)
def check_channel(request: Asked, channel_id: PathId) -> CheckOut:
    """Ask the vendor whether it knows this desk."""
    found = _found(request, channel_id)
    return CheckOut(problem=carrier_for(found.kind).check(account_of(found)))


@get(router, "/channels/{int:channel_id}/parked", scope=READ, out=list[ParkedOut])
def list_parked(request: Asked, channel_id: PathId) -> list[ParkedOut]:
    """List the newest of what came in and could not be taken in."""
    return [ParkedOut.model_validate(one) for one in parked_on(_found(request, channel_id).pk, most=MOST_ROWS)]


@post(router, "/channels/{int:channel_id}/parked/{int:envelope_id}/retry", scope=WRITE, out=ParkedOut)
def retry_parked(request: Asked, channel_id: PathId, envelope_id: PathId) -> ParkedOut:
    """Take in once more what was parked."""
    _envelope(request, channel_id, envelope_id)
    retry_envelope(envelope_id=envelope_id, by=request.actor, at=clock.now())
    return ParkedOut.model_validate(_envelope(request, channel_id, envelope_id))


@post(router, "/channels/{int:channel_id}/parked/{int:envelope_id}/drop", scope=WRITE, out=ParkedOut)
def drop_parked(request: Asked, channel_id: PathId, envelope_id: PathId) -> ParkedOut:
    """Let go of what was parked; what it held is not kept."""
    _envelope(request, channel_id, envelope_id)
    drop_envelope(envelope_id=envelope_id, by=request.actor, at=clock.now())
    return ParkedOut.model_validate(_envelope(request, channel_id, envelope_id))


@get(router, "/channels/{int:channel_id}/failed", scope=READ, out=list[FailedOut])
def list_failed(request: Asked, channel_id: PathId) -> list[FailedOut]:
    """List the newest of what could not be carried out."""
    return [FailedOut.model_validate(one) for one in failed_on(_found(request, channel_id).pk, most=MOST_ROWS)]


@post(router, "/channels/{int:channel_id}/failed/retry", scope=WRITE, out=Count)
def retry_all_failed(request: Asked, channel_id: PathId) -> Count:
    """Send again all that failed."""
    _found(request, channel_id)
    return Count(count=retry_failed(channel_id=channel_id, by=request.actor, at=clock.now()))


@post(router, "/channels/{int:channel_id}/failed/{int:outgoing_id}/retry", scope=WRITE, out=Count)
def retry_one_failed(request: Asked, channel_id: PathId, outgoing_id: PathId) -> Count:
    """Send one thing again that failed; none where it did not."""
    _found(request, channel_id)
    return Count(count=retry_failed(channel_id=channel_id, outgoing_id=outgoing_id, by=request.actor, at=clock.now()))


@post(router, "/channels/{int:channel_id}/failed/{int:outgoing_id}/drop", scope=WRITE, out=Count)
def drop_one_failed(request: Asked, channel_id: PathId, outgoing_id: PathId) -> Count:
    """Let go of one thing that failed; none where it did not."""
    _found(request, channel_id)
    return Count(count=drop_failed(channel_id=channel_id, outgoing_id=outgoing_id, by=request.actor, at=clock.now()))


@get(router, "/channels/{int:channel_id}/people", scope=READ, out=Listed[PersonOut])
def list_channel_people(request: Asked, channel_id: PathId, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[PersonOut]:
    """List who was heard on a channel, and who they are on this desk."""
    rows = ChannelPerson.objects.filter(channel=_found(request, channel_id))
    return walk(rows, cursor=cursor, limit=limit, show=PersonOut.model_validate)


@post(router, "/channels/{int:channel_id}/people", scope=WRITE, out=PersonOut, status=CREATED)
def add_channel_person(request: Asked, channel_id: PathId, body: PersonIn) -> PersonOut:
    """Say which user somebody is who may not have been heard yet."""
    _found(request, channel_id)
    made = link_vendor_id(channel_id=channel_id, vendor_id=body.vendor_id, user_id=body.user_id, by=request.actor, at=clock.now())
    return PersonOut.model_validate(made)


@patch(router, "/channel-people/{int:person_id}", scope=WRITE, out=PersonOut)
def update_channel_person(request: Asked, person_id: PathId, body: PersonChange) -> PersonOut:
    """Say which user somebody heard on a channel is; none takes it back."""
    require(may_manage_channels(request.actor))
    must(ChannelPerson, person_id)
    return PersonOut.model_validate(link_person(person_id=person_id, user_id=body.user_id, by=request.actor, at=clock.now()))


@post(router, "/messages/{int:message_id}/send-again", scope=Scope.TICKETS_WRITE, out=Count)
def send_message_again(request: Asked, message_id: PathId) -> Count:
    """Have a message that did not reach its requester carried once more; give in how many parts."""
    ticket_seen_by(request.actor, must(Message, message_id).ticket_id)
    return Count(count=send_again(message_id=message_id, by=request.actor, at=clock.now()))


def _envelope(request: Asked, channel_id: int, envelope_id: int) -> InboundEnvelope:
    found = InboundEnvelope.objects.filter(channel=_found(request, channel_id), pk=envelope_id).first()
    if found is None:
        raise nothing_here()
    return found


def _asked_of(kind: str) -> list[SettingOut]:
    return [
        SettingOut(
            name=one.name,
            label=str(one.label),
            hint=str(one.hint),
            form=one.form,
            choices=[key for key, _label in one.choices],
            usual=str(one.usual),
            is_secret=one.is_secret,
            is_needed=one.is_needed,
        )
        for one in carrier_for(kind).asked
    ]
