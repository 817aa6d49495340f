"""How long a reply is held before it is said, and when somebody's morning begins."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# A talk that goes to and fro is not slowed down; what cannot be taken back once it is out waits a little.
USUAL_HOLD = {"email": 10, "portal": 5, "chat": 0, "widget": 0, "im": 0}
OTHER_HOLD = 5
LONGEST_HOLD = 120
FURTHEST = timedelta(days=90)
MORNING = time(9)


def usual_hold(channel: str) -> int:
    """Give the seconds for which replies on a channel are held where nobody chose otherwise."""
    return USUAL_HOLD.get(channel, OTHER_HOLD)


def next_morning(at: datetime, zone: str, *, weekdays_only: bool = False) -> datetime:
    """Give the next nine o'clock in a zone, strictly after `at`; on a weekday only, when asked for."""
    there = at.astimezone(ZoneInfo(zone))
    day = there.date()
    while True:
        morning = datetime.combine(day, MORNING, ZoneInfo(zone))
        if morning > there and not (weekdays_only and day.weekday() >= 5):  # noqa: PLR2004 -- Saturday
            return morning
        day += timedelta(days=1)
