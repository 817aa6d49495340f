"""Which adapter carries which kind of channel: adding one is a folder and a line here."""

from steward.channels.contract import Account, Carrier, Listener, TypesAlong
from steward.channels.email.carrier import Email
from steward.channels.lark.carrier import Lark
from steward.channels.matrix.carrier import Matrix
from steward.channels.models import Channel
from steward.channels.rules.kinds import ChannelKind
from steward.channels.slack.carrier import Slack
from steward.core.errors import NotFound

_CARRIERS: dict[ChannelKind, Carrier] = {
    ChannelKind.MATRIX: Matrix(),
    ChannelKind.LARK: Lark(),
    ChannelKind.EMAIL: Email(),
    ChannelKind.SLACK: Slack(),
}


def carrier_for(kind: str) -> Carrier:
    """Give the adapter of a kind that is carried elsewhere; raises `NotFound` for the desk's own pages."""
    try:
        return _CARRIERS[ChannelKind(kind)]
    except (KeyError, ValueError) as error:
        raise NotFound("There is no such kind of channel.") from error


def carried_kinds() -> list[ChannelKind]:
    """Give the kinds an admin can set up."""
    return list(_CARRIERS)


def account_of(channel: Channel) -> Account:
    """Give a channel as its adapter sees it."""
    return Account(
        channel_id=channel.pk,
        kind=ChannelKind(channel.kind),
        name=channel.name,
        settings=channel.settings,
        secrets=channel.secrets,
    )


def listener_for(channel: Channel) -> Listener | None:
    """Give the adapter of a channel that is to be listened on; none where the vendor calls this desk."""
    carrier = _CARRIERS.get(ChannelKind(channel.kind))
    return carrier if isinstance(carrier, Listener) and carrier.listens(account_of(channel)) else None


def types_along(kind: str) -> TypesAlong | None:
    """Give the adapter of a kind whose vendor shows that somebody writes; none for the others."""
    carrier = _CARRIERS.get(ChannelKind(kind))
    return carrier if isinstance(carrier, TypesAlong) else None


def listened_kinds() -> list[ChannelKind]:
    """Give the kinds whose adapters can listen by themselves."""
    return [kind for kind, carrier in _CARRIERS.items() if isinstance(carrier, Listener)]
