"""One timeline for the whole desk: whatever happens, happens in the order of its instant."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from django.db import connection

from steward.desk.actions.automations.sweeping import sweep_automations
from steward.desk.actions.timing import sweep_timers
from steward.ledger.actions.following import settle
from steward.sla.actions.sweeping import sweep

# How often the worker's sweeps run while the week is played.
EVERY = timedelta(hours=1)
Step = Callable[[datetime], None]


class Timeline:
    """Steps waiting for their instant; what lies after the present never happens."""

    def __init__(self, *, now: datetime, progress: Callable[[datetime], None]) -> None:
        self.now, self.progress = now, progress
        self._steps: list[tuple[datetime, int, Step]] = []
        self._numbers = count()

    def add(self, at: datetime, step: Step) -> None:
        """Have a step happen at an instant."""
        heapq.heappush(self._steps, (at, next(self._numbers), step))

    def play(self) -> None:
        """Let everything up to the present happen, with the sweeps a worker would have run in between."""
        swept = self._steps[0][0] if self._steps else self.now
        moved = False
        while self._steps and self._steps[0][0] < self.now:
            at, _number, step = heapq.heappop(self._steps)
            while at - swept > EVERY:
                swept += EVERY
                tick(swept, settled=not moved)
                moved = False
                self.progress(swept)
            step(at)
            moved = True
        tick(self.now, settled=False)


def tick(at: datetime, *, settled: bool) -> None:
    """Do what a worker does: follow the ledger, then let what is due go off."""
    if not settled:
        settle()
    if sweep_automations(at=at):
        settle()
    if sweep_timers(at=at) + len(sweep(at=at).breached):
        settle()


def write_lazily() -> None:
    """Let commits of this session not wait for the disk: a demo desk cut short is filled again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
