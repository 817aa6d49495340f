"""The channels themselves, and making somebody who signs in a requester."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.models import Channel
from steward.channels.permissions import may_ask
from steward.channels.rules.kinds import NAMES, ChannelKind
from steward.core.prepared import Prepared
from steward.people.actions.requesters import requester_for_user
from steward.people.actor import Actor, system
from steward.people.models import Requester, User
from steward.people.permissions import require

ARRIVING = system("channels")
_OF_KIND = Prepared(lambda kind: Channel.objects.filter(kind=kind).order_by("id")[:1], kind=str)
_REQUESTER = Prepared(lambda requester_id: Requester.objects.filter(pk=requester_id), requester_id=int)


def channel_of(kind: ChannelKind) -> Channel:
    """Give the channel of a kind that this desk has of itself, made on first use."""
    channel = _OF_KIND.first(kind=kind.value)
    if channel is None:
        channel, _made = Channel.objects.get_or_create(kind=kind.value, name=NAMES[kind])
    return channel


def requester_for(*, by: Actor, at: datetime) -> Requester:
    """Give the requester a signed-in person is; an agent becomes one on asking for the first time."""
    require(may_ask(by), _("Sign in to ask for help."))
    found = _REQUESTER.first(requester_id=by.requester_id) if by.requester_id else None
    if found is not None:
        return found
    with transaction.atomic():
        return requester_for_user(User.objects.get(pk=by.user_id), by=ARRIVING, at=at)
