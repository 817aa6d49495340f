"""Who reads a list: what they see, and how they read names and days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from steward.desk.queries.access import QueueInSight


@dataclass(frozen=True)
class Reader:
    """The one for whom a filter is read."""

    queues: tuple[QueueInSight, ...]
    user_id: int | None
    zone: ZoneInfo
    at: datetime

    @property
    def queue_ids(self) -> list[int]:
        """Give the ids of the queues they see."""
        return [queue.pk for queue in self.queues]


def reader(queues: Sequence[QueueInSight], *, user_id: int | None, zone: str | ZoneInfo = "UTC", at: datetime) -> Reader:
    """Make a reader out of the queues somebody sees."""
    return Reader(tuple(queues), user_id, zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone), at)
