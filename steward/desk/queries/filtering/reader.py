"""Who reads a list: what they see, and how they read names and days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from steward.desk.queries.access import QueueInSight


@dataclass(frozen=True)
class Reader:
    """The one for whom a filter is read; `trusts_ids` takes the numbers of rows as they are, without looking them up.

    One who does not `looks_up` asks the database for no name either: for a glance at many filters, none of which is asked.
    """

    queues: tuple[QueueInSight, ...]
    user_id: int | None
    zone: ZoneInfo
    at: datetime
    trusts_ids: bool = False
    looks_up: bool = True

    @property
    def queue_ids(self) -> list[int]:
        """Give the ids of the queues they see."""
        return [queue.pk for queue in self.queues]


def reader(queues: Sequence[QueueInSight], *, user_id: int | None, zone: str | ZoneInfo = "UTC", at: datetime) -> Reader:
    """Make a reader out of the queues somebody sees."""
    return Reader(tuple(queues), user_id, zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone), at)


def trusting(who: Reader, *, looks_up: bool = True) -> Reader:
    """Give the same reader, for whom numbers of rows (and names, if so wanted) are not looked up."""
    return replace(who, trusts_ids=True, looks_up=looks_up)
