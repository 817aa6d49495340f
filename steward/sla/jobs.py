"""The periodic job of the clocks."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from steward.core import clock
from steward.sla.actions.sweeping import sweep


# Cron with the seconds in the sixth place: every ten seconds. A waiting sweep is never queued twice.
@app.periodic(cron="* * * * * */10")
@app.task(
    name="sla.sweep",
    queueing_lock="sla.sweep",
    retry=RetryStrategy(max_attempts=3, wait=1),
    pass_context=False,
)
def sweep_clocks(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate passes the instant it was planned for
    """Warn of promises about to be broken and mark those that are."""
    sweep(at=clock.now())
