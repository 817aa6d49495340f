"""Making good what an outage, a crash or a lost job left undone on channels."""

from datetime import datetime

from django.db import transaction

from steward.channels.actions import arriving, outbox
from steward.channels.actions.health import note_answers, note_ill
from steward.channels.adapters import account_of, carrier_for
from steward.channels.contract import Later, Refused
from steward.channels.models import Channel, ChannelHealth
from steward.channels.queries.accounts import carried
from steward.channels.queries.in_line import channels_in_line
from steward.channels.queries.outgoing import channels_in_line as channels_to_send
from steward.core.deferring import defer


def wake(*, channel_id: int, sends: bool) -> None:
    """Have a channel that waited for its time go on: sending, or taking in."""
    if sends:
        outbox.wake(channel_id)
        return
    with transaction.atomic():
        arriving.wake(channel_id)


def stir(*, at: datetime) -> None:
    """Have a job for every channel on which something waits, and one that asks the vendor for what it did not bring."""
    with transaction.atomic():
        for channel_id in channels_in_line(at=at):
            arriving.wake(channel_id)
    for channel_id in channels_to_send():
        outbox.wake(channel_id)
    for channel in carried().filter(is_active=True):
        with transaction.atomic():
            defer("channels.catch_up", once_by=f"catch_up:{channel.pk}", lock=f"catch_up:{channel.pk}", channel_id=channel.pk)


def catch_up(*, channel_id: int, at: datetime) -> int:
    """Ask a vendor for what happened since it was asked last; give how much was new. What was brought meanwhile is no news."""
    channel = Channel.objects.get(pk=channel_id)
    health, _made = ChannelHealth.objects.get_or_create(channel=channel)
    if not channel.is_active or (health.paused_until is not None and health.paused_until > at):
        return 0
    try:
        arrivals, cursor = carrier_for(channel.kind).catch_up(account_of(channel), health.cursor)
    except (Later, Refused) as error:
        note_ill(channel_id=channel_id, problem=str(error), seconds=getattr(error, "seconds", None), at=at)
        return 0
    new = arriving.keep(channel_id=channel_id, arrivals=arrivals, at=at)
    if cursor != health.cursor:
        ChannelHealth.objects.filter(pk=health.pk).update(cursor=cursor)
    if health.failures:
        note_answers(channel_id=channel_id)
    return new
