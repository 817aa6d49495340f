"""Noting how a channel fares."""

from datetime import datetime, timedelta

from django.db import connection

from steward.channels.models import ChannelHealth
from steward.channels.rules.pace import wait_after

LONGEST = 500
# Noted at most so often: a busy channel must not write one row for every message it hears.
_EVERY = timedelta(seconds=5)

_HEARD = """
INSERT INTO channels_channelhealth (channel_id, heard_at, failures, problem, cursor) VALUES (%s, %s, 0, '', '')
ON CONFLICT (channel_id) DO UPDATE SET heard_at = excluded.heard_at
 WHERE channels_channelhealth.heard_at IS NULL OR channels_channelhealth.heard_at < %s
"""
_WELL = """
INSERT INTO channels_channelhealth (channel_id, sent_at, failures, problem, cursor) VALUES (%s, %s, 0, '', '')
ON CONFLICT (channel_id) DO UPDATE
   SET sent_at = excluded.sent_at, failures = 0, failing_since = NULL, problem = '', paused_until = NULL
 WHERE channels_channelhealth.sent_at IS NULL OR channels_channelhealth.sent_at < %s OR channels_channelhealth.failures > 0
"""
_AGAIN = """
UPDATE channels_channelhealth SET failures = 0, failing_since = NULL, problem = '', paused_until = NULL WHERE channel_id = %s
"""
_LISTENED = """
INSERT INTO channels_channelhealth (channel_id, listened_at, failures, problem, cursor) VALUES (%s, %s, 0, '', '')
ON CONFLICT (channel_id) DO UPDATE SET listened_at = excluded.listened_at
"""
_ILL = """
INSERT INTO channels_channelhealth (channel_id, failing_since, failures, problem, paused_until, cursor)
VALUES (%(channel)s, %(at)s, 1, %(problem)s, %(until)s, '')
ON CONFLICT (channel_id) DO UPDATE
   SET failing_since = coalesce(channels_channelhealth.failing_since, excluded.failing_since),
       failures = channels_channelhealth.failures + 1, problem = excluded.problem, paused_until = excluded.paused_until
"""


def note_heard(*, channel_id: int, at: datetime) -> None:
    """Note that the vendor brought something."""
    _run(_HEARD, [channel_id, at, at - _EVERY])


def note_well(*, channel_id: int, at: datetime) -> None:
    """Note that the vendor took something: what failed before is over."""
    _run(_WELL, [channel_id, at, at - _EVERY])


def note_answers(*, channel_id: int) -> None:
    """Note that the vendor answers again, without having taken anything."""
    _run(_AGAIN, [channel_id])


def note_listening(*, channel_id: int, at: datetime) -> None:
    """Note that a process listens on a channel, so that the operator sees when none does any more."""
    _run(_LISTENED, [channel_id, at])


def note_ill(*, channel_id: int, problem: str, seconds: float | None, at: datetime) -> datetime:
    """Note that the vendor did not take or give something; give until when the channel is left alone, longer each time."""
    before = ChannelHealth.objects.filter(channel_id=channel_id).values_list("failures", flat=True).first() or 0
    until = at + wait_after(before + 1, asked=seconds)
    _run(_ILL, {"channel": channel_id, "at": at, "problem": problem[:LONGEST], "until": until})
    return until


def _run(statement: str, values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]
