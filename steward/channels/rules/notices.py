"""When somebody who is not looking is told by mail that an answer waits."""

from datetime import datetime, timedelta

PATIENCE = timedelta(minutes=5)
# Somebody who did not come back is not mailed for every further sentence, but not forgotten either.
QUIET_FOR = timedelta(hours=4)
# What was unread for so long was found out about otherwise, or is of no use to anybody.
TOO_LATE = timedelta(days=2)
LONG_AGO = timedelta(hours=1)


def mail_is_due(
    *,
    waiting_since: datetime,
    mailed_at: datetime | None,
    here_at: datetime | None,
    at: datetime,
) -> bool:
    """Tell whether a requester is mailed about unread messages: one mail for each burst of a conversation.

    `waiting_since` is when the oldest message they were not mailed about could be read, `here_at` when they
    last looked or wrote. A burst ends when they were here, or after some hours of silence.
    """
    if not PATIENCE <= at - waiting_since <= TOO_LATE:
        return False
    if mailed_at is None or (here_at is not None and here_at > mailed_at):
        return True
    return at - mailed_at >= QUIET_FOR


def is_of_the_past(*, occurred_at: datetime, recorded_at: datetime) -> bool:
    """Tell whether something was recorded long after it happened, as an import does: its reader has had it elsewhere."""
    return recorded_at - occurred_at > LONG_AGO
