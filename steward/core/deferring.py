"""Deferring work by name: an action never imports the job that carries out its outward effect."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONValue

# Always Django's own connection: a worker gives the app another connector for the whole process, and what the
# follower in it defers would otherwise be committed apart from the rows it belongs to.
_JOBS = JobManager(DjangoConnector())


def defer(
    name: str, *, once_by: str | None = None, lock: str | None = None, schedule_at: datetime | None = None, **args: JSONValue
) -> bool:
    """Queue a job in the running transaction: it exists if, and only if, the rows around it do.

    `once_by` lets one job of that name wait at a time; False says that one waits already.
    `lock` runs jobs that share it one after the other. `schedule_at` lets it wait until then.
    """

    def queue() -> bool:
        return _queue(name, once_by=once_by, lock=lock, schedule_at=schedule_at, args=args)

    if queue():
        return True
    # The one that waits may begin, see nothing of this transaction's rows, and end before they are committed:
    # once they are, one waits that will see them.
    transaction.on_commit(queue)
    return False


def _queue(
    name: str, *, once_by: str | None, lock: str | None, schedule_at: datetime | None, args: Mapping[str, JSONValue]
) -> bool:
    known = app.tasks.get(name)
    # A duplicate `once_by` is a failed INSERT: without a savepoint it would take the caller's transaction with it.
    try:
        with transaction.atomic():
            configure_task(
                name=name,
                job_manager=_JOBS,
                queue=known.queue if known else None,
                priority=known.priority if known else None,
                lock=lock or (known.lock if known else None),
                schedule_at=schedule_at,
                queueing_lock=once_by or (known.queueing_lock if known else None),
            ).defer(**args)
    except AlreadyEnqueued:
        return False
    return True
