"""`steward channel`: setting up the ways in and out that are carried elsewhere, and having what failed tried again."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steward.core import clock
from steward.core.errors import Invalid, NotFound

if TYPE_CHECKING:
    from steward.channels.models import Channel
    from steward.people.actor import Actor

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def add(
    kind: Annotated[str, typer.Argument(help="Such as matrix.")],
    name: Annotated[str, typer.Argument(help="What it is called on this desk.")],
    settings: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE; may be given more than once.")] = None,
    as_json: _JSON = False,
) -> None:
    """Set a channel up. Its secrets are read from standard input, a line KEY=VALUE each, so that no shell keeps them."""
    from steward.channels.actions.accounts import create_channel  # noqa: PLC0415 -- slow import

    secrets = _pairs(sys.stdin.read().splitlines() if not sys.stdin.isatty() else [])
    made = create_channel(kind=kind, name=name, settings=_pairs(settings), secrets=secrets, by=_admin(), at=clock.now())
    said = "People write to" if _takes_letters(made) else "The vendor calls"
    _say({"channel": made.pk, "address": _address(made)}, f"Channel {made.pk} is set up. {said} {_address(made)}", as_json)


def change(
    channel: Annotated[int, typer.Argument(help="The channel's number.")],
    settings: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE; may be given more than once.")] = None,
    active: Annotated[bool | None, typer.Option("--on/--off", help="Switch it on or off.")] = None,
    as_json: _JSON = False,
) -> None:
    """Set a channel up otherwise; what is not given stays."""
    from steward.channels.actions.accounts import change_channel  # noqa: PLC0415 -- slow import

    change_channel(channel_id=channel, settings=_pairs(settings), is_active=active, by=_admin(), at=clock.now())
    _say({"channel": channel}, f"Channel {channel} is changed.", as_json)


def show(as_json: _JSON = False) -> None:
    """List the channels, how they fare, what waits and what is parked."""
    from steward.channels.queries.accounts import carried, failed_on, ignored_on, parked_on, standing_of  # noqa: PLC0415 -- slow import

    told: list[dict[str, Any]] = []
    for channel in carried():
        standing = standing_of(channel)
        ill = standing.health.problem if standing.health is not None and standing.health.failing_since else ""
        told.append(
            {
                "channel": channel.pk,
                "kind": channel.kind,
                "name": channel.name,
                "active": channel.is_active,
                "address": _address(channel),
                "failing": ill,
                "waiting": standing.waiting,
                "queued": standing.queued,
                "ignored": ignored_on(channel.pk),
                "parked": [{"envelope": one.pk, "why": one.problem} for one in parked_on(channel.pk)],
                "failed": [{"message": one.message_id, "why": one.problem} for one in failed_on(channel.pk)],
            }
        )
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        state = f"failing: {one['failing']}" if one["failing"] else "well" if one["active"] else "off"
        typer.echo(f"{one['channel']}  {one['kind']}  {one['name']}  {state}  {one['address']}")
        typer.echo(f"   waiting {one['waiting']}, on the way out {one['queued']}")
        if one["ignored"]:
            typer.echo(f"   ignored {', '.join(f'{why}: {count}' for why, count in one['ignored'].items())}")
        for key in ("parked", "failed"):
            for row in one[key]:
                typer.echo(f"   {key}: {row}")
    if not told:
        typer.echo("No channel is carried elsewhere. `steward channel add --help` says how to set one up.")


def check(channel: Annotated[int, typer.Argument(help="The channel's number.")]) -> None:
    """Ask the vendor whether it knows this desk."""
    from steward.channels.adapters import account_of, carrier_for  # noqa: PLC0415 -- slow import

    found = _channel(channel)
    wrong = carrier_for(found.kind).check(account_of(found))
    typer.echo(wrong or "The vendor answers as it should.")
    if wrong:
        raise typer.Exit(1)


def link(
    channel: Annotated[int, typer.Argument(help="The channel's number.")],
    vendor_id: Annotated[str, typer.Argument(help="Who, as the vendor knows them, such as @ada:chat.example.")],
    email: Annotated[str, typer.Argument(help="Whose account on this desk it is.")],
) -> None:
    """Say which user somebody on a channel is: from then on they may work in its triage room."""
    from steward.channels.actions.accounts import link_vendor_id  # noqa: PLC0415 -- slow import
    from steward.people.models import User  # noqa: PLC0415 -- slow import
    from steward.people.rules import normalize_email  # noqa: PLC0415 -- slow import

    user = User.objects.active().filter(email=normalize_email(email)).first()
    if user is None:
        raise NotFound(f"Nobody signs in with {email}.", hint="Give the address of an active user.")
    link_vendor_id(channel_id=_channel(channel).pk, vendor_id=vendor_id, user_id=user.pk, by=_admin(), at=clock.now())
    typer.echo(f"{vendor_id} is {user.name}.")


def retry(channel: Annotated[int, typer.Argument(help="The channel's number.")], as_json: _JSON = False) -> None:
    """Try again what was parked on the way in, and what failed on the way out."""
    from steward.channels.actions.hearing import retry_envelope  # noqa: PLC0415 -- slow import
    from steward.channels.actions.resending import retry_failed  # noqa: PLC0415 -- slow import
    from steward.channels.queries.accounts import parked_on  # noqa: PLC0415 -- slow import

    at, parked = clock.now(), parked_on(_channel(channel).pk, most=10_000)
    for envelope in parked:
        retry_envelope(envelope_id=envelope.pk, by=_admin(), at=at)
    sent = retry_failed(channel_id=channel, by=_admin(), at=at)
    _say({"parked": len(parked), "failed": sent}, f"Tried again: {len(parked)} that came in, {sent} on the way out.", as_json)


def _admin() -> "Actor":
    from steward.people.actor import system  # noqa: PLC0415 -- slow import

    return system("steward channel")


def _channel(channel_id: int) -> "Channel":
    from steward.channels.queries.accounts import carried  # noqa: PLC0415 -- slow import

    found = carried().filter(pk=channel_id).first()
    if found is None:
        raise NotFound(f"There is no channel {channel_id}.", hint="`steward channel list` names them.")
    return found


def _takes_letters(channel: "Channel") -> bool:
    from steward.channels.adapters import carrier_for  # noqa: PLC0415 -- slow import

    return carrier_for(channel.kind).traits.letters


def _address(channel: "Channel") -> str:
    if _takes_letters(channel):
        return str(channel.settings.get("address", ""))
    from django.conf import settings  # noqa: PLC0415 -- app ready

    return f"{str(settings.BASE_URL).rstrip('/')}/channels/{channel.kind}/{channel.pk}"


def _pairs(lines: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in lines or []:
        key, equals, value = line.strip().partition("=")
        if not line.strip():
            continue
        if not equals or not key.isidentifier():
            raise Invalid("A setting is written KEY=VALUE.", field="set", hint="Such as --set server_name=chat.example.")
        pairs[key] = value
    return pairs


def _say(told: dict[str, object], words: str, as_json: bool) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else words)
