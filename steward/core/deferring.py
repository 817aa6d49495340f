"""Deferring work by name: an action never imports the job that carries out its outward effect."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue


def defer(name: str, *, once_by: str | None = None, lock: str | None = None, **args: JSONValue) -> bool:
    """Queue a job in the running transaction: it exists if, and only if, the rows around it do.

    `once_by` lets one job of that name wait at a time; False says that one waits already.
    `lock` runs jobs that share it one after the other.
    """
    # A duplicate `once_by` is a failed INSERT: without a savepoint it would take the caller's transaction with it.
    try:
        with transaction.atomic():
            app.configure_task(name, queueing_lock=once_by, lock=lock).defer(**args)
    except AlreadyEnqueued:
        return False
    return True
