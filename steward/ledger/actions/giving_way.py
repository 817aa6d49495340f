"""Giving way: long work lets those who follow the ledger keep up, so that what a person does meanwhile is heard at once."""

from time import monotonic, sleep

from steward.core.rows import first_row

# Subscribers hear events in order: so many of a long work's may stand before a person's.
MOST_BEFORE = 30
WAIT_SECONDS, LOOK_SECONDS = 1.0, 0.01
# With no follower running there is nobody to wait for: so long the work goes on without looking.
ALONE_SECONDS = 60.0
_BEHIND = """
SELECT p.last_value - coalesce((SELECT min(position) FROM ledger_subscription), p.last_value) FROM ledger_event_position p
"""


class Courtesy:
    """What one long work knows of its followers; `give_way` between its transactions, never inside one."""

    def __init__(self) -> None:
        self._alone_until = 0.0

    def give_way(self) -> None:
        """Wait until the slowest subscriber has heard nearly all there is, or does not come nearer."""
        started, behind = monotonic(), _behind()
        if started < self._alone_until:
            return
        first = behind
        while behind > MOST_BEFORE:
            if monotonic() - started > WAIT_SECONDS:
                if behind >= first:
                    self._alone_until = monotonic() + ALONE_SECONDS
                    return
                started, first = monotonic(), behind
            sleep(LOOK_SECONDS)
            behind = _behind()


def _behind() -> int:
    row = first_row(_BEHIND)
    return int(row[0]) if row else 0
