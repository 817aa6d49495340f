"""When to try again, and how fast to speak."""

from datetime import datetime, timedelta

# An hour of outage is bridged in seconds to minutes; a vendor that is gone for two days needs a person.
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
MOST_ATTEMPTS = 200


def wait_after(attempts: int, *, asked: float | None = None) -> timedelta:
    """Say how long to wait after so many failed attempts; never less than the vendor `asked` for, in seconds."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10)
    return max(min(doubled, LONGEST_WAIT), timedelta(seconds=min(asked or 0, 3600)))


def free_at(newest: datetime | None, *, per_second: float, at: datetime) -> datetime:
    """Say from when the next one may be sent after the newest, at so many a second."""
    if newest is None:
        return at
    return max(at, newest + timedelta(seconds=1 / per_second))


def quiet_at(first: datetime, newest: datetime, *, quiet: timedelta) -> datetime:
    """Say when somebody who writes in pieces has come to an end: a pause after the newest, three pauses after the first at most."""
    return min(newest + quiet, first + 3 * quiet)
