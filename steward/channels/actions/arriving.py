"""Keeping what a vendor brings before it is acknowledged: once, in order, whatever it turns out to be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from steward.channels.actions.health import note_heard
from steward.channels.actions.originals import keep_original
from steward.channels.actions.writing import tell_typing
from steward.channels.adapters import account_of, carrier_for
from steward.channels.contract import Answer, Arrival, Call
from steward.channels.models import Channel
from steward.channels.rules.raw import digest_of, storable
from steward.core.deferring import defer
from steward.core.errors import NotFound

LONGEST_ID = 300
LONGEST_KEY = 300

_KEEP = """
INSERT INTO channels_inboundenvelope (channel_id, vendor_event_id, raw, received_at, problem, thread_key)
SELECT %s, n.id, n.raw, %s, '', n.key FROM unnest(%s::text[], %s::jsonb[], %s::text[]) WITH ORDINALITY AS n (id, raw, key, place)
 ORDER BY n.place
ON CONFLICT (channel_id, vendor_event_id) DO NOTHING
"""


def receive(*, channel_id: int, kind: str, call: Call, at: datetime) -> Answer:
    """Take a vendor's request: verified, everything in it kept, and only then answered.

    Raises `Forged` for what is not the vendor's, and `NotFound` for no such channel. One that is switched off keeps
    what comes, so that nothing is lost, and takes it in once it is on again.
    """
    channel = Channel.objects.filter(pk=channel_id, kind=kind).first()
    if channel is None:
        raise NotFound(_("There is no such channel."))
    answer = carrier_for(kind).answer(account_of(channel), call)
    keep(channel_id=channel.pk, arrivals=answer.arrivals, at=at)
    if answer.typing and channel.is_active:
        tell_typing(channel_id=channel.pk, typing=answer.typing)
    return answer


def keep(*, channel_id: int, arrivals: Sequence[Arrival], at: datetime) -> int:
    """Keep what arrived, each once, and have it taken in; give how many were new."""
    if not arrivals:
        return 0
    # A file is on the disk before the row that names it is written.
    raws = [_raw(arrival) for arrival in arrivals]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP,
                [
                    channel_id,
                    at,
                    [_name(arrival, raw) for arrival, raw in zip(arrivals, raws, strict=True)],
                    [Jsonb(raw) for raw in raws],
                    [arrival.thread_key.replace("\x00", "")[:LONGEST_KEY] for arrival in arrivals],
                ],
            )
            new = int(cursor.rowcount)
        if new:
            note_heard(channel_id=channel_id, at=at)
            wake(channel_id)
        return new


def _raw(arrival: Arrival) -> Any:
    kept = storable(arrival.raw)
    return {**kept, "original": keep_original(arrival.original)} if arrival.original else kept


def _name(arrival: Arrival, raw: Any) -> str:
    short = arrival.event_id.replace("\x00", "")
    if arrival.original:
        # By its hash first: the same letter under the same id is the same one, and its file is found by it.
        return f"{raw['original']['sha256']}:{short}"[:LONGEST_ID]
    # An id too long to be kept, or none, is named by what it holds.
    return short if 0 < len(short) <= LONGEST_ID else f"digest:{digest_of(raw)}"


def wake(channel_id: int, *, at: datetime | None = None) -> None:
    """Have what waits on a channel taken in: one job at a time, so that its order holds."""
    name = f"hear:{channel_id}"
    if at is None:
        defer("channels.hear", once_by=name, lock=name, channel_id=channel_id)
    else:
        # A job that waits for its time holds back all that share its lock: what waits has none, and wakes the one that does.
        defer("channels.wake", once_by=f"{name}:{int(at.timestamp())}", schedule_at=at, channel_id=channel_id, sends=False)
