"""`steward worker`: outward jobs and timers, and the follower that brings the ledger to its subscribers."""

import asyncio
import logging
import threading
from typing import Annotated

import typer

from steward.cli.parents import end_with_parent

STOP_WITHIN = 8.0
HEARTBEAT, STALLED_AFTER = 5.0, 20.0

log = logging.getLogger("steward.worker")


def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs run at the same time.", min=1, max=64)] = 4,
) -> None:
    """Run jobs and follow the ledger until stopped; any number of workers may run."""
    import steward.core.upkeep  # noqa: F401, PLC0415 -- app ready: it registers its jobs
    from steward.ledger.actions.running import run_follower  # noqa: PLC0415 -- app ready

    end_with_parent()
    stop = threading.Event()
    follower = threading.Thread(target=run_follower, args=(stop,), name="follower")
    follower.start()
    try:
        asyncio.run(_work(concurrency))
    finally:
        stop.set()
        follower.join(timeout=STOP_WITHIN)
        if follower.is_alive():
            log.warning("worker.follower_is_slow")


async def _work(concurrency: int) -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415 -- app ready

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=True,
                shutdown_graceful_timeout=STOP_WITHIN,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED_AFTER,
                fetch_job_polling_interval=2.0,
            )
