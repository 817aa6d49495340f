"""In the worker's process too a job exists if, and only if, the rows around it do: the follower defers there."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.core.deferring import defer

pytestmark = pytest.mark.crash


def beside_a_worker(work: Callable[[], None]) -> None:
    """Do something in a thread while the worker's connector is in place, as `steward worker` has its follower do."""

    def followed() -> None:
        try:
            work()
        finally:
            connection.close()

    async def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):
            async with app.open_async():
                await asyncio.to_thread(followed)

    runner = threading.Thread(target=lambda: asyncio.run(run()))
    runner.start()
    runner.join(60)
    assert not runner.is_alive()


def test_what_a_follower_rolls_back_leaves_no_job(fresh_database: str) -> None:
    def broken_off() -> None:
        with transaction.atomic():
            defer("desk.fold_counts", timestamp=1)
            transaction.set_rollback(True)

    beside_a_worker(broken_off)
    assert list(ProcrastinateJob.objects.values_list("task_name", flat=True)) == []


def test_what_a_follower_commits_leaves_one_job(fresh_database: str) -> None:
    def kept() -> None:
        with transaction.atomic():
            defer("desk.fold_counts", timestamp=1)

    beside_a_worker(kept)
    assert list(ProcrastinateJob.objects.values_list("task_name", flat=True)) == ["desk.fold_counts"]
